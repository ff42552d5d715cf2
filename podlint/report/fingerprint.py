"""What stays the same about a finding while the file around it changes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from podlint.findings import Finding

VERSION = "podlintFinding/v1"
"""Changes whenever the same finding would get another fingerprint."""


def fingerprints(findings: Iterable[Finding], identities: dict[str, str]) -> Iterator[str]:
    """A fingerprint for each finding, in order; `identities` says how each path is called on every machine.

    It is made of rule, path, pod, container and what the primary label covers, blanks made equal; lines and
    columns are no part of it. Findings that are equal in all this are told apart by a number in their order.
    """
    from hashlib import sha256

    seen: Counter[str] = Counter()
    for finding in findings:
        region = finding.primary.region
        words = " ".join(region.gist().split())
        parts = (finding.rule, identities[region.path], finding.pod, finding.container, words)
        digest = sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:32]
        seen[digest] += 1
        yield f"{digest}:{seen[digest]}"
