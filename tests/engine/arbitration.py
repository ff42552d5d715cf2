"""What is reported of a fixture in which one rule yields to another."""

from __future__ import annotations

from pathlib import Path

from podlint import Options, lint_paths

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures"


def assert_one_is_reported(yielding: str, speaking: str, fixture: str) -> None:
    """Assert that a rule is silent only where the other one is reported, in a fixture of its own."""
    path = str(FIXTURES / yielding / f"{fixture}.yaml")

    def reported(options: Options) -> set[str]:
        return {finding.rule for finding in lint_paths([path], options).findings} & {yielding, speaking}

    assert reported(Options()) == {speaking}
    assert reported(Options(select=frozenset({yielding, speaking}))) == {speaking}
    assert reported(Options(ignore=frozenset({speaking}))) == {yielding}
    assert reported(Options(select=frozenset({yielding}))) == {yielding}
