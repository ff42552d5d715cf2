"""Which picture shows the pod of a finding, and as which number the finding stands in it."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec.structs import replace

from podlint.findings import Finding
from podlint.picture.carrying import unpacked
from podlint.picture.model import Mark, Picture

_Pod = tuple[str, str, str]
_Place = tuple[str, str, int, int]


class Pictures:
    """The pictures that a report carries."""

    def __init__(self, packed: Iterable[str]) -> None:
        self._of: dict[_Pod, list[Picture]] = {}
        for picture in map(unpacked, packed):
            title = f"{picture.kind}/{picture.name}"
            self._of.setdefault((picture.at.path, picture.namespace, title), []).append(picture)

    def of(self, finding: Finding) -> Picture | None:
        """The picture of the pod that a finding is about. The finding may stand in another file, a ConfigMap,
        and then has a label in that of the pod."""
        for label in (finding.primary, *finding.related):
            region = label.region
            found = self._of.get((region.path, finding.namespace, finding.pod), ())
            before = [one for one in found if one.at.line <= region.start.line]
            if found:
                return before[-1] if before else found[0]
        return None


def numbered(picture: Picture, findings: Iterable[Finding]) -> tuple[Picture, dict[int, int]]:
    """The picture with no other findings than these, and the number of each that it shows by its index.

    A run draws what its rules say; what is old, or below the severity that is shown, is left out of a report.
    """
    marks: dict[_Place, Mark] = {}
    for mark in picture.marks:
        marks.setdefault((mark.rule, mark.at.path, mark.at.line, mark.at.column), mark)
    kept: list[Mark] = []
    numbers: dict[int, int] = {}
    for index, finding in enumerate(findings):
        region = finding.primary.region
        place = (finding.rule, region.path, *region.start)
        if place in marks:
            mark = marks.pop(place)
            numbers[index] = len(kept) + 1
            kept.append(replace(mark, number=len(kept) + 1))
    return replace(picture, marks=tuple(kept)), numbers
