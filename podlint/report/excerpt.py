"""A line of a source with marks under it: windows on long lines, columns, and labels that do not overlap."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from msgspec import Struct

from podlint.display.cells import fits, show, walk
from podlint.display.escape import escape
from podlint.report.terminal import PLAIN, Run

LINE_WIDTH = 140
"""Lines of up to so many columns are shown whole."""
MARK_WIDTH = 72
"""On longer lines, how much of a mark is shown …"""
CONTEXT = 32
"""… and how much of what stands on either side of it."""
CUT = "…"


class Mark(Struct, frozen=True):
    """Characters of one line, from `start` up to `end` as 0-based code points, with words for them."""

    start: int
    end: int
    text: str
    sign: str
    """The character that underlines them: `^` for the primary label, `-` for a related one."""
    style: str


class _Drawn(Struct, frozen=True):
    """A mark in columns of the shown line."""

    left: int
    right: int
    mark: Mark


class Excerpt(Struct, frozen=True):
    """The part of a line that is shown, from `start` up to `end` in code points, and the marks in it."""

    line: str
    start: int
    end: int
    marks: tuple[Mark, ...]

    def shown(self) -> str:
        """The text as it stands on the screen, `…` where it was cut."""
        left = CUT if self.start > 0 else ""
        right = CUT if self.end < len(self.line) else ""
        return left + "".join(show(char)[0] for char in self.line[self.start : self.end]) + right

    def rows(self) -> Iterator[list[Run]]:
        """The rows under the text: the marks with the words of one of them, then the words of the others."""
        drawn = self._draw()
        # Only the mark that ends last has room to its right; of several the innermost, of equals the primary.
        inline = max(drawn, key=lambda d: (d.right, d.left, d.mark.sign == "^"))
        yield [*_underline(drawn), (f" {escape(inline.mark.text)}", inline.mark.style)]
        hanging = [d for d in drawn if d is not inline and d.mark.text]
        hanging.sort(key=lambda d: (-d.left, d.mark.sign != "^"))
        if hanging:
            yield _connect(hanging, 0)
        for index, d in enumerate(hanging):
            others = [other for other in hanging[index + 1 :] if other.left < d.left]
            yield [*_connect(others, d.left), (escape(d.mark.text), d.mark.style)]

    def _draw(self) -> list[_Drawn]:
        """The marks in columns; each is at least one column wide and covers the cut it reaches beyond."""
        at = 1 if self.start > 0 else 0
        columns = [at]
        for char in self.line[self.start : self.end]:
            at += show(char)[1]
            columns.append(at)
        drawn = []
        for mark in self.marks:
            first = mark.start
            while first > self.start and first < len(self.line) and not show(self.line[first])[1]:
                # A combining mark stands in the column of the character before it.
                first -= 1
            left = columns[first - self.start]
            right = columns[mark.end - self.start] if mark.end <= self.end else at + 1
            drawn.append(_Drawn(left, max(right, left + 1), mark))
        return drawn


def make_excerpts(line: str, marks: list[Mark]) -> list[Excerpt]:
    """The whole line when it is short enough, else one window for each mark or group of neighbours."""
    if fits(line, LINE_WIDTH):
        return [Excerpt(line, 0, len(line), tuple(marks))]
    excerpts: list[Excerpt] = []
    for mark in sorted(marks, key=lambda m: (m.start, m.end)):
        start, end = _window(line, mark)
        if excerpts and start <= excerpts[-1].end:
            last = excerpts[-1]
            joined = Excerpt(line, last.start, max(last.end, end), (*last.marks, mark))
            if fits(line[joined.start : joined.end], LINE_WIDTH):
                excerpts[-1] = joined
                continue
        excerpts.append(Excerpt(line, start, end, (mark,)))
    return excerpts


def _window(line: str, mark: Mark) -> tuple[int, int]:
    """What to show of a long line around one mark, as offsets; of a very long mark only its beginning."""
    shown_end = min(mark.end, walk(line, mark.start, MARK_WIDTH, 1))
    start = walk(line, mark.start, CONTEXT, -1)
    # A mark that is cut needs no context behind the cut.
    end = shown_end if shown_end < mark.end else walk(line, shown_end, CONTEXT, 1)
    return start, end


def _underline(drawn: list[_Drawn]) -> Iterator[Run]:
    """The row of signs; the primary mark is drawn over the related ones."""
    row = [(" ", PLAIN)] * max(d.right for d in drawn)
    for d in sorted(drawn, key=lambda d: d.mark.sign == "^"):
        row[d.left : d.right] = [(d.mark.sign, d.mark.style)] * (d.right - d.left)
    return _runs(row)


def _connect(drawn: list[_Drawn], width: int) -> list[Run]:
    """A row of `|` under the marks whose words are still to come, filled up to `width` columns."""
    row = [(" ", PLAIN)] * max([d.left + 1 for d in drawn] + [width])
    for d in drawn:
        row[d.left] = ("|", d.mark.style)
    return list(_runs(row))


def _runs(row: list[Run]) -> Iterator[Run]:
    """Single cells joined where their style is the same."""
    for style, cells in groupby(row, key=lambda cell: cell[1]):
        yield "".join(cell[0] for cell in cells), style
