"""Where characters stand: a source file, a span in it, and the region a person is shown."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from functools import cached_property
from typing import NamedTuple, Protocol

from msgspec import Struct


class Position(NamedTuple):
    """A place in a file; line and column are 1-based and count Unicode code points."""

    line: int
    column: int


class Elsewhere(NamedTuple):
    """A second place, where one would change what was rendered: a key in values.yaml, `image.tag`."""

    path: str
    start: Position
    key: str


class Region(Struct, frozen=True):
    """A resolved span: plain data that outlives the file it came from.

    `end` is exclusive. `lines` are the source lines from `start.line` to `end.line` without their line ends,
    at most `MAX_REGION_LINES` of them. Lines of more than `MAX_LINE` characters are cut: of the first one
    (`cut`) what stands around the region is kept, `left` characters from its beginning; of the others
    their beginning.
    """

    path: str
    start: Position
    end: Position
    offset: int
    """0-based offset of the first character, in code points, in the decoded file (a BOM is not counted)."""
    length: int
    lines: tuple[str, ...] = ()
    cut: bool = False
    left: int = 0
    rendered: tuple[str, ...] = ()
    """What a template has made of it, its lines as `lines` are, where these look otherwise."""
    about: bool = False
    """Whether it is only near the place that is meant."""
    also: Elsewhere | None = None
    template: str = ""
    """The template that it was rendered from, where helm has left a comment that says so."""

    def covered(self) -> str | None:
        """The characters of the region, lines joined by line feeds; None where not all of them were kept."""
        if len(self.lines) != self.end.line - self.start.line + 1:
            return None
        last = self.end.column - 1 - (self.left if len(self.lines) == 1 else 0)
        between = self.lines[:-1]
        if (
            last > len(self.lines[-1])
            or (between and self.cut)
            or any(len(line) >= MAX_LINE for line in between[1:])
        ):
            return None
        return "\n".join([*between, self.lines[-1][:last]])[self.start.column - 1 - self.left :]


MAX_REGION_LINES = 8
MAX_LINE = 4000
"""Longer lines are cut. One JSON document on one line may have megabytes, and each label has a region."""
_RENDERED_FROM = "\n# Source: "
_DOCUMENT = 1 << 20
"""Characters before a place among which the comment of its document is looked for."""
MAX_TEMPLATE = 400
"""Characters of the name of a template that are kept."""
_AROUND = 600
"""What is kept of a cut line on either side of a region: more than a report ever shows of one line; …"""
_LEAST = 1000
"""… what from its beginning at least, for labels that follow near by, …"""
_MOST = 3000
"""… and at most."""


class OriginOf(Protocol):
    """What a rendered text is asked of where it comes from; `podlint/source/origin.py` answers."""

    def place(self, at: int) -> tuple[str, int] | None:
        """The path and the offset that a character comes from; None where nothing is known."""

    def second(self, at: int) -> Span | None:
        """The key in values.yaml that a character comes from, too."""

    def region(self, rendered: Source, start: int, end: int) -> Region:
        """The region that a span of the rendered text comes from."""

    def masked(self, hidden: Iterable[tuple[int, int]], mask: str) -> OriginOf:
        """The same with the characters masked from which those in the ranges have come."""


class Source(Struct, eq=False, dict=True):
    """One decoded file (or standard input): its path and text, a BOM removed, line ends as they stood.

    A rendered text has an `origin`, and the path of what it was rendered from.
    """

    path: str
    text: str
    origin: OriginOf | None = None

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

    @cached_property
    def may_hold_dollars(self) -> bool:
        """Whether a dollar sign stands in it, or may be written as an escape."""
        return "$" in self.text or "\\" in self.text

    def place(self, at: int) -> tuple[str, int]:
        """The path and the offset of a character: those that it comes from, if it was rendered."""
        found = self.origin.place(at) if self.origin is not None else None
        return found or (self.path, at)

    @cached_property
    def _names_templates(self) -> bool:
        return _RENDERED_FROM in self.text

    def position(self, offset: int) -> Position:
        """The 1-based line and column of a 0-based offset in this very text."""
        starts = self._line_starts
        line = bisect_right(starts, offset)
        return Position(line, offset - starts[line - 1] + 1)

    def line(self, number: int) -> str:
        """The text of a 1-based line without its line end; empty past the last line."""
        start, end = self.line_bounds(number)
        return self.text[start:end]

    def ends(self, start: int, end: int) -> tuple[Position, Position]:
        """Where the characters from `start` up to `end` (exclusive) begin and end."""
        first, last = self.position(start), self.position(end)
        if last.column == 1 and last.line > first.line:
            # A span that ends with a line's end is shown as ending on that line, not on the empty start of
            # the next.
            begun, ended = self.line_bounds(last.line - 1)
            last = Position(last.line - 1, ended - begun + 1)
        return first, last

    def region(self, start: int, end: int) -> Region:
        """Resolve the characters from `start` up to `end` (exclusive): to where they come from, if they were
        rendered."""
        if self.origin is not None:
            return self.origin.region(self, start, end)
        return self.own_region(start, end)

    def own_region(self, start: int, end: int) -> Region:
        """The characters from `start` up to `end` (exclusive) where they stand in this very text."""
        first, last = self.ends(start, end)
        begun, ended = self.line_bounds(first.line)
        cut, left = ended - begun > MAX_LINE, 0
        if cut:
            left = max(start - begun - _AROUND, 0)
            ended = min(ended, start + _MOST, max(end + _AROUND, start + _LEAST))
        lines = [self.text[begun + left : ended]]
        for number in range(first.line + 1, min(last.line, first.line + MAX_REGION_LINES - 1) + 1):
            begun, ended = self.line_bounds(number)
            lines.append(self.text[begun : min(ended, begun + MAX_LINE)])
        template = self._template_of(start)
        return Region(self.path, first, last, start, end - start, tuple(lines), cut, left, template=template)

    def _template_of(self, offset: int) -> str:
        """The template that helm says the document at an offset is rendered from: `# Source: FILE`; "" where
        nothing says so."""
        if not self._names_templates:
            return ""
        comment = self.text.rfind(_RENDERED_FROM, max(offset - _DOCUMENT, 0), offset)
        if comment < 0 or self.text.find("\n---", comment, offset) >= 0:
            return ""
        begin = comment + len(_RENDERED_FROM)
        return self.text[begin : begin + MAX_TEMPLATE].partition("\n")[0].strip()

    def line_bounds(self, number: int) -> tuple[int, int]:
        """Where a 1-based line begins and ends, without its line end."""
        starts, text = self._line_starts, self.text
        if number > len(starts):
            return len(text), len(text)
        start = starts[number - 1]
        end = starts[number] if number < len(starts) else len(text)
        while end > start and text[end - 1] in "\r\n":
            end -= 1
        return start, end


class Span(NamedTuple):
    """Characters of one source, from `start` up to `end` (exclusive), as 0-based code-point offsets."""

    source: Source
    start: int
    end: int

    @property
    def span(self) -> Span:
        """Itself, as of all things that have a span."""
        return self

    @property
    def position(self) -> Position:
        """Where the span begins."""
        return self.source.position(self.start)

    @property
    def raw(self) -> str:
        """The characters as they stand in the file."""
        return self.source.text[self.start : self.end]

    def holds(self, other: Span) -> bool:
        """Whether another span lies within this one."""
        return self.source is other.source and self.start <= other.start and other.end <= self.end

    def region(self) -> Region:
        """The span as plain data."""
        return self.source.region(self.start, self.end)
