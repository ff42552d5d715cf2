"""A report as a flat list, for formats that know nothing but a place and a text."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from podlint.display.escape import escape
from podlint.findings import Finding, Report, Severity
from podlint.report.options import shown_findings, shown_omitted
from podlint.report.sentences import sentence, sentences
from podlint.source.span import Region

NOT_READ = "file-not-read"
"""What stands for a rule where something could not be read."""


class Remark(Struct, frozen=True):
    """One thing to tell: a finding, a file that could not be read, or how many findings are not listed."""

    rule: str
    severity: Severity
    path: str
    parts: list[str]
    """Sentences, escaped; the first says what is wrong."""
    region: Region | None = None
    """None where the whole file is meant."""
    finding: Finding | None = None

    @property
    def text(self) -> str:
        """All of it on one line."""
        return " ".join(self.parts)


def remarks(report: Report, least: Severity) -> Iterator[Remark]:
    """The findings at or above `least`, then what is not listed of them, then what was not read."""
    for finding in shown_findings(report, least):
        region = finding.primary.region
        yield Remark(finding.rule, finding.severity, region.path, sentences(finding), region, finding)
    for more in shown_omitted(report, least):
        words = f"{more.count} more {'finding' if more.count == 1 else 'findings'} of this rule not listed."
        yield Remark(more.rule, more.severity, more.path, [words])
    for unread in report.unread:
        yield Remark(NOT_READ, Severity.ERROR, unread.path, [sentence(f"not read: {escape(unread.reason)}")])
