"""Mapping: the pieces of a rendered text, line by line, from the places in templates that are known of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from msgspec import Struct

from podlint.render.files import Files
from podlint.render.fitting import Bodies, Fitting, SettingOf
from podlint.render.gaps import Candidate, Gap, fill
from podlint.render.gotemplate import Part, Stretch, Template
from podlint.render.marks import Mark
from podlint.source.origin import Piece

_BLANKS = " \t"
_AROUND = 4
"""Lines with marks on either side of others that are looked at: what includes what is not known."""


class Line(Struct):
    """A line of a rendered text, from `start` up to `end`, and the marks that were seen on it by their
    columns."""

    start: int
    end: int
    marks: list[tuple[int, Mark]]


class Mapper:
    """Maps one rendered text. `marked`: stretches that a mark would have told of, by their templates."""

    def __init__(
        self,
        text: str,
        lines: Sequence[Line],
        own: Template,
        setting_of: SettingOf,
        bodies: Bodies,
        files: Files,
        marked: dict[Template, frozenset[int]],
    ) -> None:
        self._text = text
        self._lines = lines
        self._own = own
        self._fitting = Fitting(text, setting_of, bodies, files)
        self._marked = marked
        self._pieces: list[Piece] = []

    def map(self) -> list[Piece]:
        """The pieces of the whole text."""
        seen = [number for number, line in enumerate(self._lines) if line.marks]
        before: Candidate | None = None
        passed: dict[Template, int] = {}
        for index, number in enumerate([*seen, len(self._lines)]):
            marks = self._lines[number].marks if index < len(seen) else []
            gap = range(seen[index - 1] + 1 if index else 0, number)
            around = seen[max(index - _AROUND, 0) : index + _AROUND]
            self._fill(gap, before, self._candidate(marks[0][1]) if marks else None, passed, around)
            if marks:
                before = self._candidate(marks[-1][1])
                passed.update((mark.template, mark.template.index(mark.offset)) for _, mark in marks)
                self._map_line(self._lines[number])
        return self._pieces

    def _candidate(self, mark: Mark) -> Candidate:
        return Candidate(mark.template, mark.template.index(mark.offset), mark.offset)

    def _map_line(self, line: Line) -> None:
        """A line with marks: from each the text is known to the left and to the right, as far as it is the
        same as in the template."""
        at = line.start
        for number, (column, mark) in enumerate(line.marks):
            stretch = mark.template.stretches[mark.template.index(mark.offset)]
            index = _part_at(stretch, mark.offset)
            run = self._run(mark, stretch.parts[index], line.start + column, at, line.end)
            first = self._parts_told(line, number, stretch, mark)
            rest = [one for one in stretch.parts[first:index] if not one.silent]
            if any(not one.is_text for one in rest):
                begin = at
                if rest[0].is_text:
                    begin = self._indented(mark.template, rest[0], at, run.start)
                self._pieces += self._fitting.pieces(mark.template, rest, begin, run.start)
            self._pieces.append(run)
            parts, limit, ends_line = stretch.parts[index:], line.end, stretch.ends_line
            if number + 1 < len(line.marks):
                after = line.marks[number + 1]
                limit = self._begin(line, *after)
                if _follows(mark, after[1], stretch):
                    parts, ends_line = stretch.parts[index : _part_at(stretch, after[1].offset)], True
            at = max(run.end, limit)
            if number + 1 < len(line.marks) and all(one.silent for one in parts[1:]):
                # What stands between them was emitted before the next one.
                at = run.end
            else:
                self._rest(mark.template, parts, run, limit, ends_line)

    def _parts_told(self, line: Line, number: int, stretch: Stretch, mark: Mark) -> int:
        """How many parts of a stretch the mark before has told of on the same line."""
        before = line.marks[number - 1][1] if number else None
        if before is None or not _follows(before, mark, stretch):
            return 0
        # What stands between two marks of a stretch was fitted behind the first of them.
        return _part_at(stretch, mark.offset)

    def _begin(self, line: Line, column: int, mark: Mark) -> int:
        """Where the text around a mark begins at most."""
        part = mark.template.part(mark.offset)
        return max(line.start + column - (mark.offset - part.start), line.start)

    def _run(self, mark: Mark, part: Part, place: int, least: int, most: int) -> Piece:
        """The characters around a mark that stand in its template as they were rendered."""
        template = mark.template.source.text
        back = 0
        while (
            place - back > least
            and mark.offset - back > part.start
            and self._text[place - back - 1] == template[mark.offset - back - 1]
        ):
            back += 1
        ahead = 0
        while (
            place + ahead < most
            and mark.offset + ahead < part.end
            and self._text[place + ahead] == template[mark.offset + ahead]
        ):
            ahead += 1
        return Piece(
            place - back, place + ahead, mark.template.source, mark.offset - back, mark.offset + ahead
        )

    def _indented(self, template: Template, part: Part, at: int, end: int) -> int:
        """Where a text begins that may be indented further than in its template."""
        text = template.text(part)
        indent = len(text) - len(text.lstrip(_BLANKS))
        begin = at
        while begin < end and self._text[begin] in _BLANKS:
            begin += 1
        return max(begin - indent, at)

    def _rest(
        self, template: Template, parts: Sequence[Part], run: Piece, limit: int, ends_line: bool
    ) -> None:
        """What follows the text around a mark, up to the next one or the end of the line."""
        if run.end >= limit:
            return
        rest = [part for part in parts[1:] if not part.silent]
        if run.until < parts[0].end or not rest:
            # Something has changed the text, or what stands there was emitted by what follows on its line.
            end = template.source.text.find("\n", run.until)
            until = parts[-1].end if run.until < parts[0].end or end < 0 else max(end, run.until)
            self._pieces.append(
                Piece(run.end, limit, template.source, run.until, until, exact=False, about=not rest)
            )
            return
        if self._fitting.fits(template, rest, run.end, limit, not ends_line):
            self._pieces += self._fitting.pieces(template, rest, run.end, limit, not ends_line)
            return
        # An action has ended the line.
        self._pieces += self._fitting.emitted(template, rest[:1], run.end, limit)

    def _fill(
        self,
        numbers: Iterable[int],
        before: Candidate | None,
        behind: Candidate | None,
        passed: dict[Template, int],
        around: Iterable[int],
    ) -> None:
        """The lines without marks between two that have some."""
        gap = [number for number in numbers if self._content(number)]
        if not gap:
            return
        ranges = [(self._lines[number].start, self._lines[number].end) for number in gap]
        # What has no mark says little where none could have told of anything.
        lines = [self._lines[one] for one in around] if self._marked else []
        near = tuple(self._candidate(mark) for line in lines for _, mark in line.marks)
        context = Gap(self._own, before, behind, passed, self._marked, near)
        self._pieces += fill(self._fitting, ranges, context)

    def _content(self, number: int) -> bool:
        line = self._lines[number]
        text = self._text[line.start : line.end]
        return bool(text.strip()) and text != "---" and not text.startswith("# Source: ")


def _part_at(stretch: Stretch, offset: int) -> int:
    """The number of the part of a stretch that an offset lies in."""
    return next(index for index, part in enumerate(stretch.parts) if part.end > offset)


def _follows(one: Mark, other: Mark, stretch: Stretch) -> bool:
    """Whether a mark stands behind another in a stretch, and not in what a loop has emitted next."""
    start, end = stretch.parts[0].start, stretch.parts[-1].end
    return one.template is other.template and start <= one.offset < other.offset < end
