"""The report for reviewdog: one `DiagnosticResult` of the Reviewdog Diagnostic Format as JSON."""

from __future__ import annotations

from podlint.display.escape import escape, replace_surrogates
from podlint.findings import Report, Severity
from podlint.report.json_text import Json, json_text
from podlint.report.options import RenderOptions
from podlint.report.paths import relative_path
from podlint.report.remarks import Remark, remarks
from podlint.source.span import Position, Region

_SEVERITIES = {Severity.ERROR: "ERROR", Severity.WARNING: "WARNING", Severity.INFO: "INFO"}


def render(report: Report, options: RenderOptions) -> str:
    """The document, with the names that reviewdog.proto has for its fields."""
    diagnostics: list[Json] = [_diagnostic(one, options) for one in remarks(report, options.least)]
    return json_text({"source": {"name": "podlint"}, "diagnostics": diagnostics})


def _diagnostic(remark: Remark, options: RenderOptions) -> Json:
    diagnostic: dict[str, Json] = {
        "message": "\n".join(remark.parts),
        "location": _location(remark.path, remark.region, options),
        "severity": _SEVERITIES[remark.severity],
        "code": {"value": escape(remark.rule)},
    }
    related = remark.finding.related if remark.finding is not None else ()
    if related:
        diagnostic["related_locations"] = [
            {"message": escape(label.text), "location": _location(label.region.path, label.region, options)}
            for label in related
        ]
    return diagnostic


def _location(path: str, region: Region | None, options: RenderOptions) -> Json:
    name, _ = relative_path(path, options.root)
    location: dict[str, Json] = {"path": escape(name)}
    if region is not None:
        location["range"] = _range(region)
    return location


def _range(region: Region) -> Json:
    """Columns count bytes of UTF-8, the end exclusive; without them the range is one of whole lines."""
    start: dict[str, Json] = {"line": region.start.line}
    end: dict[str, Json] = {"line": region.end.line}
    first, last = _column(region, region.start), _column(region, region.end)
    if first is not None and last is not None:
        start["column"], end["column"] = first, last
    return {"start": start, "end": end}


def _column(region: Region, position: Position) -> int | None:
    """A column in bytes; None where what stands before it was not kept."""
    index = position.line - region.start.line
    before = position.column - 1
    if index >= len(region.lines) or (index == 0 and region.left) or before > len(region.lines[index]):
        return None
    return len(replace_surrogates(region.lines[index][:before]).encode()) + 1
