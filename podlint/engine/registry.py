"""The rules there are: a rule is a page, and most have a module of the same stem that holds the check."""

from __future__ import annotations

import os
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING

from podlint import checks
from podlint.engine.options import Options

if TYPE_CHECKING:
    from podlint.vocabulary import Check

INVALID_YAML = "invalid-yaml"
MALFORMED_POD = "malformed-pod"
READING_RULES = frozenset({INVALID_YAML, MALFORMED_POD})
"""The rules whose findings are made while a manifest is read."""
UNUSED_IGNORE = "unused-ignore"
UNKNOWN_RULE_IN_IGNORE = "unknown-rule-in-ignore"
EXPIRED_IGNORE = "expired-ignore"
INVALID_IGNORE = "invalid-ignore"
IGNORE_RULES = frozenset({UNUSED_IGNORE, UNKNOWN_RULE_IN_IGNORE, EXPIRED_IGNORE, INVALID_IGNORE})
"""The rules about what is said not to report; neither these nor `READING_RULES` have a module."""


def rule_names() -> list[str]:
    """The names of all rules, sorted.

    Raises `podlint.pages.BrokenPage`.
    """
    from podlint.pages import heads

    return list(heads())


@cache
def checked_rules() -> tuple[str, ...]:
    """The names of the rules that have a module, sorted."""
    stems = {name.partition(".")[0] for directory in checks.__path__ for name in os.listdir(directory)}
    return tuple(sorted(stem.replace("_", "-") for stem in stems if not stem.startswith("_")))


@cache
def checks_for(options: Options, met: frozenset[str]) -> tuple[tuple[str, Check], ...]:
    """The checks that `options` ask for and whose needs are among those `met`, with the names of their rules;
    only their modules are imported."""
    # Asked for when there is a pod, which most runs of the hook never meet.
    from podlint.engine.needs import needs_of

    wanted = (name for name in checked_rules() if options.wants(name) and needs_of(name) <= met)
    return tuple((name, load_check(name)) for name in wanted)


@cache
def load_check(rule: str) -> Check:
    """The check of a rule that has a module: its only public function of its own."""
    check: Check = import_module(f"podlint.checks.{rule.replace('-', '_')}").check
    return check
