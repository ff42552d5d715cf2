"""The overview of a report: how many findings there are of each rule, and in each directory."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator

from podlint.display.escape import escape
from podlint.findings import Report, Severity
from podlint.report.account import draw_account
from podlint.report.options import RenderOptions, shown_findings, shown_omitted
from podlint.report.terminal import PLAIN, STRONG, Run, paint, severity_style

MAX_DIRECTORIES = 20
"""How many directories are named before the rest is only counted."""


def render(report: Report, options: RenderOptions) -> str:
    """A table of the rules and one of the directories, the most frequent first, then the account."""
    rules: Counter[tuple[str, Severity]] = Counter()
    directories: Counter[str] = Counter()
    for finding in shown_findings(report, options.least):
        rules[finding.rule, finding.severity] += 1
        directories[os.path.dirname(finding.primary.region.path) or "."] += 1
    for more in shown_omitted(report, options.least):
        rules[more.rule, more.severity] += more.count
        directories[os.path.dirname(more.path) or "."] += more.count
    rows: list[list[Run]] = []
    if rules:
        width = len(str(directories.total()))
        rows += [*_rules(rules, width), [], *_directories(directories, width), []]
    rows += draw_account(report, options)
    return "".join(paint(row, options.color) + "\n" for row in rows)


def _rules(rules: Counter[tuple[str, Severity]], width: int) -> Iterator[list[Run]]:
    yield [("by rule", STRONG)]
    for (rule, severity), number in sorted(rules.items(), key=lambda one: (-one[1], one[0][0])):
        yield [
            (f"  {number:{width}}  ", PLAIN),
            (f"{severity.value:<7}", severity_style(severity)),
            (f"  {escape(rule)}", PLAIN),
        ]


def _directories(directories: Counter[str], width: int) -> Iterator[list[Run]]:
    yield [("by directory", STRONG)]
    ordered = sorted(directories.items(), key=lambda one: (-one[1], one[0]))
    for directory, number in ordered[:MAX_DIRECTORIES]:
        yield [(f"  {number:{width}}  {escape(directory)}", PLAIN)]
    rest = ordered[MAX_DIRECTORIES:]
    if rest:
        number = sum(number for _, number in rest)
        yield [(f"  {number:{width}}  in {len(rest)} more", PLAIN)]
