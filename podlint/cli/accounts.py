"""What commands that only show pods say about what they could not read."""

from __future__ import annotations

from podlint.cli.console import complain
from podlint.cli.exit_codes import ExitCode
from podlint.findings import Report


def complain_about(report: Report, path: str) -> ExitCode:
    """Name what was not read at a path, and that there is no pod; returns the exit code that follows."""
    for unread in report.unread:
        complain(f"{unread.path}: {unread.reason}")
    for skipped in report.skipped:
        complain(f"{skipped.path}:{skipped.line}: skipped: {skipped.reason}")
    for finding in report.findings:
        region = finding.primary.region
        complain(f"{region.path}:{region.start.line}:{region.start.column}: {finding.message}")
    if not (report.pods or report.unread or report.skipped or report.findings):
        complain(f"{path}: no pod was found")
    return ExitCode.UNREAD if report.unread else ExitCode.CLEAN
