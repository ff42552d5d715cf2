"""The tutorial's pod that podlint grew from, in its two stages, and two variants: what is said, and where.

With PODLINT_UPDATE=1 the reports beside the manifests are written instead of compared.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from podlint import lint_paths
from podlint.findings import Finding, Label, Severity
from podlint.report import RENDERERS, RenderOptions

ROOT = Path(__file__).resolve().parents[2]
SEED = ROOT / "fixtures" / "seed"
ECHO_LINE, ROTATOR_LINE = 13, 19


def findings(name: str) -> dict[str, Finding]:
    """What is shown by default about one manifest of the seed, by rule; each rule speaks once."""
    report = lint_paths([str(SEED / name)])
    assert (report.unread, report.skipped, report.not_understood) == ([], [], [])
    shown = [finding for finding in report.findings if finding.severity is not Severity.INFO]
    by_rule = {finding.rule: finding for finding in shown}
    assert len(by_rule) == len(shown)
    return by_rule


def place(label: Label) -> tuple[int, int, int]:
    """Line, first column, and column after the last character of a label that stands on one line."""
    region = label.region
    assert region.start.line == region.end.line
    return region.start.line, region.start.column, region.end.column


def marked(label: Label) -> str:
    """The characters under a label."""
    _, start, end = place(label)
    return label.region.lines[0][start - 1 : end - 1]


def marks(finding: Finding) -> list[tuple[str, str]]:
    """What is under the related labels, and what they say."""
    return [(marked(label), label.text) for label in finding.related]


MOUNT = ("/var/log", '"sidecar-container" mounts volume "shared-logs" at "/var/log"')
MAIN_APP = ("main-app", '"main-app" mounts nothing')


def test_stage_1_has_two_mistakes() -> None:
    found = findings("stage-1.yaml")
    assert {rule: one.severity for rule, one in found.items()} == {
        "quoted-substitution": Severity.ERROR,
        "unshared-path": Severity.WARNING,
    }
    assert marks(found["unshared-path"]) == [MOUNT, MAIN_APP]


def test_stage_2_has_three_mistakes() -> None:
    found = findings("stage-2.yaml")
    assert {rule: one.severity for rule, one in found.items()} == {
        "quoted-substitution": Severity.ERROR,
        "unshared-path": Severity.WARNING,
        "rotator-race": Severity.WARNING,
    }


@pytest.mark.parametrize("name", ["stage-1.yaml", "stage-2.yaml"])
def test_the_quoted_date_is_marked_with_its_quotes(name: str) -> None:
    finding = findings(name)["quoted-substitution"]
    assert place(finding.primary) == (ECHO_LINE, 48, 66)
    assert marked(finding.primary) == "'Sidecar: $(date)'"
    assert finding.message == (
        '"sidecar-container" has "$(date)" in single quotes, where the shell does not run it'
    )
    assert finding.outcome == 'the text itself is written to "/var/log/app.log"'


@pytest.mark.parametrize("name", ["stage-1.yaml", "stage-2.yaml"])
def test_the_log_that_nobody_can_read_is_marked_at_its_redirection(name: str) -> None:
    finding = findings(name)["unshared-path"]
    assert place(finding.primary) == (ECHO_LINE, 67, 86)
    assert marked(finding.primary) == ">> /var/log/app.log"
    assert marks(finding)[:2] == [MOUNT, MAIN_APP]


def test_the_rotator_renames_the_log_and_does_not_read_it() -> None:
    finding = findings("stage-2.yaml")["unshared-path"]
    assert marks(finding)[2:] == [("log-rotator", '"log-rotator" mounts it, but never reads this file')]


_RENAMED = '"log-rotator" renames "/var/log/app.log" while "sidecar-container" writes it'


def test_the_rotator_is_marked_at_its_rename_and_told_what_is_lost() -> None:
    finding = findings("stage-2.yaml")["rotator-race"]
    assert place(finding.primary) == (ROTATOR_LINE, 43, 62)
    assert marked(finding.primary) == "mv /var/log/app.log"
    assert marks(finding) == [(">> /var/log/app.log", '"sidecar-container" opens it again for each line')]
    assert finding.message == _RENAMED
    assert finding.outcome == (
        'no line is lost, since "sidecar-container" opens the file for each line, but "tail -f" shows none '
        "after the first rename, and old files pile up"
    )


def test_a_writer_that_holds_its_descriptor_loses_the_log() -> None:
    finding = findings("held.yaml")["rotator-race"]
    assert finding.severity is Severity.ERROR
    assert marked(finding.primary) == "mv /var/log/app.log"
    assert marks(finding) == [(">> /var/log/app.log", '"sidecar-container" keeps it open')]
    assert finding.message == _RENAMED
    assert finding.outcome == (
        '"sidecar-container" keeps the file open: all later lines go into the renamed file, and '
        '"/var/log/app.log" does not come back'
    )


def test_a_sidecar_without_a_mount_writes_where_nobody_can_read() -> None:
    found = findings("unmounted.yaml")
    assert {rule: one.severity for rule, one in found.items()} == {"unmounted-write": Severity.WARNING}
    assert marked(found["unmounted-write"].primary) == ">> /var/log/app.log"
    assert marks(found["unmounted-write"]) == [("main-app", '"main-app" cannot see it')]


@pytest.mark.parametrize("name", ["stage-1", "stage-2", "unmounted", "held"])
def test_the_whole_report_is_the_one_beside_it(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    report = lint_paths([f"fixtures/seed/{name}.yaml"])
    # What is only good to know belongs to the fixtures of the rules that say it.
    report.findings = [finding for finding in report.findings if finding.severity is not Severity.INFO]
    shown = RENDERERS["text"](report, RenderOptions())
    expected = SEED / f"{name}.txt"
    if os.environ.get("PODLINT_UPDATE") == "1":
        expected.write_text(shown, encoding="utf-8")
    assert shown == expected.read_text(encoding="utf-8")
