"""What stays the same about a finding while the file around it changes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from podlint.findings import Finding
from podlint.source.span import Region

VERSION = "podlintFinding/v1"
"""Changes whenever the same finding would get another fingerprint."""


def covered_text(region: Region) -> str | None:
    """The characters of a region, lines joined by line feeds; None when it has more lines than it holds."""
    if len(region.lines) != region.end.line - region.start.line + 1:
        return None
    *before, last = region.lines
    return "\n".join([*before, last[: region.end.column - 1]])[region.start.column - 1 :]


def fingerprints(findings: Iterable[Finding], identities: dict[str, str]) -> Iterator[str]:
    """A fingerprint for each finding, in order; `identities` says how each path is called on every machine.

    It is made of rule, path, pod, container and what the primary label covers, blanks made equal; lines and
    columns are no part of it. Findings that are equal in all this are told apart by a number in their order.
    """
    from hashlib import sha256

    seen: Counter[str] = Counter()
    for finding in findings:
        region = finding.primary.region
        words = " ".join((covered_text(region) or "\n".join(region.lines)).split())
        parts = (finding.rule, identities[region.path], finding.pod, finding.container, words)
        digest = sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:32]
        seen[digest] += 1
        yield f"{digest}:{seen[digest]}"
