"""At which crossing of container and row a finding is."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Sequence

from msgspec import Struct

from podlint.findings import Finding
from podlint.picture.rows import Gathered
from podlint.source.span import Region, Span
from podlint.storage.view import ContainerView

MAX_NEAR = 64
"""Places around that of a finding that are looked at in either direction."""


class Crossing(Struct, frozen=True, eq=False):
    """Where a finding is drawn: see `Mark`."""

    finding: Finding
    column: int | None
    row: Gathered | None


class _Place(Struct, frozen=True, eq=False):
    """Characters that say what the container of a column, or (None) the pod, has to do with a row."""

    start: int
    end: int
    column: int | None
    row: Gathered


def _extent(span: Span) -> tuple[str, int, int]:
    """The path of a span, where it begins and where it ends, as findings have it: in a rendered text, what it
    comes from."""
    if span.source.origin is None:
        return span.source.path, span.start, span.end
    region = span.region()
    return region.path, region.offset, region.offset + region.length


class Crossings:
    """Finds the crossing of a finding: the row that the characters are about which it points at."""

    def __init__(self, containers: Sequence[ContainerView], rows: Sequence[Gathered]) -> None:
        self._containers = containers
        self._places: defaultdict[str, list[_Place]] = defaultdict(list)
        for row in (one for top in rows for one in top.all()):
            for span in row.declared:
                self._place(row, None, span)
            for column, span in row.places:
                self._place(row, column, span)
        for places in self._places.values():
            places.sort(key=lambda place: (place.start, place.end))

    def of(self, finding: Finding) -> Crossing:
        """The crossing of one finding."""
        columns = self._columns(finding)
        place = self._nearest(finding.primary.region, columns)
        column = columns[0] if columns else None
        if place is None:
            return Crossing(finding, column, None)
        return Crossing(finding, column if place.column is None else place.column, place.row)

    def _place(self, row: Gathered, column: int | None, span: Span) -> None:
        path, start, end = _extent(span)
        self._places[path].append(_Place(start, end, column, row))

    def _columns(self, finding: Finding) -> list[int]:
        """The containers of the finding's name: one, but where a mistake has named two alike. The one that it
        points at is first."""
        region = finding.primary.region
        found: list[int] = []
        for column, container in enumerate(self._containers):
            if finding.container and container.name == finding.container:
                pointed = _extent(container.span)[:2] == (region.path, region.offset)
                found.insert(0 if pointed else len(found), column)
        return found

    def _nearest(self, region: Region, columns: list[int]) -> _Place | None:
        start, end = region.offset, region.offset + region.length
        near = [
            place
            for place in self._near(region.path, start, end)
            if place.start < end and start < place.end and (not columns or place.column in (None, *columns))
        ]
        exact = [place for place in near if (place.start, place.end) == (start, end)]
        around = [place for place in near if place.start <= start and end <= place.end]
        within = [place for place in near if start <= place.start and place.end <= end]
        if exact or around:
            return min(exact or around, key=lambda place: (place.end - place.start, place.column is None))
        # A loop is not about the one file that is used in it, and what is about several rows is about none.
        within = [place for place in within if 2 * (place.end - place.start) >= end - start]
        return within[0] if within and all(one.row is within[0].row for one in within) else None

    def _near(self, path: str, start: int, end: int) -> Iterator[_Place]:
        places = self._places[path]
        first, last = (bisect_left(places, at, key=lambda place: place.start) for at in (start, end))
        yield from places[max(first - MAX_NEAR, 0) : min(last, first + MAX_NEAR)]
