"""`podlint facts`: show what podlint believes about the pods of a file, step by step."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from podlint.cli.accounts import complain_about
from podlint.cli.console import is_colored, write
from podlint.cli.exit_codes import ExitCode
from podlint.display.escape import escape, opening
from podlint.findings import Report, Severity
from podlint.report.terminal import PLAIN, RELATED, STRONG, paint, severity_style

if TYPE_CHECKING:
    from podlint.facts.model import Facts, Pod
    from podlint.facts.unknown import Account


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

    What the configuration says about commands, images and the version of Kubernetes counts here, too.

    The JSON has a version, "podlint-facts/1", under which keys are added and never change their meaning.
    """
    from podlint.cli.runs import complaining

    return complaining(lambda: _facts(file, format_, unknown))


def _facts(file: str, format_: str, unknown: bool) -> ExitCode:
    from podlint.config.resolve import Resolver, Wanted
    from podlint.engine.run import view_paths
    from podlint.facts.build import facts_of

    parts: list[Report] = []
    resolver = Resolver(Wanted())

    def pods() -> Iterator[Pod]:
        for viewed in view_paths((file,), resolver.options_for):
            parts.append(viewed.report)
            if viewed.pod is not None:
                yield facts_of(viewed.pod)

    if unknown:
        _show_unknown(pods(), format_)
    else:
        _show(tuple(pods()), format_)
    return complain_about(Report.merged(parts), file)


def _show(pods: tuple[Pod, ...], format_: str) -> None:
    from podlint.facts.model import VERSION, Facts
    from podlint.facts.tree import lines_of

    if format_ == "json":
        write(_json(Facts(VERSION, pods)))
    else:
        write("\n".join(_text(lines_of(pod)) for pod in pods))


def _show_unknown(pods: Iterator[Pod], format_: str) -> None:
    """Print what is not understood in the pods, which are forgotten one by one."""
    from podlint.facts.unknown import account_of, lines_of

    account = account_of(pods)
    write(_json(account) if format_ == "json" else _text(lines_of(account)))


def _text(lines: Iterator[str]) -> str:
    """Lines for a terminal: what comes from a manifest in them is made visible."""
    color = is_colored()
    return "".join(paint([(opening(escape(line)), _style(line))], color) + "\n" for line in lines)


def _style(line: str) -> str:
    """Pods and what stands directly below them stand out, and so does what was not understood."""
    words = line.lstrip(" ")
    if words.startswith("not understood"):
        return severity_style(Severity.WARNING)
    return {0: STRONG, 2: RELATED}.get(len(line) - len(words), PLAIN)


def _json(found: Facts | Account) -> str:
    from msgspec import to_builtins

    from podlint.report.json_text import json_text

    return json_text(to_builtins(found))
