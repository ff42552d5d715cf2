"""`podlint baseline`: write down what is found today, so that `check --baseline` reports what is new."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Unpack

import click
from msgspec.structs import replace

from podlint.cli.console import complain, write
from podlint.cli.exit_codes import ExitCode
from podlint.cli.run_options import Looked, input_options, rule_options, settings_of
from podlint.cli.runs import Run, complaining
from podlint.display.escape import escape

if TYPE_CHECKING:
    from podlint.adoption.baseline import Baseline


@click.command(short_help="Write down what is found today.")
@click.argument("paths", nargs=-1, metavar="[PATH]...")
@click.option(
    "--baseline",
    metavar="FILE",
    help="The file.  [default: that of the configuration, else .podlint-baseline.json]",
)
@click.option("--prune", is_flag=True, help="Add nothing: only remove the entries that nothing matches.")
@rule_options
@input_options
def baseline(
    *, paths: tuple[str, ...], baseline: str | None, prune: bool, **looked: Unpack[Looked]
) -> ExitCode:
    """Write down what `podlint check` shows at each PATH today. With the file that this makes,
    `podlint check --baseline FILE` reports only what is new.

    Entries about other paths, and of rules that are not asked for, stay as they are.
    """
    settings = replace(settings_of(looked), baseline=baseline)
    return complaining(lambda: _write(Run.of(paths, settings), prune))


def _write(run: Run, prune: bool) -> ExitCode:
    from podlint.adoption.baseline import NAME, compare, entries_of, written
    from podlint.cli.adopting import MAX_COMPARED, covered_by
    from podlint.cli.checking import nothing_found
    from podlint.cli.saving import save
    from podlint.report.account import count

    path = run.baseline or NAME
    before = _read(path, must_exist=prune)
    report = run.lint(MAX_COMPARED)
    if not report.files:
        complain(nothing_found(report, run.paths))
        return ExitCode.UNREAD
    for unread in report.unread:
        complain(f"not read: {unread.path}: {unread.reason}")
    found = list(entries_of(report, run.limits.shown, before.directory))
    compared = compare(report, before, covered_by(run, report, before.path_of))
    entries = [*compared.matched, *compared.beyond] if prune else [*found, *compared.beyond]
    if not save(written(entries), path, run.paths, "baseline"):
        return ExitCode.USAGE
    removed = f", {count(len(compared.stale), 'stale entry')} removed" if compared.stale else ""
    write(f"{count(len(entries), 'finding')} in {escape(path)}{removed}\n")
    return ExitCode.UNREAD if report.unread else ExitCode.CLEAN


def _read(path: str, must_exist: bool) -> Baseline:
    from podlint.adoption.baseline import Baseline, BaselineError, read_baseline
    from podlint.cli.runs import UsageError

    if not must_exist and not os.path.lexists(path):
        return Baseline(os.path.dirname(os.path.abspath(path)), ())
    try:
        return read_baseline(path)
    except BaselineError as error:
        raise UsageError(str(error)) from None
