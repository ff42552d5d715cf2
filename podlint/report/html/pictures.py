"""Which picture shows the pod of a finding, and as which number the finding stands in it."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec.structs import replace

from podlint.findings import Finding
from podlint.picture.carrying import unpacked
from podlint.picture.model import Mark, Picture

_Pod = tuple[str, str]
_Place = tuple[str, str, int, int]


class Pictures:
    """The pictures that a report carries."""

    def __init__(self, packed: Iterable[str]) -> None:
        self._marked: dict[tuple[_Pod, _Place], Picture] = {}
        self._in_file: dict[tuple[_Pod, str], list[Picture]] = {}
        for picture in map(unpacked, packed):
            name = f"{picture.kind}/{picture.name}" if picture.name else picture.kind
            pod = (picture.namespace, name)
            self._in_file.setdefault((pod, picture.at.path), []).append(picture)
            for mark in picture.marks:
                self._marked.setdefault((pod, _place_of(mark)), picture)

    def of(self, finding: Finding) -> Picture | None:
        """The picture that shows a finding; else that of its pod, which a picture may have too many findings
        to show."""
        pod = (finding.namespace, finding.pod)
        shown = self._marked.get((pod, _place(finding)))
        return shown or next(iter(self._in_file.get((pod, finding.primary.region.path), ())), None)


def _place(finding: Finding) -> _Place:
    region = finding.primary.region
    return (finding.rule, region.path, *region.start)


def _place_of(mark: Mark) -> _Place:
    return (mark.rule, mark.at.path, mark.at.line, mark.at.column)


def numbered(picture: Picture, findings: Iterable[Finding]) -> tuple[Picture, dict[int, int]]:
    """The picture with no other findings than these, and the number of each that it shows by its index.

    A run draws what its rules say; what is old, or below the severity that is shown, is left out of a report.
    """
    marks: dict[_Place, list[Mark]] = {}
    for mark in picture.marks:
        marks.setdefault(_place_of(mark), []).append(mark)
    kept: list[Mark] = []
    numbers: dict[int, int] = {}
    for index, finding in enumerate(findings):
        if here := marks.get(_place(finding)):
            numbers[index] = len(kept) + 1
            kept.append(replace(here.pop(0), number=len(kept) + 1))
    return replace(picture, marks=tuple(kept)), numbers
