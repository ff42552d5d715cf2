"""From a report to rows of the output."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, TypeAlias

from podlint.display.escape import path_text, replace_surrogates
from podlint.findings import Finding, Report
from podlint.source.span import Region

OutRow: TypeAlias = dict[str, Any]
"""Columns by name; what is missing is null."""


def rows_of(report: Report) -> Iterator[OutRow]:
    """All that was found, but for the account of each file."""
    for finding in report.findings:
        yield {"kind": "finding", **_finding(finding)}
    for one in report.suppressed:
        reason = replace_surrogates(one.reason)
        yield {"kind": "suppressed", **_finding(one.finding), "detail": one.by, "reason": reason}
    for more in report.omitted:
        yield {
            "kind": "omitted",
            "path": path_text(more.path),
            "rule": more.rule,
            "severity": more.severity.value,
            "count": more.count,
        }
    for skipped in report.skipped:
        yield {
            "kind": "skipped",
            "path": path_text(skipped.path),
            "line": skipped.line,
            "detail": skipped.kind,
            "reason": replace_surrogates(skipped.reason),
        }
    for unclear in report.not_understood:
        yield {
            "kind": "not-understood",
            **_region(unclear.region),
            "pod": replace_surrogates(unclear.pod),
            "container": replace_surrogates(unclear.container),
            "reason": replace_surrogates(unclear.reason),
        }


def _finding(finding: Finding) -> OutRow:
    words = {
        "rule": finding.rule,
        "message": finding.message,
        "outcome": finding.outcome,
        "help": finding.help,
        "label": finding.primary.text,
        "namespace": finding.namespace,
        "pod": finding.pod,
        "container": finding.container,
        "object": finding.object,
        "object_path": finding.object_path,
    }
    return {
        **_region(finding.primary.region),
        **{name: replace_surrogates(text) for name, text in words.items() if text},
        "severity": finding.severity.value,
        "certain": finding.certain,
        "fingerprint": finding.identity,
    }


def _region(region: Region) -> OutRow:
    return {
        "path": path_text(region.path),
        "line": region.start.line,
        "column": region.start.column,
        "end_line": region.end.line,
        "end_column": region.end.column,
    }
