"""The day of the tests, and how the rules that ask for it are tried."""

from __future__ import annotations

from podlint import Options
from podlint.engine.options import ASKED
from podlint.engine.registry import IGNORE_RULES, rule_names

TODAY = "2026-06-01"


def every_rule_for(rule: str) -> Options:
    """All rules, among them this one, also where it is only run when it is selected."""
    return Options(select=frozenset(rule_names()) if rule in ASKED else frozenset(), today=TODAY)


def options_for(rule: str) -> Options:
    """Only this rule; for one about ignores all, as it tells what the others do not say."""
    return Options(select=frozenset() if rule in IGNORE_RULES else frozenset({rule}), today=TODAY)
