"""The report for programs, whole, and its schema."""

import copy
import json
import re
from pathlib import Path

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

import podlint
from podlint.findings import NotUnderstood, Report, Severity, Skipped, Suppressed, Unread
from podlint.report import RENDERERS, RenderOptions
from tests.report.building import QUOTED, SEED, SEEN, UNSHARED, any_report, at, finding

SCHEMA = json.loads(
    (Path(podlint.__file__).parent / "report" / "podlint-report.schema.json").read_text(encoding="utf-8")
)


def closed(schema):
    """The schema as it would be if no field could ever be added: every object lists what it may hold."""
    if isinstance(schema, dict):
        schema = {key: closed(value) for key, value in schema.items()}
        if "properties" in schema and schema.get("type") == "object":
            schema["additionalProperties"] = False
    return schema


VALIDATOR = jsonschema.Draft202012Validator(closed(copy.deepcopy(SCHEMA)))


def told(report: Report, least: Severity = Severity.WARNING) -> str:
    return RENDERERS["json"](report, RenderOptions(least))


def test_the_whole_document():
    report = Report(
        [UNSHARED, finding(at(SEED, "Pod"), severity=Severity.INFO)],
        [Unread("secret.yaml", "permission denied")],
        [Skipped("charts/web.yaml", "template", 3, "it has template actions")],
        [NotUnderstood(at(SEED, "sleep 5").region, "Pod/logs", "sidecar-container", "a coproc")],
        suppressed=[Suppressed(QUOTED, "comment", "the text is meant")],
        files=4,
        documents=5,
        pods=2,
        containers=3,
        scripts=1,
    )
    place = {"path": "fixtures/seed/stage-2.yaml"}
    written = {**place, "startLine": 11, "startColumn": 69, "endLine": 11, "endColumn": 88}
    document = json.loads(told(report))
    (suppressed,) = document.pop("suppressed")
    assert suppressed.pop("finding")["rule"] == "quoted-substitution"
    assert suppressed == {"by": "comment", "reason": "the text is meant"}
    assert document == {
        "schema": "podlint-report/1",
        "tool": {"name": "podlint", "version": podlint.__version__},
        "configurations": [],
        "summary": {
            "files": 4,
            "documents": 5,
            "pods": 2,
            "containers": 3,
            "scripts": 1,
            "controlled": 0,
            "findings": 1,
            "errors": 0,
            "warnings": 1,
            "infos": 0,
            "minSeverity": "warning",
            "hidden": 1,
            "unread": 1,
            "skipped": 1,
            "notUnderstood": 1,
            "omitted": 0,
            "ignored": 0,
            "stale": 0,
            "unchanged": 0,
            "excluded": 0,
            "suppressed": 1,
            "charts": 0,
            "kustomizations": 0,
        },
        "findings": [
            {
                "rule": "unshared-path",
                "severity": "warning",
                "message": "no other container can read '/var/log/app.log'",
                "outcome": "",
                "help": "",
                "namespace": "",
                "pod": "Pod/logs",
                "container": "sidecar-container",
                "object": "",
                "objectPath": "",
                "identity": UNSHARED.identity,
                "primary": {**written, "text": "written here"},
                "related": [
                    {
                        **place,
                        "startLine": 7,
                        "startColumn": 13,
                        "endLine": 7,
                        "endColumn": 21,
                        "text": "mounts nothing",
                    },
                    {
                        **place,
                        "startLine": 13,
                        "startColumn": 31,
                        "endLine": 13,
                        "endColumn": 50,
                        "text": "the volume lies here",
                    },
                ],
                "route": [
                    {**written, "text": "written here"},
                    {
                        **place,
                        "startLine": 13,
                        "startColumn": 11,
                        "endLine": 13,
                        "endColumn": 29,
                        "text": "to this volume",
                    },
                ],
            }
        ],
        "unread": [{"path": "secret.yaml", "reason": "permission denied"}],
        "skipped": [
            {
                "path": "charts/web.yaml",
                "line": 3,
                "kind": "template",
                "reason": "it has template actions",
            }
        ],
        "omitted": [],
        "notUnderstood": [
            {
                **place,
                "startLine": 11,
                "startColumn": 90,
                "endLine": 11,
                "endColumn": 97,
                "pod": "Pod/logs",
                "container": "sidecar-container",
                "reason": "a coproc",
            }
        ],
    }


def test_a_clean_run_has_empty_lists():
    document = json.loads(told(Report(**SEEN)))
    assert [document[key] for key in ("findings", "unread", "skipped", "notUnderstood")] == [[], [], [], []]
    VALIDATOR.validate(document)


def test_columns_cut_the_text_out_of_the_file():
    label = json.loads(told(Report([QUOTED])))["findings"][0]["primary"]
    line = SEED.text.split("\n")[label["startLine"] - 1]
    assert line[label["startColumn"] - 1 : label["endColumn"] - 1] == "'Sidecar: $(date)'"


def test_surrogates_that_no_encoding_carries_are_replaced():
    document = json.loads(told(Report([finding(at(SEED, "Pod"), message="a \ud83d\ude42 \udcff b")])))
    assert document["findings"][0]["message"] == "a \ufffd\ufffd \ufffd b"


def test_the_schema_is_one():
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize(
    "lost", ["schema", "summary", "findings", "suppressed", "omitted", "unread", "skipped", "notUnderstood"]
)
def test_the_schema_misses_what_is_not_there(lost):
    document = json.loads(told(Report([QUOTED])))
    del document[lost]
    assert [error.message for error in VALIDATOR.iter_errors(document)] == [
        f"{lost!r} is a required property"
    ]


def test_the_schema_allows_later_fields():
    document = json.loads(told(Report([QUOTED])))
    document["findings"][0]["later"] = True
    jsonschema.Draft202012Validator(SCHEMA).validate(document)
    assert not VALIDATOR.is_valid(document)


def test_every_field_is_documented():
    documented = set(re.findall(r"[A-Za-z]+", (Path(__file__).parents[2] / "docs" / "output.md").read_text()))
    fields = set(SCHEMA["properties"]).union(*(part["properties"] for part in SCHEMA["$defs"].values()))
    assert fields - documented == set()


@given(any_report(), st.sampled_from(Severity))
def test_whatever_the_input_the_document_is_valid(report, least):
    text = told(report, least)
    assert text.isascii()
    document = json.loads(text)
    VALIDATOR.validate(document)
    json.dumps(document, ensure_ascii=False).encode()
    assert document["summary"]["findings"] + document["summary"]["hidden"] == sum(report.counts().values())
