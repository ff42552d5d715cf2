"""`podlint check`: the options of the check."""

from __future__ import annotations

import os
from time import strftime
from typing import Unpack

import click
from msgspec.structs import replace

from podlint.cli.checking import check_paths
from podlint.cli.exit_codes import ExitCode
from podlint.cli.run_options import Looked, input_options, rule_options, settings_of
from podlint.cli.runs import DEFAULTS
from podlint.engine.inputs import STDIN
from podlint.report import RENDERERS

_FORMATS = tuple(name for name in RENDERERS if name != "statistics")


def _parse_reports(
    _context: click.Context, _option: click.Parameter, written: tuple[str, ...]
) -> tuple[tuple[str, str], ...]:
    reports = []
    for one in written:
        format_, _, file = one.partition("=")
        if format_ not in _FORMATS:
            raise click.BadParameter(f"{format_!r} is not one of {', '.join(_FORMATS)}.")
        if not file:
            raise click.BadParameter(f"{one!r} names no file; write {format_}=FILE.")
        if file == "-":
            raise click.BadParameter("--format is for standard output.")
        reports.append((format_, file))
    files = [file for _, file in reports]
    if len({os.path.abspath(file) for file in files}) < len(files):
        raise click.BadParameter("two reports cannot be written to one file.")
    return tuple(reports)


def _fault_of(reason: str) -> str:
    """Why an ignore with this reason would not count; empty where it would."""
    from podlint.suppress.directive import Terms, because

    why = because(reason)
    if "#" in reason:
        return "a '#' would begin another comment."
    if not reason.isprintable():
        return "it holds a character that cannot be seen."
    if not why.reason:
        return "it gives no reason."
    if Terms(today=strftime("%Y-%m-%d")).is_over(why.until):
        return f"{why.until} is over."
    return f"{why.fault}." if why.fault else ""


def _reason(add_ignores: bool, reason: str | None, paths: tuple[str, ...]) -> str | None:
    """What is written behind the ignores that are added; None where none are."""
    if not add_ignores:
        if reason is not None:
            raise click.UsageError("--reason is what --add-ignores writes, which is not given.")
        return None
    words = " ".join((reason or "").split())
    if not words:
        raise click.UsageError("--add-ignores needs a --reason.")
    if fault := _fault_of(words):
        raise click.BadParameter(fault, param_hint="'--reason'")
    if STDIN in paths:
        raise click.UsageError("--add-ignores cannot write to standard input.")
    return words


@click.command(short_help="Check manifests.")
@click.argument("paths", nargs=-1, metavar="[PATH]...")
@click.option(
    "--format",
    "format_",
    type=click.Choice(_FORMATS),
    default=DEFAULTS.format,
    show_default=True,
    help="How to report on standard output.",
)
@click.option(
    "--statistics",
    is_flag=True,
    help="Print how many findings there are of each rule and in each directory, instead of each finding.",
)
@click.option(
    "--report",
    "reports",
    multiple=True,
    metavar="FORMAT=FILE",
    callback=_parse_reports,
    help="Also write a report to FILE; can be repeated.",
)
@click.option(
    "--color",
    type=click.Choice(["auto", "always", "never"]),
    default=DEFAULTS.color,
    show_default=True,
    help="Whether to print colours; auto: on a terminal.",
)
@click.option(
    "--no-annotations",
    is_flag=True,
    help="In GitHub Actions, add no annotations to the text format.",
)
@rule_options
@click.option(
    "--strict",
    is_flag=True,
    help="Exit with 3 also when anything was skipped or not understood, and name it.",
)
@click.option("--exit-zero", is_flag=True, help="Exit with 0 even if there are findings.")
@click.option("--baseline", metavar="FILE", help="Report only what is not in the baseline FILE.")
@click.option(
    "--since",
    metavar="REV",
    help="Report only what is on lines that git has changed since REV, which means asking git.",
)
@input_options
@click.option(
    "--add-ignores",
    is_flag=True,
    help="Write a comment into the files for each finding that is shown, so that it is ignored.",
)
@click.option("--reason", metavar="TEXT", help="Why: what --add-ignores writes behind each.")
@click.option(
    "--stdin-filename",
    default=DEFAULTS.stdin_filename,
    metavar="NAME",
    help="What to call standard input (the path '-') in reports.",
)
@click.option("--hook", is_flag=True, hidden=True)
def check(
    *,
    paths: tuple[str, ...],
    format_: str,
    statistics: bool,
    reports: tuple[tuple[str, str], ...],
    color: str,
    no_annotations: bool,
    strict: bool,
    exit_zero: bool,
    baseline: str | None,
    since: str | None,
    add_ignores: bool,
    reason: str | None,
    stdin_filename: str,
    hook: bool,
    **looked: Unpack[Looked],
) -> ExitCode:
    """Check the manifests at each PATH: a file, a directory (searched for .yaml, .yml and .json files,
    leaving out what git ignores), or '-' for standard input. Without a PATH: the current directory.

    Exits with 0 when nothing is wrong, 1 when there are findings, 2 when an option makes no sense, and 3 when
    something could not be read.
    """
    if statistics and format_ != "text":
        raise click.UsageError(f"--statistics is a form of text, not of {format_}")
    settings = replace(
        settings_of(looked),
        format="statistics" if statistics else format_,
        reports=reports,
        color=color,
        annotations=not no_annotations,
        strict=strict,
        exit_zero=exit_zero,
        baseline=baseline,
        since=since,
        add_ignores=_reason(add_ignores, reason, paths),
        stdin_filename=stdin_filename,
        hook=hook,
    )
    return check_paths(paths, settings)
