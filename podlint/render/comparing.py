"""Comparing: what helm has rendered with marks beside what it has rendered without."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec import Struct

from podlint.regex import late
from podlint.render.gotemplate import Template
from podlint.render.mapping import Line
from podlint.render.marks import Mark, Marked

_HEAD = "---\n# Source: "
_BEGIN = late(r"(?:\A|(?<=\n))---\n# Source: ([^\n]*)\n")
_LEAST_WORDS = 6
"""Characters of a line that is known by its text alone."""


class Chunk(Struct):
    """A document that helm has rendered, with its head, of the template that it names."""

    told: str
    text: str
    lines: list[str]
    first: int = 0
    """The number of its first line among those of its template."""


def chunks_of(text: str) -> dict[str, list[Chunk]]:
    """The documents that helm has rendered, by the templates that it names, each in order."""
    found: dict[str, list[Chunk]] = {}
    heads = list(_BEGIN.finditer(text))
    ends = [head.start() for head in heads[1:]] + [len(text)]
    for head, end in zip(heads, ends, strict=True):
        document = text[head.start() : end].removesuffix("\n")
        before = found.setdefault(head[1], [])
        first = before[-1].first + len(before[-1].lines) if before else 0
        before.append(Chunk(head[1], document, document.split("\n"), first))
    return found


class Compared:
    """What is known of the lines that were rendered."""

    def __init__(self, plain: dict[str, list[Chunk]]) -> None:
        self._plain = plain
        self._marks: dict[str, list[list[tuple[int, Mark]]]] = {}
        self._marked: dict[str, Marked] = {}

    @property
    def names(self) -> list[str]:
        """The templates that have rendered anything."""
        return list(self._plain)

    @property
    def missing(self) -> list[str]:
        """Those of which no marks were seen that can be trusted."""
        return [told for told in self._plain if told not in self._marks]

    @property
    def done(self) -> bool:
        """Whether there are none of these."""
        return not self.missing

    def chunks(self, told: str) -> Sequence[Chunk]:
        """The documents of a template."""
        return self._plain[told]

    def text(self, told: str) -> str:
        """The documents of a template as one text."""
        return "\n".join(chunk.text for chunk in self._plain[told])

    def compare(self, other: dict[str, list[Chunk]], marked: Marked) -> None:
        """Take over the marks of templates whose documents have as many lines with them as without. A line
        counts as far as it is the same."""
        for told in self.missing:
            mine, theirs = self._plain[told], other.get(told, [])
            if [len(one.lines) for one in mine] != [len(one.lines) for one in theirs]:
                continue
            rows = []
            for plain, changed in zip(_lines(mine), _lines(theirs), strict=True):
                line, marks = marked.read(changed)
                if line != plain:
                    same = _common(line, plain)
                    marks = [one for one in marks if one[0] < same]
                rows.append(marks)
            if any(rows):
                self._marks[told] = rows
                self._marked[told] = marked

    def lines(self, told: str, template: Template) -> tuple[str, list[Line], dict[Template, frozenset[int]]]:
        """The text of a template's documents, its lines, and the stretches that marks would have told of."""
        text = self.text(told)
        rows = text.split("\n")
        marks = self._marks.get(told)
        if marks is None:
            marks = _known_by_text(rows, template)
        found, at = [], 0
        for row, seen in zip(rows, marks, strict=True):
            found.append(Line(at, at + len(row), seen))
            at += len(row) + 1
        return text, found, self._stretches(told)

    def _stretches(self, told: str) -> dict[Template, frozenset[int]]:
        marked = self._marked.get(told)
        found: dict[Template, set[int]] = {}
        for mark in marked.marks.values() if marked is not None else ():
            found.setdefault(mark.template, set()).add(mark.template.index(mark.offset))
        return {template: frozenset(indices) for template, indices in found.items()}


def _lines(chunks: Sequence[Chunk]) -> Iterator[str]:
    return (line for chunk in chunks for line in chunk.lines)


def _common(one: str, other: str) -> int:
    """How many characters two lines begin with that are the same."""
    end = min(len(one), len(other))
    return next((at for at in range(end) if one[at] != other[at]), end)


def _known_by_text(rows: Sequence[str], template: Template) -> list[list[tuple[int, Mark]]]:
    """What is known of lines by their texts alone: those that stand once in a template, and were rendered
    once."""
    places: dict[str, list[int]] = {}
    for stretch in template.stretches:
        if len(stretch.parts) == 1 and stretch.ends_line:
            part = stretch.parts[0]
            text = template.text(part)
            places.setdefault(text.strip(), []).append(part.start + len(text) - len(text.lstrip()))
    numbers: dict[str, list[int]] = {}
    for number, row in enumerate(rows):
        numbers.setdefault(row.strip(), []).append(number)
    found: list[list[tuple[int, Mark]]] = [[] for _ in rows]
    for text, offsets in places.items():
        seen = numbers.get(text, [])
        if len(offsets) == len(seen) == 1 and len(text) >= _LEAST_WORDS:
            row = rows[seen[0]]
            found[seen[0]] = [(len(row) - len(row.lstrip()), Mark(template, offsets[0]))]
    return found
