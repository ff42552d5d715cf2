"""The report for GitLab's Code Quality: a list of issues, as its merge requests show them."""

from __future__ import annotations

from hashlib import sha256

from podlint.display.escape import escape
from podlint.findings import Report, Severity
from podlint.report.json_text import json_text
from podlint.report.options import RenderOptions
from podlint.report.paths import relative_path
from podlint.report.remarks import remarks

_SEVERITIES = {Severity.ERROR: "major", Severity.WARNING: "minor", Severity.INFO: "info"}


def render(report: Report, options: RenderOptions) -> str:
    """A JSON array. GitLab shows one of all issues with the same fingerprint, so each has its own."""
    issues = []
    for remark in remarks(report, options.least):
        lines = {"begin": 1}
        if remark.region is not None:
            lines = {"begin": remark.region.start.line, "end": remark.region.end.line}
        path, _ = relative_path(remark.path, options.root, options.repository)
        mark = remark.finding.identity if remark.finding else _hashed(remark.rule, path, remark.text)
        issues.append(
            {
                "description": remark.text,
                "check_name": escape(remark.rule),
                "fingerprint": mark,
                "severity": _SEVERITIES[remark.severity],
                "location": {"path": escape(path), "lines": lines},
            }
        )
    return json_text(issues)


def _hashed(*parts: str) -> str:
    return sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:32]
