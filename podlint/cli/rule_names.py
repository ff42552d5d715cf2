"""Names of rules on the command line: split at commas, checked, and corrected where they are misspelt."""

from __future__ import annotations

from collections.abc import Iterable

import click


def parse_rule_names(
    context: click.Context, parameter: click.Parameter, values: tuple[str, ...]
) -> frozenset[str]:
    """The rules that a repeatable, comma-separated option names.

    Raises `click.BadParameter` for a name that no rule has.
    """
    names = frozenset(name.strip() for value in values for name in value.split(",") if name.strip())
    if names:
        from podlint.engine.registry import rule_names

        known = rule_names()
        for name in sorted(names - set(known)):
            raise click.BadParameter(unknown_rule(name, known))
    return names


def unknown_rule(name: str, known: Iterable[str]) -> str:
    """What to say about a name that no rule has; suggests the closest names."""
    from difflib import get_close_matches

    close = get_close_matches(name, list(known), n=3, cutoff=0.5)
    hint = f"did you mean {' or '.join(close)}?" if close else "'podlint rules' lists them all."
    return f"no rule is called '{name}'; {hint}"
