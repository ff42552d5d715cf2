"""`podlint rules`: list the rules by group."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from podlint.cli.console import is_colored, write
from podlint.report.terminal import PLAIN, STRONG, Run, paint, severity_style

if TYPE_CHECKING:
    from podlint.pages import RulePage


@click.command(short_help="List the rules.")
@click.option(
    "--format",
    "format_",
    type=click.Choice(["text", "markdown", "json"]),
    default="text",
    show_default=True,
    help="How to list.",
)
def rules(format_: str) -> None:
    """List all rules by group, each with its usual severity and what it is about."""
    from podlint.pages import GROUPS, heads

    groups = {group: [page for page in heads().values() if page.group == group] for group in GROUPS}
    titled = {GROUPS[group]: pages for group, pages in groups.items() if pages}
    if format_ == "json":
        write(_json(groups))
    else:
        write(_text(titled, is_colored()) if format_ == "text" else _markdown(titled))


def _text(groups: dict[str, list[RulePage]], color: bool) -> str:
    width = max((len(page.name) for pages in groups.values() for page in pages), default=0)
    blocks = []
    for title, pages in groups.items():
        rows: list[list[Run]] = [[(title, STRONG)]]
        rows += [
            [
                (f"  {page.name:<{width}}  ", PLAIN),
                (f"{page.severity.value:<7}", severity_style(page.severity)),
                (f"  {page.title}", PLAIN),
            ]
            for page in pages
        ]
        blocks.append("\n".join(paint(row, color) for row in rows))
    return "\n\n".join(blocks) + "\n"


def _markdown(groups: dict[str, list[RulePage]]) -> str:
    """The index of the pages, as `rules/README.md` holds it."""
    blocks = ["# The rules\n"]
    for title, pages in groups.items():
        rows = [f"| [{page.name}]({page.name}.md) | {page.severity.value} | {page.title} |" for page in pages]
        blocks.append(
            "\n".join(
                [f"## {title}\n", "| rule | severity | what is wrong |", "| --- | --- | --- |", *rows, ""]
            )
        )
    return "\n".join(blocks)


def _json(groups: dict[str, list[RulePage]]) -> str:
    import json

    entries = [
        {
            "name": page.name,
            "title": page.title,
            "severity": page.severity.value,
            "group": page.group,
            "fix": page.fix,
            "since": page.since,
        }
        for pages in groups.values()
        for page in pages
    ]
    return json.dumps({"version": "podlint-rules/1", "rules": entries}, indent=2) + "\n"
