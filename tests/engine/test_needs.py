"""What the head of a page says that its rule needs: without it the rule finds nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from podlint.engine.needs import NEEDS, met, needs_of
from podlint.engine.registry import checked_rules, load_check
from podlint.storage.view import PodView
from tests.views import pods_of

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures"


@pytest.fixture(scope="module")
def pods(corpus: Path) -> list[PodView]:
    return pods_of([str(FIXTURES), str(corpus)], anything_else=True)


_OF_CHOICE = {"siblings"}
"""Where nobody else runs, many a rule would have something to say that is no mistake: this is how it is told
not to."""


@pytest.mark.parametrize("rule", sorted(rule for rule in checked_rules() if needs_of(rule) - _OF_CHOICE))
def test_a_rule_finds_nothing_where_its_needs_are_not_met(rule: str, pods: list[PodView]) -> None:
    check, needs = load_check(rule), needs_of(rule) - _OF_CHOICE
    without = [pod for pod in pods if not needs <= met(pod)]
    assert without
    assert [pod.title for pod in without if any(True for _ in check(pod))] == []


@pytest.mark.parametrize("need", NEEDS)
def test_every_need_is_some_rules_and_is_met_by_some_pods(need: str, pods: list[PodView]) -> None:
    assert any(need in needs_of(rule) for rule in checked_rules())
    has = sum(need in met(pod) for pod in pods)
    assert 0 < has < len(pods)
