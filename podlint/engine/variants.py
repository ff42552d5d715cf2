"""Variants: what is found in several renderings of one template is told once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Sequence

from msgspec.structs import replace

from podlint.findings import Finding, Report
from podlint.source.span import Region


def tell_once(reports: Sequence[Report]) -> None:
    """Leave out of reports what an earlier one tells of the same place in another rendering, which then names
    both. What one rendering shows several times stays so many."""
    found: dict[Hashable, tuple[list[Finding], int]] = {}
    known: set[Hashable] = set()
    for report in reports:
        report.findings = _new_findings(report.findings, found)
        report.suppressed = [one for one in report.suppressed if _is_new((one.by, _key(one.finding)), known)]
        report.not_understood = [
            one
            for one in report.not_understood
            if _is_new((_place(one.region), one.pod, one.container, one.reason), known)
        ]
        report.skipped = [one for one in report.skipped if _is_new((one.path, one.line, one.kind), known)]


def _new_findings(
    findings: Sequence[Finding], found: dict[Hashable, tuple[list[Finding], int]]
) -> list[Finding]:
    """Those that no earlier report has found; `found` says where these stand, each with its number among
    those that are equal in one report."""
    kept: list[Finding] = []
    seen: Counter[Hashable] = Counter()
    for finding in findings:
        key = _key(finding)
        seen[key] += 1
        earlier = found.get((key, seen[key])) if finding.variants else None
        if earlier is None:
            found[key, seen[key]] = (kept, len(kept))
            kept.append(finding)
        else:
            where, index = earlier
            first = where[index]
            together = tuple(dict.fromkeys((*first.variants, *finding.variants)))
            where[index] = replace(first, variants=together)
    return kept


def _key(finding: Finding) -> Hashable:
    return (finding.rule, _place(finding.primary.region), finding.message)


def _place(region: Region) -> Hashable:
    return (region.path, region.offset, region.length)


def _is_new(key: Hashable, seen: set[Hashable]) -> bool:
    if key in seen:
        return False
    seen.add(key)
    return True
