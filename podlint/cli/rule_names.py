"""Names of rules, groups and presets on the command line: split at commas, checked, and corrected where they
are misspelt."""

from __future__ import annotations

import click


def parse_rule_names(
    context: click.Context, parameter: click.Parameter, values: tuple[str, ...]
) -> frozenset[str]:
    """The rules that a repeatable, comma-separated option names, by themselves or by their group.

    Raises `click.BadParameter` that tells of each name that nothing has.
    """
    names = [name.strip() for value in values for name in value.split(",") if name.strip()]
    if not names:
        return frozenset()
    from podlint.config.names import UnknownName, rules_of

    found: set[str] = set()
    unknown: list[str] = []
    for name in dict.fromkeys(names):
        try:
            found |= rules_of([name])
        except UnknownName as error:
            unknown.append(str(error))
    if unknown:
        raise click.BadParameter("; ".join(unknown))
    return frozenset(found)


def parse_preset(context: click.Context, parameter: click.Parameter, value: str | None) -> str | None:
    """The name of a preset. Raises `click.BadParameter` for one that there is not."""
    if value is not None:
        from podlint.config.names import UnknownName, preset

        try:
            preset(value)
        except UnknownName as error:
            raise click.BadParameter(str(error)) from None
    return value
