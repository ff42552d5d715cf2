"""What holds for every format, whatever is in the report."""

from __future__ import annotations

import json
import re
from pathlib import Path
from xml.etree import ElementTree

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from junitparser import JUnitXml

import podlint
from podlint.findings import Report, Severity, Skipped, Unread
from podlint.report import RENDERERS, RenderOptions
from podlint.source.span import Source
from tests.report.building import GAPS, QUOTED, SEED, SEEN, UNSHARED, any_report, at, finding
from tests.report.html_pages import Page
from tests.report.readers import GITLAB, Command, github_markdown, reviewdog, runner

OPTIONS = RenderOptions(root="/home/me/repository/deploy", repository="/home/me/repository")
SCHEMA = json.loads(
    (Path(podlint.__file__).parent / "report" / "podlint-report.schema.json").read_text(encoding="utf-8")
)


def told(format_: str, report: Report, least: Severity = Severity.WARNING) -> str:
    return RENDERERS[format_](report, RenderOptions(least, root=OPTIONS.root, repository=OPTIONS.repository))


WELL_FORMED = {
    "json": json.loads,
    "jsonl": lambda text: [json.loads(line) for line in text.splitlines()],
    "sarif": json.loads,
    "gitlab": lambda text: GITLAB.validate(json.loads(text)),
    "rdjson": json.loads,
    "junit": ElementTree.fromstring,
    "checkstyle": ElementTree.fromstring,
    "html": Page,
}
LEVELS = {"error", "warning", "notice"}
ALLOWED = {"github": LEVELS, "text": LEVELS | {"group", "endgroup"}}
"""The commands to GitHub's runner that a format may hold."""


TAGS = {"h3", "p", "ul", "li", "strong", "code"}
MARKUP = re.compile(r"[@#<>\[\]|*_~`$&%\\]|://|www\.|GH-|![0-9]|:[a-z]+:")


def assert_harmless(markdown: str) -> None:
    """GitHub makes nothing of it but headings, lists, code and plain words."""
    page = github_markdown(markdown)
    assert page.tags <= TAGS
    assert not MARKUP.search(page.plain), page.plain


@settings(max_examples=40)
@given(any_report(), st.sampled_from(Severity))
def test_whatever_the_report_it_is_well_formed_and_controls_nothing(report, least):
    options = RenderOptions(least, root="/home/me", annotations=True)
    for format_, render in RENDERERS.items():
        text = render(report, options)
        assert text.endswith("\n")
        assert all(char == "\n" or char.isprintable() for char in text)
        if format_ in WELL_FORMED:
            assert text.isascii()
            WELL_FORMED[format_](text)
        commands = {one.name for one in runner(text) if isinstance(one, Command)}
        assert commands <= ALLOWED.get(format_, set())
        if format_ == "markdown":
            assert_harmless(text)


@pytest.mark.parametrize("format_", RENDERERS)
@pytest.mark.parametrize("name", ["::error::x.yaml", " ::set-env name=A::x.yaml", "::stop-commands::x"])
def test_the_name_of_a_file_is_no_command(format_, name):
    found = finding(at(Source(name, SEED.text), "Pod"), message=name, outcome=name, help=name)
    report = Report([found], [Unread(name, name)], [Skipped(name, name, 1, name)])
    commands = [one for one in runner(told(format_, report)) if isinstance(one, Command)]
    assert {one.name for one in commands} == ({"error"} if format_ == "github" else set())
    assert all(one.data.startswith((name, "not read: ")) for one in commands)


@pytest.mark.parametrize("format_", RENDERERS)
def test_what_is_below_the_least_severity_is_in_no_format(format_):
    shown = told(format_, Report([QUOTED, UNSHARED], **SEEN), Severity.ERROR)
    assert "unshared-path" not in shown
    assert "quoted-substitution" in shown


@pytest.mark.parametrize("format_", sorted(set(RENDERERS) - {"statistics"}))
def test_what_was_not_read_is_in_every_format(format_):
    assert "permission denied" in told(format_, Report(**GAPS))


UNREADABLE = Report([QUOTED, UNSHARED], **GAPS, **SEEN)


def test_concise_has_a_line_for_each_finding_and_the_account():
    assert told("concise", UNREADABLE) == (
        "fixtures/seed/stage-2.yaml:11:50: error[quoted-substitution] "
        "every line of '/var/log/app.log' reads '$(date)' instead of the time\n"
        "fixtures/seed/stage-2.yaml:11:69: warning[unshared-path] "
        "no other container can read '/var/log/app.log'\n"
        "not read: secret.yaml: permission denied\n"
        "skipped: 1 template: charts/web.yaml:3\n"
        "         render them and pipe the result in: helm template … | podlint check -\n"
        "2 findings (1 error, 1 warning) in 1 of 1 file · 1 pod · 1 not read · 1 skipped: template"
        " · 1 container not understood\n"
    )


def test_statistics_count_by_rule_and_by_directory():
    below = finding(at(Source("pod.yaml", SEED.text), "Pod"), rule="no-process", severity=Severity.WARNING)
    assert told("statistics", Report([UNSHARED, QUOTED, UNSHARED, below], **SEEN)) == (
        "by rule\n"
        "  2  warning  unshared-path\n"
        "  1  warning  no-process\n"
        "  1  error    quoted-substitution\n"
        "\n"
        "by directory\n"
        "  3  fixtures/seed\n"
        "  1  .\n"
        "\n"
        "4 findings (1 error, 3 warnings) in 2 of 1 file · 1 pod\n"
    )
    assert told("statistics", Report(**SEEN)) == "no findings in 1 file · 1 pod\n"


def test_statistics_of_many_directories_are_bounded():
    found = [finding(at(Source(f"d{n}/pod.yaml", SEED.text), "Pod")) for n in range(30)]
    lines = told("statistics", Report(found)).splitlines()
    assert [line.strip() for line in lines if line.endswith("more")] == ["10  in 10 more"]
    assert len(lines) == 27


def test_jsonl_has_the_members_of_json():
    whole = json.loads(told("json", UNREADABLE))
    lines = [json.loads(line) for line in told("jsonl", UNREADABLE).splitlines()]
    types = [line.pop("type") for line in lines]
    assert types == ["finding", "finding", "unread", "skipped", "notUnderstood", "summary"]
    assert lines[:2] == whole["findings"]
    assert lines[-1] == {"schema": whole["schema"], "tool": whole["tool"], **whole["summary"]}
    for type_, line in zip(types, lines, strict=True):
        part = {**SCHEMA, **SCHEMA["$defs"][type_], "properties": SCHEMA["$defs"][type_]["properties"]}
        jsonschema.Draft202012Validator(part).validate(line)


def test_github_makes_an_annotation_of_each_finding():
    *commands, account, end = runner(told("github", Report([UNSHARED], **SEEN)))
    (command,) = commands
    assert command == Command(
        "warning",
        {
            "file": "deploy/fixtures/seed/stage-2.yaml",
            "line": "11",
            "endLine": "11",
            "col": "69",
            "title": "podlint: unshared-path",
        },
        "no other container can read '/var/log/app.log'.",
    )
    assert (account, end) == ("1 finding (1 warning) in 1 of 1 file · 1 pod", "")


def test_github_takes_whatever_a_name_holds():
    path = "a,b: 100% =c%0A.yaml"
    found = finding(
        at(Source(path, SEED.text), "Pod\nmetadata"), message="50%", outcome="a\nb", help="c::d%0A"
    )
    (command,) = (one for one in runner(told("github", Report([found]))) if isinstance(one, Command))
    assert command.properties["file"] == f"deploy/{path}"
    assert "col" not in command.properties, "the runner takes no column of several lines"
    assert command.data == "50%.\nA\\nb.\nC::d%0A."


def findings(errors: int, warnings: int) -> list[podlint.Finding]:
    return [finding(at(SEED, "Pod"))] * errors + [
        finding(at(SEED, "Pod"), severity=Severity.WARNING)
    ] * warnings


@pytest.mark.parametrize(
    ("errors", "warnings", "annotated"),
    [(2, 1, None), (10, 10, None), (11, 3, "annotated: 13 of 14"), (30, 40, "annotated: 20 of 70")],
)
def test_the_text_for_github_has_as_many_annotations_as_github_shows(errors, warnings, annotated):
    text = RENDERERS["text"](Report(findings(errors, warnings)), RenderOptions(annotations=True))
    names = [one.name for one in runner(text) if isinstance(one, Command)]
    assert names == ["group", *["error"] * min(errors, 10), *["warning"] * min(warnings, 10), "endgroup"]
    said = [line for line in text.splitlines() if line.startswith("annotated: ")]
    more = ", as GitHub shows 10 errors and 10 warnings of a step"
    assert said == ([f"{annotated}{more}"] if annotated else [])


def test_gitlab_knows_a_finding_by_its_fingerprint():
    report = Report.merged([Report([UNSHARED, UNSHARED, QUOTED], **GAPS)])
    issues = json.loads(told("gitlab", report))
    GITLAB.validate(issues)
    assert [one["fingerprint"] for one in issues[:3]] == [one.identity for one in report.findings]
    assert len({one["fingerprint"] for one in issues}) == len(issues) == 4
    assert issues[1] == {
        "description": "no other container can read '/var/log/app.log'.",
        "check_name": "unshared-path",
        "fingerprint": report.findings[1].identity,
        "severity": "minor",
        "location": {"path": "deploy/fixtures/seed/stage-2.yaml", "lines": {"begin": 11, "end": 11}},
    }
    assert issues[3]["description"] == "not read: permission denied."


def test_junit_has_a_test_for_each_thing_and_one_for_the_account():
    text = told("junit", UNREADABLE)
    suites = JUnitXml.fromstring(text.encode())
    (suite,) = suites
    assert (suite.tests, suite.failures, suite.errors, suite.skipped) == (5, 2, 1, 1)
    cases = list(suite)
    assert [(case.classname, case.name) for case in cases] == [
        ("podlint", "account"),
        ("quoted-substitution", "fixtures/seed/stage-2.yaml:11:50"),
        ("unshared-path", "fixtures/seed/stage-2.yaml:11:69"),
        ("file-not-read", "secret.yaml"),
        ("document-skipped", "charts/web.yaml:3"),
    ]
    assert [[type(result).__name__ for result in case.result] for case in cases] == [
        [], ["Failure"], ["Failure"], ["Error"], ["Skipped"],
    ]  # fmt: skip
    (failure,) = cases[1].result
    assert failure.text == (
        "fixtures/seed/stage-2.yaml:11:50\n"
        "Pod/logs, container sidecar-container\n"
        'Use double quotes: "Sidecar: $(date)".'
    )
    assert cases[0].system_out.startswith("2 findings (1 error, 1 warning) in 1 of 1 file")


def test_junit_of_a_clean_run_has_a_test_that_passed():
    (suite,) = JUnitXml.fromstring(told("junit", Report(**SEEN)).encode())
    assert (suite.tests, suite.failures, suite.errors) == (1, 0, 0)


def test_reviewdog_reads_checkstyle():
    found = reviewdog("checkstyle", told("checkstyle", UNREADABLE))
    assert [(one["code"]["value"], one["severity"], one["location"]["path"]) for one in found] == [
        ("podlint.quoted-substitution", "ERROR", "fixtures/seed/stage-2.yaml"),
        ("podlint.unshared-path", "WARNING", "fixtures/seed/stage-2.yaml"),
        ("podlint.file-not-read", "ERROR", "secret.yaml"),
    ]
    assert found[0]["location"]["range"] == {"start": {"line": 11, "column": 50}}


def test_reviewdog_reads_rdjson():
    found = reviewdog("rdjson", told("rdjson", UNREADABLE))
    one = found[1]
    assert one["message"] == "no other container can read '/var/log/app.log'."
    assert (one["code"], one["severity"], one["source"]) == (
        {"value": "unshared-path"}, "WARNING", {"name": "podlint"},
    )  # fmt: skip
    assert one["location"] == {
        "path": "fixtures/seed/stage-2.yaml",
        "range": {"start": {"line": 11, "column": 69}, "end": {"line": 11, "column": 88}},
    }
    assert [related["message"] for related in one["relatedLocations"]] == [
        "mounts nothing",
        "the volume lies here",
    ]
    assert found[2]["location"] == {"path": "secret.yaml"}


def test_columns_of_rdjson_count_bytes():
    source = Source("pod.yaml", "args: [ü🙂, stop]\n")
    (one,) = json.loads(told("rdjson", Report([finding(at(source, "stop"))])))["diagnostics"]
    start = len("args: [ü🙂, ".encode()) + 1
    assert one["location"]["range"] == {
        "start": {"line": 1, "column": start},
        "end": {"line": 1, "column": start + 4},
    }


def test_columns_of_rdjson_that_are_not_known_are_left_out():
    source = Source("min.json", "x" * 50_000 + "stop" + "y" * 50_000)
    (one,) = json.loads(told("rdjson", Report([finding(at(source, "stop"))])))["diagnostics"]
    assert one["location"]["range"] == {"start": {"line": 1}, "end": {"line": 1}}


def test_markdown_of_two_findings():
    assert (
        told("markdown", UNREADABLE)
        == """\
### podlint

`fixtures/seed/stage-2.yaml`

- line 11, **error** `quoted-substitution` in `Pod/logs`, container sidecar-container: every line of \
`'/var/log/app.log'` reads `'$(date)'` instead of the time. Use double quotes: `Sidecar: $(date)`.
- line 11, **warning** `unshared-path` in `Pod/logs`, container sidecar-container: no other container can \
read `'/var/log/app.log'`.

- not read: `secret.yaml`: permission denied
- skipped: 1 template: `charts/web.yaml:3`
- render them and pipe the result in: helm template … `|` podlint check `-`

2 findings (1 error, 1 warning) in 1 of 1 file · 1 pod · 1 not read · 1 skipped: template · \
1 container not understood
"""
    )


HOSTILE_WORDS = [
    "@octocat",
    "see @octocat.",
    "(@octocat)",
    "#1",
    "owner/repo#1",
    "GH-1",
    "!1",
    "&1",
    "~label",
    "%1",
    "$x$",
    "https://evil.example",
    "www.evil.example",
    "me@evil.example",
    "[a](https://evil.example)",
    "![a](b)",
    "<script>alert(1)</script>",
    "<img src=x>",
    "<!-- x",
    "**bold**",
    "_em_",
    "~~gone~~",
    "| a | b |",
    "# title",
    "> quote",
    "- [ ] task",
    ":smile:",
    "`a` @octocat",
    "`` ` @octocat",
    '"a`"`@octocat`',
    '`"@octocat',
    "a``@octocat",
    "```\n@octocat\n```",
    "\\@octocat",
    "\\`@octocat\\`",
    "&#64;octocat",
    "[^1]",
    "<https://evil.example>",
    "'@octocat'",
    "a\n\n# title",
    '"\\"@octocat',
    '""@octocat""',
    '"`" @octocat "`"',
    '"a"`b`"``"@octocat',
]


@pytest.mark.parametrize("words", HOSTILE_WORDS)
def test_nothing_from_a_manifest_is_markdown(words):
    source = Source(words, SEED.text)
    found = finding(
        at(source, "Pod"), rule=words, message=words, outcome=words, help=words, pod=words, container=words
    )
    report = Report([found], [Unread(words, words)], [Skipped(words, words, 1, words)], suppressed=[])
    assert_harmless(told("markdown", report))


def test_markdown_is_bounded():
    found = [finding(at(SEED, "Pod"), message="ü" * 900)] * 300
    report = Report(found, [Unread(f"{n}.yaml", "x" * 900) for n in range(300)], **SEEN)
    text = told("markdown", report)
    assert 50_000 < len(text.encode()) < 65_536
    assert text.endswith(
        "The rest does not fit in here: `podlint check` shows all of it.\n\n"
        "300 findings (300 errors) in 1 of 1 file · 1 pod · 300 not read\n"
    )
