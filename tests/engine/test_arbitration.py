"""Every pair of rules of which one yields to the other: with the one switched off, the other is reported.

The pairs are those of the rules' own code; each has to come up in a fixture, where it is tried.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest

from podlint import Options, lint_paths
from podlint.engine.needs import met
from podlint.engine.registry import checked_rules, checks_for
from podlint.findings import Finding
from podlint.problem import Problem
from tests.views import pods_of

ROOT = Path(__file__).resolve().parents[2]
_ALL = Options(select=frozenset(checked_rules()))
_CLAIM = re.compile(r'\bClaim\(\s*"([a-z0-9-]+)"')


def pairs_in_the_code() -> set[str]:
    """The rules that others yield to, by the text of the checks."""
    texts = (path.read_text(encoding="utf-8") for path in (ROOT / "podlint" / "checks").glob("*.py"))
    return {rule for text in texts for rule in _CLAIM.findall(text)}


@cache
def yielding() -> dict[tuple[str, str], list[tuple[Path, Problem]]]:
    """In the fixtures: (the rule that yields, the rule it yields to) and the problems that yield."""
    found: dict[tuple[str, str], list[tuple[Path, Problem]]] = {}
    for path in sorted((ROOT / "fixtures").glob("*/*.yaml")):
        for pod in pods_of([str(path)], anything_else=True):
            checks = checks_for(_ALL, met(pod))
            problems = [(rule, problem) for rule, check in checks for problem in check(pod)]
            causes = {(rule, cause) for rule, problem in problems for cause in problem.all_causes}
            for rule, problem in problems:
                for claim in problem.yields_to:
                    if (claim.rule, claim.cause) in causes:
                        found.setdefault((rule, claim.rule), []).append((path, problem))
    return found


def test_each_rule_that_others_yield_to_comes_up_in_a_fixture() -> None:
    assert pairs_in_the_code() <= {speaking for _, speaking in yielding()}


def findings(path: Path, options: Options) -> list[Finding]:
    """What is found in one file."""
    return lint_paths([str(path)], options).findings


def test_whoever_yields_is_reported_when_the_other_rule_is_switched_off() -> None:
    silent = []
    for (rule, speaking), problems in yielding().items():
        for path, problem in problems:
            region = problem.at.at.span.region()
            others = {claim.rule for claim in problem.yields_to}
            for options in (Options(ignore=frozenset(others)), Options(select=frozenset({rule}))):
                places = {(f.rule, f.primary.region) for f in findings(path, options)}
                # Another place of the same cause may stand for it.
                if (rule, region) not in places and not any(name == rule for name, _ in places):
                    silent.append((rule, speaking, path.name))
    assert silent == []


def test_whoever_yields_is_silent_when_the_other_rule_speaks() -> None:
    loud = []
    for (rule, speaking), problems in yielding().items():
        for path, problem in problems:
            found = findings(path, Options(select=frozenset({rule, speaking})))
            region = problem.at.at.span.region()
            if any((f.rule, f.primary.region) == (rule, region) for f in found) and any(
                f.rule == speaking for f in found
            ):
                loud.append((rule, speaking, path.name, region.start))
    assert loud == []


@pytest.mark.parametrize(
    "path", sorted((ROOT / "fixtures").glob("*/good-told-by-*.yaml")), ids=lambda p: p.stem
)
def test_a_fixture_that_another_rule_reports_is_never_left_alone(path: Path) -> None:
    """Ignoring the rule that speaks for two accepts its finding, and not the other rule's."""
    rule = path.parent.name
    assert findings(path, Options(select=frozenset({rule}))) != []
