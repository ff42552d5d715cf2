"""A rotation and the rule that reports its cause: one of them reports the lost lines, whatever is ignored."""

from __future__ import annotations

from pathlib import Path

import pytest

from podlint import Options, lint_paths

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures"
RACE, TAIL = "rotator-race", "tail-by-descriptor"
PAIRS = {
    "a script's signal reaches nobody": (
        "unreachable-signal/bad-rotation-in-config-map",
        RACE,
        "unreachable-signal",
    ),
    "a signal of logrotate's script reaches nobody": (
        "rotator-race/good-told-by-unreachable-signal",
        RACE,
        "unreachable-signal",
    ),
    "a follower is left behind": ("rotator-race/good-told-by-tail-by-descriptor", RACE, TAIL),
    "the rename is refused": ("rotator-race/good-told-by-user-mismatch", RACE, "user-mismatch"),
    "the writer keeps its offset": (
        "truncated-under-writer/bad-program-in-config-map",
        RACE,
        "truncated-under-writer",
    ),
    "the archive replaces the one before": ("lost-archive/bad-hourly-by-the-day", RACE, "lost-archive"),
    "the followed file may be missing": (
        "tail-by-descriptor/good-told-by-read-before-created",
        TAIL,
        "read-before-created",
    ),
}


@pytest.mark.parametrize(("fixture", "yielding", "speaking"), PAIRS.values(), ids=PAIRS)
def test_one_of_two_rules_reports_it(fixture: str, yielding: str, speaking: str) -> None:
    def rules(options: Options) -> set[str]:
        found = lint_paths([str(FIXTURES / f"{fixture}.yaml")], options).findings
        return {finding.rule for finding in found} & {yielding, speaking}

    assert rules(Options()) == {speaking}
    assert rules(Options(ignore=frozenset({speaking}))) == {yielding}
    assert rules(Options(select=frozenset({yielding}))) == {yielding}


def test_a_rotation_names_the_signal_that_reaches_nobody() -> None:
    path = FIXTURES / "unreachable-signal/bad-rotation-in-config-map.yaml"
    (finding,) = lint_paths([str(path)], Options(select=frozenset({RACE}))).findings
    assert finding.severity.value == "error"
    assert "reaches no process (unreachable-signal)" in [label.text for label in finding.related]
