"""The report for people: a frame for each finding, then what was not read, then the account."""

from __future__ import annotations

from podlint.findings import Report
from podlint.report.account import closing_line, draw_gaps, draw_omitted
from podlint.report.escape import escape
from podlint.report.frame import draw_finding
from podlint.report.options import RenderOptions, shown_findings
from podlint.report.terminal import STRONG, Run, paint


def render(report: Report, options: RenderOptions) -> str:
    """Lines that each end in a line feed; nothing from a manifest in them is a control character."""
    shown = shown_findings(report, options.least)
    rows: list[list[Run]] = []
    for finding in shown:
        rows += draw_finding(finding)
        rows.append([])
    gaps = [*draw_omitted(report, options.least), *draw_gaps(report)]
    if gaps:
        rows += [*gaps, []]
    rows.append([(closing_line(report, options.least), STRONG)])
    if shown:
        rows.append([(f"more about a rule: podlint explain {escape(shown[0].rule)}", "")])
    return "".join(paint(row, options.color) + "\n" for row in rows)
