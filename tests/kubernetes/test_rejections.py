"""What podlint says of the API server is what its own code does, over all fixtures and pages."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tests.kubernetes.cases import Case, cases
from tests.kubernetes.client import Judge
from tests.kubernetes.completion import api_objects

WORDS = {
    "duplicate-container-name": r"\.name: Duplicate value",
    "malformed-pod": r"cannot unmarshal|unknown field",
    "prestop-exceeds-grace": r"preStop\.sleep: Invalid value",
    "undeclared-volume": r"volumeMounts\[[0-9]+\]\.name: Not found",
}
"""For each rule that says by default that the API server rejects something, how that words the same."""

NOT_TAKEN = {
    "fixtures/undeclared-volume/good-cut-from-a-live-pod.yaml:1": "the token's volume was cut off",
    "fixtures/undeclared-volume/good-placeholder.yaml:1": "the names of volumes are yet to be filled in",
    "fixtures/undeclared-volume/good-filled-in-later.yaml:1": "the image is yet to be filled in",
    "fixtures/malformed-pod/good-placeholder-in-capitals.yaml:1": "the port is yet to be filled in",
    "fixtures/malformed-pod/good-placeholder-word.yaml:1": "the port is yet to be filled in",
    "fixtures/missing-config-key/good-placeholders.yaml:15": "the key is yet to be filled in",
    "fixtures/prestop-exceeds-grace/good-placeholder.yaml:1": "the period is yet to be filled in",
    "fixtures/unmeasurable-hpa/good-placeholder.yaml:1": "the resources are yet to be filled in",
    # kubectl refuses fields that do not exist; the API server drops them where it is not asked to be strict.
    "fixtures/malformed-pod/bad-misplaced-fields.yaml:1": "fields that do not exist there",
    "fixtures/malformed-pod/bad-misspelt-fields.yaml:1": "fields that do not exist",
    "fixtures/malformed-pod/bad-volume-without-source.yaml:1": "fields that do not exist",
}
"""The fixtures that the API server does not take as they stand although podlint does not say so, and why."""

# What a controller of another kind adds to its pods, or reads before it makes them.
_OF_THE_CONTROLLER = re.compile(r"volumeMounts\[[0-9]+\]\.name: Not found|strict decoding error")


def complaints(judge: Judge, case: Case) -> Iterator[tuple[str, bool]]:
    """Why the API server rejects objects of a document, and whether a controller would see to that."""
    for document in judge.objects(case.text):
        for api_object in api_objects(document):
            for complaint in judge.complaints(api_object.value):
                yield complaint, api_object.foreign and bool(_OF_THE_CONTROLLER.search(complaint))


def test_what_podlint_says_is_rejected_is(judge: Judge) -> None:
    told = set()
    wrong = []
    for case in cases():
        for finding in case.rejections:
            told.add(finding.rule)
            said = [complaint for complaint, _ in complaints(judge, case)]
            if not any(re.search(WORDS[finding.rule], complaint) for complaint in said):
                wrong.append((case.name, finding.message, said))
    assert wrong == []
    assert told == set(WORDS)


def test_what_is_rejected_podlint_says_is(judge: Judge) -> None:
    rejected = {
        case.name: said
        for case in cases()
        if case.complete and not case.rejections
        if (said := [complaint for complaint, is_settled in complaints(judge, case) if not is_settled])
    }
    assert {name: said for name, said in rejected.items() if name not in NOT_TAKEN} == {}
    assert set(rejected) == set(NOT_TAKEN)


def test_no_rule_has_a_rejected_pod_among_its_good_ones() -> None:
    assert [case.name for case in cases() if case.good and case.complete and case.rejections] == []
