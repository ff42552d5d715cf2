"""The report for people: a frame for each finding, then what was not read, then the account."""

from __future__ import annotations

from collections import Counter

from podlint.display.escape import escape
from podlint.findings import Finding, Report
from podlint.report.account import closing_line, draw_gaps, draw_omitted
from podlint.report.frame import draw_finding
from podlint.report.options import RenderOptions, shown_findings
from podlint.report.terminal import PLAIN, STRONG, Run, paint

MAX_NAMED = 5
"""How many rules the last line names."""


def render(report: Report, options: RenderOptions) -> str:
    """Lines that each end in a line feed; nothing from a manifest in them is a control character."""
    shown = shown_findings(report, options.least)
    rows: list[list[Run]] = []
    for finding in shown:
        rows += draw_finding(finding)
        rows.append([])
    if options.annotations:
        from podlint.report.github import annotate

        rows += [[(line, PLAIN)] for line in annotate(report, options)]
    gaps = [*draw_omitted(report, options.least), *draw_gaps(report, options)]
    if gaps:
        rows += [*gaps, []]
    rows.append([(closing_line(report, options.least), STRONG)])
    if shown:
        rows.append([(f"more about a rule: podlint explain {_rules(shown)}", PLAIN)])
    return "".join(paint(row, options.color) + "\n" for row in rows)


def _rules(shown: list[Finding]) -> str:
    """The rules of some findings, the worst and most frequent first."""
    worst: dict[str, int] = {}
    for finding in shown:
        worst[finding.rule] = max(worst.get(finding.rule, 0), finding.severity.rank)
    counts = Counter(finding.rule for finding in shown)
    first, *others = sorted(counts, key=lambda rule: (-worst[rule], -counts[rule], rule))
    if not others:
        return escape(first)
    named = ", ".join(escape(rule) for rule in others[: MAX_NAMED - 1])
    more = f" and {len(others) - MAX_NAMED + 1} more" if len(others) >= MAX_NAMED else ""
    return f"{escape(first)} (or {named}{more})"
