"""A List of a cluster in each form that kubectl prints: the same findings, at the same characters."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml

from podlint import lint_text
from podlint.findings import Finding

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures"
ITEMS = [
    item
    for directory in ("seed", "rotator-race", "read-before-created")
    for path in sorted((FIXTURES / directory).glob("*.yaml"))
    for item in yaml.safe_load_all(path.read_text(encoding="utf-8"))
    if item and item["kind"] != "List"
]
ITEMS = json.loads(json.dumps(ITEMS))  # Without what would be written as aliases.
LIST = {"apiVersion": "v1", "items": ITEMS, "kind": "List", "metadata": {"resourceVersion": ""}}
FORMS = {
    "pretty": json.dumps(LIST, indent=4, ensure_ascii=False),
    "one line": json.dumps(LIST, ensure_ascii=False),
    "yaml": yaml.safe_dump(LIST, allow_unicode=True, width=10_000),
    "documents": yaml.safe_dump_all(ITEMS, allow_unicode=True, width=10_000),
}


def what(finding: Finding) -> tuple[str, ...]:
    """What a finding is about in any form; of equal objects there may be several."""
    return (finding.rule, finding.pod, finding.container, finding.object_path, finding.statement)


@pytest.mark.parametrize("form", FORMS)
def test_findings_are_those_of_the_documents(form: str) -> None:
    found = sorted(what(one) for one in lint_text(FORMS[form], "list").findings)
    assert found == sorted(what(one) for one in lint_text(FORMS["documents"], "list").findings)
    assert len(found) > 20


@pytest.mark.parametrize("form", FORMS)
def test_lines_and_columns_lead_to_the_characters(form: str) -> None:
    text = FORMS[form]
    lines = text.split("\n")
    for finding in lint_text(text, "list").findings:
        region = finding.primary.region
        line, column = region.start
        assert sum(len(one) + 1 for one in lines[: line - 1]) + column - 1 == region.offset
        covered = text[region.offset : region.offset + region.length]
        assert lines[line - 1][column - 1 :].startswith(covered.split("\n")[0])
        assert covered


COMMENTED = """\
# podlint: ignore[no-process] all of them are examples
apiVersion: v1
kind: List
items:
- apiVersion: v1
  kind: Pod
  metadata: {name: one}
  spec: {containers: [{name: a, image: busybox}]}
# podlint: ignore[undeclared-volume] it is added by hand
- apiVersion: v1
  kind: Pod
  metadata: {name: two}
  spec: {containers: [{name: a, image: busybox, volumeMounts: [{name: x, mountPath: /x}]}]}
- apiVersion: v1
  kind: Pod
  metadata: {name: three}
  spec: {containers: [{name: a, image: busybox, volumeMounts: [{name: x, mountPath: /x}]}]}
"""


def test_comments_cover_the_list_or_the_object_below_them() -> None:
    report = lint_text(COMMENTED, "list")
    assert [(one.rule, one.pod) for one in report.findings] == [("undeclared-volume", "Pod/three")]
    suppressed = sorted((one.finding.rule, one.finding.pod) for one in report.suppressed)
    every = [("no-process", f"Pod/{name}") for name in ("one", "three", "two")]
    assert suppressed == [*every, ("undeclared-volume", "Pod/two")]
