"""Text: a string whose characters know where in the source they came from, through any number of layers."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable
from typing import Protocol

from msgspec import Struct

from podlint.source.span import Span


class Piece(Struct, frozen=True):
    """A run of characters of a derived text: `length` characters that came from `[start, end)` of its parent.

    When `length == end - start` the run is a copy, character by character; otherwise every character of the
    run stands for the whole range (an escape, a replaced reference).
    """

    length: int
    start: int
    end: int


class Origin(Protocol):
    """What can say where the characters of a text came from."""

    def locate(self, start: int, end: int) -> Span:
        """The smallest span that covers the characters from `start` up to `end`; a point if none."""
        ...

    @property
    def folded(self) -> bool:
        """Whether line breaks of the source may have become blanks."""
        ...

    @property
    def flows(self) -> bool:
        """Whether it is a plain or quoted scalar."""
        ...


class Whole:
    """An origin that knows only one span for everything: the fallback when a map cannot be made."""

    __slots__ = ("_span",)

    def __init__(self, span: Span) -> None:
        self._span = span

    def locate(self, start: int, end: int) -> Span:
        """See `Origin.locate`."""
        return self._span

    @property
    def folded(self) -> bool:
        """See `Origin.folded`."""
        return False

    @property
    def flows(self) -> bool:
        """See `Origin.flows`."""
        return False


class Text:
    """A string with its origin. Immutable; slicing and deriving keep the way back to the source."""

    __slots__ = ("_origin", "value")

    def __init__(self, value: str, origin: Origin) -> None:
        self.value = value
        self._origin = origin

    def __repr__(self) -> str:
        return f"Text({self.value!r})"

    def __len__(self) -> int:
        return len(self.value)

    def span(self, start: int = 0, end: int | None = None) -> Span:
        """The source of the characters from `start` up to `end` (exclusive, default: the whole text)."""
        return self._origin.locate(start, len(self.value) if end is None else end)

    @property
    def folded(self) -> bool:
        """Whether line breaks of the source may have become blanks: a scalar over several lines that is no
        literal block. The span of such a blank holds the line break."""
        return self._origin.folded

    @property
    def flows(self) -> bool:
        """Whether it is a plain or quoted scalar, which any program that writes YAML may wrap."""
        return self._origin.flows

    def slice(self, start: int, end: int) -> Text:
        """The part of this text from `start` up to `end` (exclusive)."""
        return self.derive(self.value[start:end], (Piece(end - start, start, end),))

    def masked(self, value: str) -> Text:
        """A text of the same length with other characters, each of which stands where the old one stood."""
        return self if value == self.value else self.derive(value, (Piece(len(value), 0, len(value)),))

    def derive(self, value: str, pieces: Iterable[Piece] | Callable[[], Iterable[Piece]]) -> Text:
        """A text made from this one; `pieces` say, in order, what came from where (a callable runs late)."""
        return Text(value, _Derived(self, pieces))


class _Derived:
    """The origin of a text that was made from another."""

    __slots__ = ("_parent", "_pieces", "_starts")

    def __init__(self, parent: Text, pieces: Iterable[Piece] | Callable[[], Iterable[Piece]]) -> None:
        self._parent = parent
        self._pieces = pieces
        self._starts: list[int] | None = None

    def _table(self) -> tuple[list[int], tuple[Piece, ...]]:
        """The pieces with the offset at which each begins, made when first asked for."""
        if self._starts is None or not isinstance(self._pieces, tuple):
            pieces = tuple(
                p for p in (self._pieces() if callable(self._pieces) else self._pieces) if p.length
            )
            starts, at = [], 0
            for piece in pieces:
                starts.append(at)
                at += piece.length
            self._pieces, self._starts = pieces, starts
        return self._starts, self._pieces

    def locate(self, start: int, end: int) -> Span:
        """See `Origin.locate`."""
        starts, pieces = self._table()
        if not pieces:
            return self._parent.span(0, 0)
        first = self._in_parent(starts, pieces, start)
        if end <= start:
            return self._parent.span(first[0], first[0])
        last = self._in_parent(starts, pieces, end - 1)
        return self._parent.span(first[0], max(last[1], first[0]))

    @property
    def folded(self) -> bool:
        """See `Origin.folded`."""
        return self._parent.folded

    @property
    def flows(self) -> bool:
        """See `Origin.flows`."""
        return self._parent.flows

    @staticmethod
    def _in_parent(starts: list[int], pieces: tuple[Piece, ...], at: int) -> tuple[int, int]:
        """The range of the parent for one character; past the end, the point after the last piece."""
        index = bisect_right(starts, at) - 1
        piece, inside = pieces[index], at - starts[index]
        if inside >= piece.length:
            return piece.end, piece.end
        if piece.length == piece.end - piece.start:
            return piece.start + inside, piece.start + inside + 1
        return piece.start, piece.end
