"""Names of rules, groups and presets on the command line: split at commas, checked, and corrected where they
are misspelt."""

from __future__ import annotations

import click
from click.shell_completion import CompletionItem


def parse_rule_names(
    context: click.Context, parameter: click.Parameter, values: tuple[str, ...]
) -> frozenset[str]:
    """The rules that a repeatable, comma-separated option names, by themselves or by their group.

    Raises `click.BadParameter` that tells of each name that nothing has.
    """
    names = [name.strip() for value in values for name in value.split(",") if name.strip()]
    if not names:
        if values and parameter.name == "select":
            # An empty variable of a pipeline, say. It would select all rules.
            raise click.BadParameter("it names no rule")
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


def complete_rule_names(
    context: click.Context, parameter: click.Parameter, incomplete: str
) -> list[CompletionItem]:
    """The rules and groups that may be meant by what is typed of a name; those before a comma stay."""
    from podlint.pages import GROUPS

    before, comma, name = incomplete.rpartition(",")
    groups = [CompletionItem(before + comma + one, help=title) for one, title in GROUPS.items()]
    return [one for one in groups if one.value.startswith(incomplete)] + complete_rule(
        context, parameter, name, before + comma
    )


def complete_rule(
    context: click.Context, parameter: click.Parameter, incomplete: str, before: str = ""
) -> list[CompletionItem]:
    """The rules that may be meant by what is typed of a name."""
    from podlint.pages import heads

    named = ((name, page) for name, page in heads().items() if name.startswith(incomplete))
    return [CompletionItem(before + name, help=page.title) for name, page in named]


def complete_preset(
    context: click.Context, parameter: click.Parameter, incomplete: str
) -> list[CompletionItem]:
    """The presets that may be meant."""
    from podlint.config.names import preset_names

    return [CompletionItem(name) for name in preset_names() if name.startswith(incomplete)]
