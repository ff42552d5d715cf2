"""The report for programs: the versioned JSON document that `podlint-report.schema.json` describes."""

from __future__ import annotations

from typing import Any

from podlint import __version__
from podlint.display.escape import path_text, replace_surrogates
from podlint.findings import Finding, Label, Report, Severity
from podlint.report.json_text import Json, json_text
from podlint.report.options import RenderOptions, shown_findings, shown_omitted, shown_suppressed
from podlint.source.span import Region

SCHEMA = "podlint-report/1"
"""Name and version of the document; within a version fields are only added, and none changes its sense."""


def render(report: Report, options: RenderOptions) -> str:
    """The document as ASCII, indented by two spaces."""
    return json_text(document(report, options))


def document(report: Report, options: RenderOptions) -> dict[str, Any]:
    """The document; see the schema for its fields."""
    return {
        "schema": SCHEMA,
        "tool": {"name": "podlint", "version": __version__},
        "configurations": [path_text(path) for path in report.configurations],
        "summary": _summary(report, options.least),
        "findings": [_finding(finding) for finding in shown_findings(report, options.least)],
        "suppressed": [
            {"finding": _finding(one.finding), "by": _text(one.by), "reason": _text(one.reason)}
            for one in shown_suppressed(report, options.least)
        ],
        "omitted": [
            {
                "path": path_text(more.path),
                "rule": _text(more.rule),
                "severity": more.severity.value,
                "count": more.count,
            }
            for more in shown_omitted(report, options.least)
        ],
        "unread": [{"path": path_text(one.path), "reason": _text(one.reason)} for one in report.unread],
        "skipped": [
            {
                "path": path_text(one.path),
                "line": one.line,
                "kind": _text(one.kind),
                "reason": _text(one.reason),
            }
            for one in report.skipped
        ],
        "notUnderstood": [
            {
                **_region(one.region),
                "pod": _text(one.pod),
                "container": _text(one.container),
                "reason": _text(one.reason),
            }
            for one in report.not_understood
        ],
    }


def _text(text: str) -> str:
    """Text as Unicode can carry it."""
    return replace_surrogates(text)


def _summary(report: Report, least: Severity) -> Json:
    """What was seen and how many findings there are; `hidden` ones are below `minSeverity`."""
    counts = report.counts(least)
    shown = sum(counts.values())
    return {
        "files": report.files,
        "documents": report.documents,
        "pods": report.pods,
        "containers": report.containers,
        "scripts": report.scripts,
        "controlled": report.controlled,
        "findings": shown,
        "errors": counts[Severity.ERROR],
        "warnings": counts[Severity.WARNING],
        "infos": counts[Severity.INFO],
        "minSeverity": least.value,
        "hidden": sum(report.counts().values()) - shown,
        "omitted": sum(more.count for more in shown_omitted(report, least)),
        "unread": len(report.unread),
        "skipped": len(report.skipped),
        "notUnderstood": len(report.not_understood),
        "ignored": report.ignored,
        "stale": report.stale,
        "unchanged": sum(count for level, count in report.unchanged.items() if level.rank >= least.rank),
        "excluded": report.excluded,
        "suppressed": len(shown_suppressed(report, least)),
        "charts": report.charts,
        "kustomizations": report.kustomizations,
    }


def _finding(finding: Finding) -> dict[str, Json]:
    """One finding; words that it does not have are empty strings, labels empty lists."""
    return {
        "rule": _text(finding.rule),
        "severity": finding.severity.value,
        "message": _text(finding.message),
        "outcome": _text(finding.outcome),
        "help": _text(finding.help),
        "namespace": _text(finding.namespace),
        "pod": _text(finding.pod),
        "container": _text(finding.container),
        "object": _text(finding.object),
        "objectPath": _text(finding.object_path),
        "identity": finding.identity,
        "primary": _label(finding.primary),
        "related": [_label(label) for label in finding.related],
        "route": [_label(label) for label in finding.route],
        **({"variants": [_text(one) for one in finding.variants]} if finding.variants else {}),
    }


def _label(label: Label) -> Json:
    """A region with its words."""
    return {**_region(label.region), "text": _text(label.text)}


def _region(region: Region) -> dict[str, Json]:
    """Lines and columns are 1-based, columns count code points, the end is exclusive."""
    return {
        "path": path_text(region.path),
        "startLine": region.start.line,
        "startColumn": region.start.column,
        "endLine": region.end.line,
        "endColumn": region.end.column,
        **_rendered(region),
    }


def _rendered(region: Region) -> dict[str, Json]:
    """What only a region of a template has, or of what was rendered from one."""
    also = region.also
    found: dict[str, Json] = {}
    if region.template:
        found["template"] = _text(region.template)
    if region.rendered:
        found["rendered"] = [_text(line) for line in region.rendered]
    if region.about:
        found["about"] = True
    if also is not None:
        line, column = also.start
        found["also"] = {"path": path_text(also.path), "line": line, "column": column, "key": _text(also.key)}
    return found
