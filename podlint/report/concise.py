"""The report for editors, grep and narrow windows: one line for each finding, then the account."""

from __future__ import annotations

from podlint.display.escape import escape
from podlint.findings import Finding, Report
from podlint.report.account import draw_account
from podlint.report.options import RenderOptions, shown_findings
from podlint.report.terminal import PLAIN, Run, paint, severity_style


def render(report: Report, options: RenderOptions) -> str:
    """`path:line:column: severity[rule] message`, line by line."""
    rows = [_row(finding) for finding in shown_findings(report, options.least)]
    rows += draw_account(report, options)
    return "".join(paint(row, options.color) + "\n" for row in rows)


def _row(finding: Finding) -> list[Run]:
    region = finding.primary.region
    path = escape(region.path)
    if path.lstrip().startswith("::"):
        # GitHub Actions obeys a line that begins so.
        path = f"./{path}"
    return [
        (f"{path}:{region.start.line}:{region.start.column}: ", PLAIN),
        (f"{finding.severity.value}[{escape(finding.rule)}]", severity_style(finding.severity)),
        (f" {escape(finding.message)}", PLAIN),
    ]
