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
"""The rules without a module: their findings are made while a manifest is read."""


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
def checks_for(options: Options) -> tuple[tuple[str, Check], ...]:
    """The checks that `options` ask for, with the names of their rules; only their modules are imported."""
    return tuple((name, load_check(name)) for name in checked_rules() if options.wants(name))


@cache
def load_check(rule: str) -> Check:
    """The check of a rule that has a module: its only public function of its own."""
    check: Check = import_module(f"podlint.checks.{rule.replace('-', '_')}").check
    return check
