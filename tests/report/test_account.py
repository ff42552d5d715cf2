"""What the closing words of a report account for."""

import pytest

from podlint.findings import Finding, NotUnderstood, Omitted, Report, Severity, Skipped, Suppressed, Unread
from podlint.report import RENDERERS, RenderOptions
from tests.report.building import QUOTED, SEED, SEEN, UNSHARED, at, finding


def told(report: Report, least: Severity = Severity.WARNING) -> str:
    return RENDERERS["text"](report, RenderOptions(least))


def notes(number: int) -> list[Finding]:
    return [finding(at(SEED, "Pod"), severity=Severity.INFO)] * number


def templates(number: int) -> list[Skipped]:
    return [
        Skipped(f"charts/{n}.yaml", "template", n, "it has template actions") for n in range(1, number + 1)
    ]


def lost_script(container: str) -> NotUnderstood:
    return NotUnderstood(at(SEED, "echo").region, "Pod/logs", container, "a construct nobody knows")


@pytest.mark.parametrize(
    ("report", "line"),
    [
        (Report(), "no findings in 0 files · 0 pods"),
        (Report(files=37, pods=14), "no findings in 37 files · 14 pods"),
        (Report(files=1, pods=1), "no findings in 1 file · 1 pod"),
        (Report([QUOTED], files=1, pods=1), "1 finding (1 error) in 1 of 1 file · 1 pod"),
        (
            Report([QUOTED, UNSHARED, UNSHARED], files=2, pods=14),
            "3 findings (1 error, 2 warnings) in 1 of 2 files · 14 pods",
        ),
        (
            Report([finding(at(SEED, "kind"), pod=""), QUOTED], skipped=templates(1), files=3, pods=2),
            "2 findings (2 errors) in 1 of 3 files · 2 pods · 1 skipped: template",
        ),
        (
            Report(skipped=templates(5), files=37, pods=14),
            "no findings in 37 files · 14 pods · 5 skipped: templates",
        ),
        (Report(skipped=templates(1), files=3), "no findings in 3 files · 0 pods · 1 skipped: template"),
        (
            Report(skipped=[*templates(2), Skipped("k.yaml", "patch", 1, "")], files=3),
            "no findings in 3 files · 0 pods · 3 skipped: 2 templates, 1 patch",
        ),
        (
            Report(unread=[Unread("a", "b")], skipped=templates(1), files=3),
            "no findings in 3 files · 0 pods · 1 not read · 1 skipped: template",
        ),
        (
            Report(not_understood=[lost_script("a"), lost_script("a")], files=1, pods=1),
            "no findings in 1 file · 1 pod · 1 container not understood",
        ),
        (
            Report(not_understood=[lost_script("a"), lost_script("b")], files=1, pods=1),
            "no findings in 1 file · 1 pod · 2 containers not understood",
        ),
        (
            Report(notes(4), files=1, pods=1),
            "no findings in 1 file · 1 pod · 4 below warning not shown (--min-severity info)",
        ),
        (
            Report(suppressed=[Suppressed(QUOTED, "comment"), Suppressed(UNSHARED, "baseline")], files=1),
            "no findings in 1 file · 0 pods · 1 in the baseline · 1 ignored: 1 by comment",
        ),
        (
            Report(suppressed=[Suppressed(one, "comment") for one in notes(1)], files=1),
            "no findings in 1 file · 0 pods",
        ),
        (
            Report(ignored=2, excluded=3, files=1),
            "no findings in 1 file · 0 pods · 2 left out by .gitignore · 3 excluded",
        ),
        (
            Report([QUOTED], omitted=[Omitted("b.yaml", "no-process", Severity.ERROR, 4)], files=3),
            "5 findings (5 errors) in 2 of 3 files · 0 pods · 1 of them listed",
        ),
    ],
)
def test_the_account_names_everything(report, line):
    assert line in told(report).split("\n")


def test_shown_notes_are_counted_as_info():
    shown = told(Report([*notes(2), QUOTED], files=1, pods=1), Severity.INFO)
    assert "3 findings (1 error, 2 info) in 1 of 1 file · 1 pod\n" in shown


def test_only_errors_when_only_errors_are_asked_for():
    shown = told(Report([UNSHARED, QUOTED], **SEEN), Severity.ERROR)
    assert "unshared-path" not in shown
    assert shown.endswith(
        "1 finding (1 error) in 1 of 1 file · 1 pod · 1 below error not shown (--min-severity info)\n"
        "more about a rule: podlint explain quoted-substitution\n"
    )


def test_what_was_not_read_and_what_was_skipped_is_named():
    report = Report(
        unread=[Unread("secret.yaml", "permission denied"), Unread("big\x1b.yaml", "larger than 64 MiB")],
        skipped=[*templates(5), Skipped("k.yaml", "policy", 7, "")],
        files=9,
    )
    assert (
        told(report)
        == r"""not read: secret.yaml: permission denied
not read: big\x1b.yaml: larger than 64 MiB
skipped: 5 templates: charts/1.yaml:1, charts/2.yaml:2, charts/3.yaml:3 and 2 more
         render them and pipe the result in: helm template … | podlint check -
skipped: 1 policy: k.yaml:7

no findings in 9 files · 0 pods · 2 not read · 6 skipped: 5 templates, 1 policy
"""
    )


def test_the_last_line_names_the_worst_and_most_frequent_rules_first():
    rules = [
        "a-note",
        "b-warning",
        "b-warning",
        "c-warning",
        "d-warning",
        "e-warning",
        "f-warning",
        "g-error",
    ]
    found = [
        finding(
            at(SEED, "Pod"),
            rule=rule,
            severity=Severity.ERROR if rule == "g-error" else Severity.WARNING,
        )
        for rule in rules
    ]
    assert told(Report(found)).splitlines()[-1] == (
        "more about a rule: podlint explain g-error (or b-warning, a-note, c-warning, d-warning and 2 more)"
    )
