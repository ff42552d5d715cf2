"""What every renderer is told."""

from __future__ import annotations

from msgspec import Struct

from podlint.findings import Finding, Omitted, Report, Severity


class RenderOptions(Struct, frozen=True):
    """`least` is the severity below which findings are hidden, in every format."""

    least: Severity = Severity.WARNING
    color: bool = False
    """Whether to write SGR colour sequences; only the text format knows them."""
    root: str = ""
    """The absolute directory that relative paths start from (usually the current one); empty when unknown."""


def shown_findings(report: Report, least: Severity) -> list[Finding]:
    """The findings at or above `least`, in the order of the report."""
    return [finding for finding in report.findings if finding.severity.rank >= least.rank]


def shown_omitted(report: Report, least: Severity) -> list[Omitted]:
    """What is not listed of the findings at or above `least`."""
    return [more for more in report.omitted if more.severity.rank >= least.rank]
