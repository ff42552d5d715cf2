"""`podlint facts`: show what podlint believes about the pods of a file, step by step."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from podlint.cli.console import complain, write
from podlint.cli.exit_codes import ExitCode
from podlint.findings import Report

if TYPE_CHECKING:
    from podlint.storage.view import ContainerView, PodView


@click.command(short_help="Show what podlint believes.")
@click.argument("file")
@click.option(
    "--format",
    "format_",
    type=click.Choice(["tree", "json"]),
    default="tree",
    show_default=True,
    help="How to show it.",
)
@click.option(
    "--unknown",
    is_flag=True,
    help="Show only what is not understood: each shell container that is not fully interpreted, and why.",
)
def facts(file: str, format_: str, unknown: bool) -> ExitCode:
    """Show what podlint believes about the pods of FILE, a file or a directory ('-' for standard input): the
    roles of containers, what each process does, and where its paths really live.

    The JSON has a version, "podlint-facts/1", under which keys are added and never change their meaning.
    """
    from podlint.engine.run import view_paths

    parts: list[Report] = []

    def pods() -> Iterator[PodView]:
        for viewed in view_paths((file,), stdin=sys.stdin.buffer):
            parts.append(viewed.report)
            if viewed.pod is not None:
                yield viewed.pod

    found = _show_unknown(pods(), format_) if unknown else _show(pods(), format_)
    report = Report.merged(parts)
    _complain_about(report)
    if not (found or report.unread or report.skipped or report.findings):
        complain(f"{file}: no pod was found")
    return ExitCode.UNREAD if report.unread else ExitCode.CLEAN


def _show(views: Iterator[PodView], format_: str) -> int:
    """Print the pods, all of them at the end; how many there are."""
    from podlint.report.tree import tree
    from podlint.storage.facts import facts_of

    found = list(views)
    if format_ == "json":
        write(_json({"pods": [facts_of(view) for view in found]}))
    else:
        write("\n".join(tree(one) for one in found))
    return len(found)


def _show_unknown(views: Iterator[PodView], format_: str) -> int:
    """Print what is not understood in them; how many pods there are. They are forgotten one by one."""
    from podlint.report.unknown import account_of, facts_of_account, lines_of

    count = 0

    def containers() -> Iterator[ContainerView]:
        nonlocal count
        for view in views:
            count += 1
            yield from view.containers

    account = account_of(containers())
    write(_json(facts_of_account(account)) if format_ == "json" else lines_of(account))
    return count


def _complain_about(report: Report) -> None:
    """Name what was not read."""
    for unread in report.unread:
        complain(f"{unread.path}: {unread.reason}")
    for skipped in report.skipped:
        complain(f"{skipped.path}:{skipped.line}: skipped: {skipped.reason}")
    for finding in report.findings:
        region = finding.primary.region
        complain(f"{region.path}:{region.start.line}:{region.start.column}: {finding.message}")


def _json(found: dict[str, object]) -> str:
    import json

    return json.dumps({"version": "podlint-facts/1", **found}, indent=2) + "\n"
