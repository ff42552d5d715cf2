"""Where characters stand: a source file, a span in it, and the region a person is shown."""

from __future__ import annotations

from bisect import bisect_right
from functools import cached_property
from typing import NamedTuple

from msgspec import Struct


class Position(NamedTuple):
    """A place in a file; line and column are 1-based and count Unicode code points."""

    line: int
    column: int


class Region(Struct, frozen=True):
    """A resolved span: plain data that outlives the file it came from.

    `end` is exclusive. `lines` are the whole source lines from `start.line` to `end.line` without their
    line ends, at most `MAX_REGION_LINES` of them.
    """

    path: str
    start: Position
    end: Position
    offset: int
    """0-based offset of the first character, in code points, in the decoded file (a BOM is not counted)."""
    length: int
    lines: tuple[str, ...] = ()


MAX_REGION_LINES = 8


class Source(Struct, eq=False, dict=True):
    """One decoded file (or standard input): its path and text, a BOM removed, line ends as they stood."""

    path: str
    text: str

    @cached_property
    def _line_starts(self) -> list[int]:
        """Offsets at which lines begin; `\\n`, `\\r\\n` and a lone `\\r` end a line, as in YAML 1.2."""
        starts = [0]
        text = self.text
        if "\r" not in text:
            at = text.find("\n")
            while at >= 0:
                starts.append(at + 1)
                at = text.find("\n", at + 1)
            return starts
        for index, char in enumerate(text):
            if char == "\n" or (char == "\r" and text[index + 1 : index + 2] != "\n"):
                starts.append(index + 1)
        return starts

    def position(self, offset: int) -> Position:
        """The 1-based line and column of a 0-based offset."""
        starts = self._line_starts
        line = bisect_right(starts, offset)
        return Position(line, offset - starts[line - 1] + 1)

    def line(self, number: int) -> str:
        """The text of a 1-based line without its line end; empty past the last line."""
        starts = self._line_starts
        if number > len(starts):
            return ""
        end = starts[number] if number < len(starts) else len(self.text)
        return self.text[starts[number - 1] : end].rstrip("\r\n")

    def region(self, start: int, end: int) -> Region:
        """Resolve the characters from `start` up to `end` (exclusive)."""
        first, last = self.position(start), self.position(end)
        if last.column == 1 and last.line > first.line:
            # A span that ends with a line's end is shown as ending on that line, not on the empty start of
            # the next.
            last = Position(last.line - 1, len(self.line(last.line - 1)) + 1)
        shown = range(first.line, min(last.line, first.line + MAX_REGION_LINES - 1) + 1)
        return Region(self.path, first, last, start, end - start, tuple(self.line(n) for n in shown))


class Span(NamedTuple):
    """Characters of one source, from `start` up to `end` (exclusive), as 0-based code-point offsets."""

    source: Source
    start: int
    end: int

    @property
    def position(self) -> Position:
        """Where the span begins."""
        return self.source.position(self.start)

    @property
    def raw(self) -> str:
        """The characters as they stand in the file."""
        return self.source.text[self.start : self.end]

    def region(self) -> Region:
        """The span as plain data."""
        return self.source.region(self.start, self.end)
