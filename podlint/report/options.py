"""What every renderer is told."""

from __future__ import annotations

from msgspec import Struct

from podlint.findings import Finding, Omitted, Report, Severity, Suppressed


class RenderOptions(Struct, frozen=True):
    """`least` is the severity below which findings are hidden, in every format."""

    least: Severity = Severity.WARNING
    color: bool = False
    """Whether to write SGR colour sequences; only formats for people know them."""
    root: str = ""
    """The absolute directory that relative paths start from (usually the current one); empty when unknown."""
    repository: str = ""
    """The absolute directory from which servers know the files (the top of a git work tree); empty where that
    is `root`."""
    strict: bool = False
    """Whether to name each thing that was skipped or not understood, as each is a reason to fail."""
    annotations: bool = False
    """Whether the text format adds commands that make GitHub Actions annotate lines."""


def shown_findings(report: Report, least: Severity) -> list[Finding]:
    """The findings at or above `least`, in the order of the report."""
    return [finding for finding in report.findings if finding.severity.rank >= least.rank]


def shown_omitted(report: Report, least: Severity) -> list[Omitted]:
    """What is not listed of the findings at or above `least`."""
    return [more for more in report.omitted if more.severity.rank >= least.rank]


def shown_suppressed(report: Report, least: Severity) -> list[Suppressed]:
    """What is suppressed of the findings at or above `least`."""
    return [one for one in report.suppressed if one.finding.severity.rank >= least.rank]
