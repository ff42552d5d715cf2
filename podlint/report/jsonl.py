"""The report for programs that read line by line: each line a JSON object that says what it is."""

from __future__ import annotations

from podlint.findings import Report
from podlint.report.json_report import document
from podlint.report.json_text import json_line
from podlint.report.options import RenderOptions

TYPES = {
    "findings": "finding",
    "suppressed": "suppressed",
    "omitted": "omitted",
    "unread": "unread",
    "skipped": "skipped",
    "notUnderstood": "notUnderstood",
}
"""The lists of the document of `json`, and the `type` that their members have here."""


def render(report: Report, options: RenderOptions) -> str:
    """The members of the lists, then the summary: without it the report is not complete."""
    whole = document(report, options)
    lines = [json_line({"type": type_, **one}) for name, type_ in TYPES.items() for one in whole[name]]
    summary = {"type": "summary", "schema": whole["schema"], "tool": whole["tool"], **whole["summary"]}
    return "".join([*lines, json_line(summary)])
