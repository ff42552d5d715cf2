"""Written: the way back from the characters of a built kustomization to those that somebody has written."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from typing import NamedTuple

from msgspec.structs import replace

from podlint.render.alignment import Written
from podlint.render.built import Object
from podlint.render.layers import Layer
from podlint.render.provenance import Beginning, provenance
from podlint.render.sources import Sources
from podlint.source.compose import InvalidYaml, compose
from podlint.source.documents import Document
from podlint.source.nodes import ScalarNode
from podlint.source.origin import Origin, Traced
from podlint.source.scalars import pieces_of
from podlint.source.secrets import hide, without_secrets
from podlint.source.span import Region, Source, Span


class Place(NamedTuple):
    """Where characters were written: `exact`, if they stand there as they were built; `sure`, if what stands
    there made them, and not only something around it; `whole`: if they are a mapping or a list, or more."""

    span: Span
    exact: bool
    sure: bool
    whole: bool = False


class KustomizeOrigin(Origin):
    """What the text of a build comes from. Each object is followed when it is first asked for, as few are."""

    def __init__(self, text: str, objects: list[tuple[Object, Beginning]], root: Layer) -> None:
        """`text` is that of the build, and `root` the kustomization that was built."""
        super().__init__(())
        self._text = text
        self._objects = objects
        self._begins = [one.start for one, _ in objects]
        self._root = root
        self._sources = Sources()
        self._parts: dict[int, _Parts] = {}

    def trace(self, start: int, end: int) -> Traced:
        """See `Origin.trace`."""
        place = self.at(start, end)
        return Traced(without_secrets(place.span), about=not place.sure)

    def region(self, rendered: Source, start: int, end: int) -> Region:
        """See `Origin.region`. kustomize writes everything in a style and an order of its own: only where a
        value is another is it shown what was built."""
        place = self.at(start, end)
        own = () if place.exact or place.whole else rendered.own_region(start, end).lines
        return replace(without_secrets(place.span).region(), rendered=own, about=not place.sure)

    def second(self, at: int) -> Span:
        """See `Origin.second`: what people say in the file that it comes from is not in the text."""
        return self.at(at, at + 1).span

    def masked(self, hidden: Iterable[tuple[int, int]], mask: str) -> Origin:
        """See `Origin.masked`. A patch of a Secret may not say that it is one."""
        ranges: dict[int, tuple[Source, list[tuple[int, int]]]] = {}
        for start, end in hidden:
            span = self.at(start, end).span
            ranges.setdefault(id(span.source), (span.source, []))[1].append((span.start, span.end))
        for source, found in ranges.values():
            hide(source, found)
        return self

    def at(self, start: int, end: int) -> Place:
        """Where some characters of the build were written."""
        if self._objects:
            place = self._parts_of(max(bisect_right(self._begins, start) - 1, 0)).at(start, end)
            if place is not None:
                return place._replace(span=self._sources.outward(place.span))
        node = self._root.root
        return Place(Span(node.source, node.start, node.start), exact=False, sure=False, whole=True)

    def _parts_of(self, index: int) -> _Parts:
        if index not in self._parts:
            one, beginning = self._objects[index]
            try:
                node = compose(Document(Source("", self._text), one.start, one.end))
            except InvalidYaml:
                node = None
            found = () if node is None else provenance(node, beginning, self._root, self._sources)
            self._parts[index] = _Parts(found)
        return self._parts[index]


class _Parts:
    """The parts of one built object, in the order in which they stand."""

    def __init__(self, parts: Iterable[Written]) -> None:
        every = list(parts)
        scalars = [(one.node, one) for one in every if isinstance(one.node, ScalarNode)]
        self._scalars = sorted(scalars, key=lambda pair: pair[0].start)
        self._starts = [node.start for node, _ in self._scalars]
        # The smaller first.
        self._all = sorted(every, key=lambda one: one.node.end - one.node.start)

    def at(self, start: int, end: int) -> Place | None:
        """Where some characters were written; None where nothing is known of what holds them."""
        index = bisect_right(self._starts, start) - 1
        if index >= 0:
            node, one = self._scalars[index]
            if end <= node.end and start <= max(node.start, node.end - 1):
                return _inside(node, one, start, end)
        around = (one for one in self._all if one.node.start <= start and end <= one.node.end)
        found = next(around, None)
        return Place(found.at, exact=False, sure=found.sure, whole=True) if found is not None else None


def _inside(node: ScalarNode, one: Written, start: int, end: int) -> Place:
    """Where characters of a scalar were written: by its value, as it may be written in another style."""
    if one.text is None or (start, end) == (node.start, node.end):
        return Place(one.at, exact=one.text is not None, sure=one.sure)
    pieces = pieces_of(node)
    if pieces is None:
        return Place(one.at, exact=False, sure=one.sure)
    first, last, at = -1, -1, 0
    for piece in pieces:
        if piece.end > start and piece.start < end:
            copied = piece.length == piece.end - piece.start
            if first < 0:
                first = at + (max(start - piece.start, 0) if copied else 0)
            last = at + piece.length - (max(piece.end - end, 0) if copied else 0)
        at += piece.length
    if first < 0:
        # A quote, or the white space before a line of a block.
        return Place(one.at, exact=False, sure=one.sure)
    return Place(one.text.span(first, last), exact=True, sure=True)
