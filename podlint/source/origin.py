"""Where the characters of a rendered text come from: templates, values, bases and patches."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from msgspec import Struct
from msgspec.structs import replace

from podlint.source.span import Elsewhere, Region, Source, Span


class Key(NamedTuple):
    """A key in values.yaml, or wherever a value is set: where it stands, and its name with those around it,
    `image.tag`."""

    span: Span
    name: str


class Piece(Struct, frozen=True):
    """Rendered characters from `start` up to `end`, and those of `source` between `at` and `until` that they
    come from.

    `exact`: one to one, so that both are equally long. `about`: the place is near, and may be another.
    `also`: where else one would change them, such as a key in values.yaml.
    """

    start: int
    end: int
    source: Source
    at: int
    until: int
    exact: bool = True
    about: bool = False
    also: Key | None = None


class Traced(Struct, frozen=True):
    """What a span of a rendered text comes from; see `Piece`."""

    span: Span
    about: bool = False
    also: Key | None = None


class Origin:
    """What the characters of one rendered text come from."""

    def __init__(self, pieces: Iterable[Piece]) -> None:
        """Pieces do not overlap; where there is none, nothing is known but what stands before."""
        self.pieces: Sequence[Piece] = sorted(
            (one for one in pieces if one.start < one.end), key=lambda one: one.start
        )
        self._starts = [one.start for one in self.pieces]

    def trace(self, start: int, end: int) -> Traced | None:
        """What the characters from `start` up to `end` come from; None where there are no pieces.

        Of a span over several pieces it is from the first of them to the last in the same source.
        """
        first = max(bisect_right(self._starts, start) - 1, 0)
        if not self.pieces:
            return None
        if first + 1 < len(self.pieces) and self.pieces[first].end <= start < end:
            # Nothing is known of where it begins: what it holds is nearer than what stands before.
            first += self._starts[first + 1] < end
        head = self.pieces[first]
        begin, until = _mapped(head, start, end)
        about = head.about or not (head.start <= start < head.end or start == end == head.end)
        also = head.also
        for index in range(first + 1, bisect_right(self._starts, end - 1)):
            piece = self.pieces[index]
            if piece.source is head.source and piece.until > until:
                until = _mapped(piece, start, end)[1]
            also = also or piece.also
        return Traced(Span(head.source, begin, max(begin, until)), about, also)

    def place(self, at: int) -> tuple[str, int] | None:
        """The path and the offset that a character comes from."""
        traced = self.trace(at, at + 1)
        return traced.span.source.place(traced.span.start) if traced is not None else None

    def second(self, at: int) -> Span | None:
        """The key in values.yaml that a character comes from, too."""
        traced = self.trace(at, at + 1)
        return traced.also.span if traced is not None and traced.also is not None else None

    def region(self, rendered: Source, start: int, end: int) -> Region:
        """The region of a span of the rendered text: at its origin, with what was rendered where that looks
        otherwise."""
        own = rendered.own_region(start, end)
        traced = self.trace(start, end)
        if traced is None:
            return replace(own, about=True)
        found = traced.span.region()
        also = traced.also if own.start.line == own.end.line else None
        return replace(
            found,
            rendered=own.lines if _differ(own, found) else (),
            about=traced.about or found.about,
            also=_elsewhere(also) if also is not None else found.also,
        )

    def masked(self, hidden: Iterable[tuple[int, int]], mask: str) -> Origin:
        """The same with the characters masked from which those in the ranges have come."""
        ranges: dict[int, list[tuple[int, int]]] = {}
        for start, end in hidden:
            for index in range(max(bisect_right(self._starts, start) - 1, 0), len(self.pieces)):
                piece = self.pieces[index]
                if piece.start >= end:
                    break
                if piece.exact and piece.end > start:
                    ranges.setdefault(id(piece.source), []).append(_mapped(piece, start, end))
        sources: dict[int, Source] = {}
        for piece in self.pieces:
            key = id(piece.source)
            if key in ranges and key not in sources:
                sources[key] = replace(piece.source, text=_covered(piece.source.text, ranges[key], mask))
        return Origin(replace(one, source=sources.get(id(one.source), one.source)) for one in self.pieces)


def _mapped(piece: Piece, start: int, end: int) -> tuple[int, int]:
    """The characters of a piece's source that those of a span come from, as far as it reaches."""
    if not piece.exact:
        return piece.at, piece.until
    begin = min(max(start, piece.start), piece.end) - piece.start
    until = max(min(end, piece.end) - piece.start, begin)
    return piece.at + begin, piece.at + until


def _covered(text: str, ranges: Iterable[tuple[int, int]], mask: str) -> str:
    characters = list(text)
    for start, end in ranges:
        characters[start:end] = [char if char in "\r\n" else mask for char in characters[start:end]]
    return "".join(characters)


def _differ(own: Region, found: Region) -> bool:
    """Whether what was rendered looks otherwise than its origin, but for how far it is indented."""
    return [line.strip() for line in own.lines] != [line.strip() for line in found.lines]


def _elsewhere(key: Key) -> Elsewhere:
    region = key.span.region()
    return Elsewhere(region.path, region.start, key.name)
