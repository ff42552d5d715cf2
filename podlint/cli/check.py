"""`podlint check`: analyse manifests and report what is wrong with them."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

import click

from podlint.cli.console import complain, write
from podlint.cli.exit_codes import ExitCode, exit_code
from podlint.cli.rule_names import parse_rule_names
from podlint.engine.options import Options
from podlint.findings import Report, Severity

_SEVERITIES = click.Choice(["error", "warning", "info"])
_FORMATS = click.Choice(["text", "json", "sarif"])


@click.command(short_help="Check manifests.")
@click.argument("paths", nargs=-1, metavar="[PATH]...")
@click.option("--format", "format_", type=_FORMATS, default="text", show_default=True, help="How to report.")
@click.option("--output", metavar="FILE", help="Write the report to FILE instead of standard output.")
@click.option(
    "--select",
    multiple=True,
    metavar="RULE",
    callback=parse_rule_names,
    help="Only these rules (a,b or repeated).",
)
@click.option(
    "--ignore",
    multiple=True,
    metavar="RULE",
    callback=parse_rule_names,
    help="Not these rules (a,b or repeated).",
)
@click.option(
    "--min-severity",
    type=_SEVERITIES,
    default="warning",
    show_default=True,
    help="The least severity that is shown.",
)
@click.option(
    "--fail-on",
    type=_SEVERITIES,
    default="warning",
    show_default=True,
    help="The least severity that exits with 1.",
)
@click.option("--strict", is_flag=True, help="Exit with 3 also when anything was skipped or not understood.")
@click.option("--exit-zero", is_flag=True, help="Exit with 0 even if there are findings.")
@click.option(
    "--stdin-filename",
    default="<stdin>",
    metavar="NAME",
    help="What to call standard input (the path '-') in reports.",
)
def check(
    *,
    paths: tuple[str, ...],
    format_: str,
    output: str | None,
    select: frozenset[str],
    ignore: frozenset[str],
    min_severity: str,
    fail_on: str,
    strict: bool,
    exit_zero: bool,
    stdin_filename: str,
) -> int:
    """Check the manifests at each PATH: a file, a directory (searched for .yaml, .yml and .json files,
    leaving out what .gitignore names), or '-' for standard input. Without a PATH: the current directory.

    Exits with 0 when nothing is wrong, 1 when there are findings, 2 when an option makes no sense, and 3 when
    something could not be read.
    """
    report = _lint(paths or (".",), Options(select, ignore), stdin_filename)
    if not (report.files or report.unread):
        complain("no .yaml, .yml or .json file was found: " + ", ".join(paths or (".",)))
    rendered = _render(report, format_, Severity(min_severity), to_file=output is not None)
    code = exit_code(report, Severity(fail_on), strict=strict, exit_zero=exit_zero)
    return _deliver(rendered, output, code)


def _lint(paths: Sequence[str], options: Options, stdin_filename: str) -> Report:
    from podlint.engine.run import lint_paths

    return lint_paths(paths, options, stdin=sys.stdin.buffer, stdin_filename=stdin_filename)


def _render(report: Report, format_: str, least: Severity, *, to_file: bool) -> str:
    from podlint.report import RENDERERS, RenderOptions
    from podlint.report.terminal import use_color

    color = format_ == "text" and not to_file and use_color(sys.stdout, os.environ)
    return RENDERERS[format_](report, RenderOptions(least=least, color=color, root=os.getcwd()))


def _deliver(rendered: str, output: str | None, code: ExitCode) -> ExitCode:
    """Hand the report over; returns the exit code, which is another one where that failed."""
    if output is None:
        write(rendered)
        return code
    try:
        with open(output, "w", encoding="utf-8", errors="backslashreplace", newline="\n") as file:
            file.write(rendered)
    except OSError as error:
        complain(f"cannot write the report to {output!r}: {error.strerror or error}")
        return ExitCode.USAGE
    return code
