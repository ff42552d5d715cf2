"""The report as workflow commands, of which GitHub Actions makes annotations on the lines of a change."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from podlint.display.escape import escape
from podlint.findings import Report, Severity
from podlint.report.account import draw_account
from podlint.report.options import RenderOptions
from podlint.report.paths import relative_path
from podlint.report.remarks import Remark, remarks
from podlint.report.terminal import paint

MAX_ANNOTATIONS = 10
"""Annotations of one level that GitHub keeps of a step; more are dropped without a word."""

_COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}

# What a value may not hold, as the runner decodes it (actions/runner, ActionCommand.cs).
_DATA = str.maketrans({"%": "%25", "\r": "%0D", "\n": "%0A"})
_PROPERTY = str.maketrans({"%": "%25", "\r": "%0D", "\n": "%0A", ":": "%3A", ",": "%2C"})


def render(report: Report, options: RenderOptions) -> str:
    """A command for each finding and for what was not read, then the account in plain lines."""
    lines = [_command(remark, options) for remark in remarks(report, options.least)]
    lines += [paint(row, color=False) for row in draw_account(report, options)]
    return "".join(f"{line}\n" for line in lines)


def annotate(report: Report, options: RenderOptions) -> list[str]:
    """The lines that annotate as much as GitHub shows, in a group that its log folds; none where there is
    nothing to annotate."""
    told = list(remarks(report, options.least))
    kept = list(_first(told))
    if not kept:
        return []
    lines = ["::group::annotations", *(_command(remark, options) for remark in kept), "::endgroup::"]
    if len(kept) < len(told):
        lines.append(
            f"annotated: {len(kept)} of {len(told)}, as GitHub shows {MAX_ANNOTATIONS} errors and "
            f"{MAX_ANNOTATIONS} warnings of a step"
        )
    return lines


def _first(told: Iterable[Remark]) -> Iterator[Remark]:
    seen: Counter[Severity] = Counter()
    for remark in told:
        seen[remark.severity] += 1
        if seen[remark.severity] <= MAX_ANNOTATIONS:
            yield remark


def _command(remark: Remark, options: RenderOptions) -> str:
    path, _ = relative_path(remark.path, options.root, options.repository)
    properties = {"file": escape(path)}
    region = remark.region
    if region is not None:
        properties |= {"line": str(region.start.line), "endLine": str(region.end.line)}
        if region.start.line == region.end.line:
            # Of a region of several lines the runner takes no column.
            properties["col"] = str(region.start.column)
    properties["title"] = f"podlint: {escape(remark.rule)}"
    written = ",".join(f"{name}={value.translate(_PROPERTY)}" for name, value in properties.items())
    return f"::{_COMMANDS[remark.severity]} {written}::{chr(10).join(remark.parts).translate(_DATA)}"
