"""`podlint facts`: show what podlint believes about the pods of a file, step by step."""

from __future__ import annotations

import sys

import click

from podlint.cli.console import complain, write
from podlint.cli.exit_codes import ExitCode
from podlint.findings import Report


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
def facts(file: str, format_: str) -> ExitCode:
    """Show what podlint believes about the pods of FILE ('-' for standard input): the roles of containers,
    what each process does, and where its paths really live.

    The JSON has a version, "podlint-facts/1", under which keys are added and never change their meaning.
    """
    from podlint.engine.run import view_paths
    from podlint.report.tree import tree
    from podlint.storage.facts import facts_of

    report = Report()
    views = view_paths((file,), report, stdin=sys.stdin.buffer)
    found = list(views)
    if format_ == "json":
        write(_json([facts_of(view) for view in found]))
    else:
        write("\n".join(tree(one) for one in found))
    for unread in report.unread:
        complain(f"{unread.path}: {unread.reason}")
    for skipped in report.skipped:
        complain(f"{skipped.path}:{skipped.line}: skipped: {skipped.reason}")
    for finding in report.findings:
        region = finding.primary.region
        complain(f"{region.path}:{region.start.line}:{region.start.column}: {finding.message}")
    if not (found or report.unread or report.skipped or report.findings):
        complain(f"{file}: no pod was found")
    return ExitCode.UNREAD if report.unread else ExitCode.CLEAN


def _json(found: list[dict[str, object]]) -> str:
    import json

    return json.dumps({"version": "podlint-facts/1", "pods": found}, indent=2) + "\n"
