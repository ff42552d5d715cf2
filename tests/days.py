"""The day of the tests, and how the rules that ask for it are tried."""

from __future__ import annotations

from podlint import Options
from podlint.engine.registry import IGNORE_RULES

TODAY = "2026-06-01"


def options_for(rule: str) -> Options:
    """Only this rule; for one about ignores all, as it tells what the others do not say."""
    return Options(select=frozenset() if rule in IGNORE_RULES else frozenset({rule}), today=TODAY)
