"""What the process says when it ends: four numbers, the same for every format."""

from __future__ import annotations

from enum import IntEnum

from podlint.findings import Report, Severity


class ExitCode(IntEnum):
    """The exit codes of podlint."""

    CLEAN = 0
    FINDINGS = 1
    USAGE = 2
    UNREAD = 3
    INTERRUPTED = 130
    """What shells report for a process that SIGINT ended."""


def exit_code(report: Report, fail_on: Severity, *, strict: bool, exit_zero: bool) -> ExitCode:
    """The exit code of a run. Something unread outranks findings: the run was not complete.

    `exit_zero` forgives findings only, `strict` also counts what was skipped or not understood as unread.
    """
    if report.unread or (strict and (report.skipped or report.not_understood)):
        return ExitCode.UNREAD
    if report.counts(fail_on) and not exit_zero:
        return ExitCode.FINDINGS
    return ExitCode.CLEAN
