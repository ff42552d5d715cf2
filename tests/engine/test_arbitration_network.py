"""Which of two rules about ports and probes is reported, and that the other speaks without it."""

from __future__ import annotations

from pathlib import Path

import pytest

from podlint import Options, lint_paths

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures"
PAIRS = [
    ("unknown-probe-port", "loopback-only-server", "good-told-by-loopback-only-server"),
    ("unknown-probe-port", "nobody-listens", "good-told-by-nobody-listens"),
    ("unknown-scrape-port", "loopback-only-server", "good-told-by-loopback-only-server"),
    ("unknown-scrape-port", "nobody-listens", "good-told-by-nobody-listens"),
    ("nobody-listens", "unknown-scrape-port", "good-told-by-unknown-scrape-port"),
]
"""Rules that yield: to which other rule, and in which of their fixtures."""


@pytest.mark.parametrize(("yielding", "speaking", "fixture"), PAIRS)
def test_a_rule_is_silent_only_where_the_other_one_is_reported(
    yielding: str, speaking: str, fixture: str
) -> None:
    path = str(FIXTURES / yielding / f"{fixture}.yaml")

    def reported(options: Options) -> set[str]:
        return {finding.rule for finding in lint_paths([path], options).findings} & {yielding, speaking}

    assert reported(Options()) == {speaking}
    assert reported(Options(select=frozenset({yielding, speaking}))) == {speaking}
    assert reported(Options(ignore=frozenset({speaking}))) == {yielding}
    assert reported(Options(select=frozenset({yielding}))) == {yielding}
