"""Comparing: what helm has rendered with marks beside what it has rendered without."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence

from msgspec import Struct

from podlint.regex import late
from podlint.render.gotemplate import Stretch, Template
from podlint.render.mapping import Line
from podlint.render.marks import Mark, Marked

_HEAD = "---\n# Source: "
_BEGIN = late(r"(?:\A|(?<=\n))---\n# Source: ([^\n]*)\n")
_FEW = 0.5
"""Where less than this share of the lines have marks, what is known by its text counts, too."""
_LEAST_WORDS = 6
"""Characters of a line that is known by its text alone."""


class Chunk(Struct):
    """A document that helm has rendered, with its head."""

    text: str
    lines: list[str]


def chunks_of(text: str) -> dict[str, list[Chunk]]:
    """The documents that helm has rendered, by the templates that it names, each in order."""
    found: dict[str, list[Chunk]] = {}
    for start, end, told in documents_of(text):
        document = text[start:end].removesuffix("\n")
        found.setdefault(told, []).append(Chunk(document, document.split("\n")))
    return found


def documents_of(text: str) -> Iterator[tuple[int, int, str]]:
    """Where each document begins and ends that helm has rendered, and the template that it names."""
    heads = list(_BEGIN.finditer(text))
    ends = [*(head.start() for head in heads), len(text)][1:]
    for head, end in zip(heads, ends, strict=True):
        yield head.start(), end, head[1]


class _Seen(Struct):
    """The marks of each line of a template's documents, of one attempt, and how many lines these are."""

    marked: Marked
    rows: list[list[tuple[int, Mark]]]
    matched: int


class Compared:
    """What is known of the lines that were rendered.

    `is_own`: with the same values as those with marks, so that what has no mark was not rendered there.
    """

    def __init__(self, plain: dict[str, list[Chunk]], *, is_own: bool = True) -> None:
        self._plain = plain
        self.is_own = is_own
        self._seen: dict[str, _Seen] = {}

    @property
    def names(self) -> list[str]:
        """The templates that have rendered anything."""
        return list(self._plain)

    def poor(self, share: float) -> list[str]:
        """Those of whose lines less than a share was the same with marks."""
        return [told for told in self._plain if self._share(told) < share]

    def _share(self, told: str) -> float:
        seen = self._seen.get(told)
        return seen.matched / sum(len(chunk.lines) for chunk in self._plain[told]) if seen is not None else 0

    def text(self, told: str) -> str:
        """The documents of a template as one text."""
        return "\n".join(chunk.text for chunk in self._plain[told])

    def compare(self, other: dict[str, list[Chunk]], marked: Marked) -> None:
        """Take over the marks of templates of whose lines more are the same with these than with others. A
        line counts as far as it is the same."""
        for told in self.poor(1):
            mine, theirs = self._plain[told], other.get(told, [])
            if len(mine) != len(theirs):
                continue
            rows: list[list[tuple[int, Mark]]] = []
            matched = 0
            for plain, changed in zip(mine, theirs, strict=True):
                read = [marked.read(line) for line in changed.lines]
                found = _matched(plain.lines, [line for line, _ in read])
                matched += len(found)
                rows += [
                    self._marks(line, *read[found[n]]) if n in found else []
                    for n, line in enumerate(plain.lines)
                ]
            best = self._seen.get(told)
            if any(rows) and (best is None or matched > best.matched):
                self._seen[told] = _Seen(marked, rows, matched)

    def _marks(self, plain: str, line: str, marks: list[tuple[int, Mark]]) -> list[tuple[int, Mark]]:
        """Those of the marks of a line that count for what was rendered in its place."""
        same = len(line) if line == plain else _common(line, plain)
        return [one for one in marks if one[0] + (0 if self.is_own else _left(one[1])) < same]

    def lines(self, told: str, template: Template) -> tuple[str, list[Line], dict[Template, frozenset[int]]]:
        """The text of a template's documents, its lines, and the stretches that marks would have told of."""
        text = self.text(told)
        rows = text.split("\n")
        seen = self._seen.get(told)
        marks = seen.rows if seen is not None else [[] for _ in rows]
        if sum(map(bool, marks)) < len(rows) * _FEW:
            marks = [one or other for one, other in zip(marks, _known_by_text(rows, template), strict=True)]
        found, at = [], 0
        for row, ones in zip(rows, marks, strict=True):
            found.append(Line(at, at + len(row), ones))
            at += len(row) + 1
        return text, found, self._stretches(told)

    def _stretches(self, told: str) -> dict[Template, frozenset[int]]:
        seen = self._seen.get(told)
        found: dict[Template, set[int]] = {}
        for mark in seen.marked.marks.values() if seen is not None and self.is_own else ():
            found.setdefault(mark.template, set()).add(mark.template.index(mark.offset))
        return {template: frozenset(indices) for template, indices in found.items()}


def _left(mark: Mark) -> int:
    """How many characters of a text in a template stand behind a mark."""
    part = mark.template.part(mark.offset)
    return len(mark.template.source.text[mark.offset + 1 : part.end].rstrip())


def _matched(mine: Sequence[str], theirs: Sequence[str]) -> dict[int, int]:
    """Which line of one rendering is which of another: all in order where there are as many; else those that
    are equal, beginning with what stands once in both, and as many between these."""
    if len(mine) == len(theirs):
        return {number: number for number in range(len(mine))}
    others = {line: number for number, line in enumerate(theirs)}
    once = (Counter(mine), Counter(theirs))
    pairs = [(n, others[line]) for n, line in enumerate(mine) if once[0][line] == once[1][line] == 1]
    found: dict[int, int] = {}
    for number, other in [(-1, -1), *_rising(pairs), (len(mine), len(theirs))]:
        for step in (-1, 1):
            n, o = (number, other) if 0 <= number < len(mine) else (number + step, other + step)
            while 0 <= n < len(mine) and 0 <= o < len(theirs) and mine[n] == theirs[o]:
                if found.get(n, o) != o or (n in found and n != number):
                    break
                found[n] = o
                n, o = n + step, o + step
    for n, o in pairs:
        # What has been sorted otherwise.
        found.setdefault(n, o)
    last = (-1, -1)
    for n, o in [*sorted(found.items()), (len(mine), len(theirs))]:
        if n - last[0] == o - last[1]:
            found.update(zip(range(last[0] + 1, n), range(last[1] + 1, o), strict=True))
        last = (n, o)
    return found


def _rising(pairs: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """The most pairs that rise in both numbers, of some that rise in the first."""
    tails: list[int] = []
    ends: list[int] = []
    before: list[int] = []
    for index, (_, other) in enumerate(pairs):
        at = bisect_left(tails, other)
        before.append(ends[at - 1] if at else -1)
        tails[at : at + 1] = [other]
        ends[at : at + 1] = [index]
    found = []
    at = ends[-1] if ends else -1
    while at >= 0:
        found.append(pairs[at])
        at = before[at]
    return found[::-1]


def _common(one: str, other: str) -> int:
    """How many characters two lines begin with that are the same."""
    end = min(len(one), len(other))
    return next((at for at in range(end) if one[at] != other[at]), end)


def _known_by_text(rows: Sequence[str], template: Template) -> list[list[tuple[int, Mark]]]:
    """What is known of lines by their texts alone: those that stand once in a template, and were rendered
    once."""
    stretches: dict[str, list[Stretch]] = {}
    for stretch in template.stretches:
        stretches.setdefault(template.literal(stretch), []).append(stretch)
    numbers: dict[str, list[int]] = {}
    for number, row in enumerate(rows):
        numbers.setdefault(row.strip(), []).append(number)
    found: list[list[tuple[int, Mark]]] = [[] for _ in rows]
    for text, ones in stretches.items():
        seen = numbers.get(text, [])
        if len(ones) == len(seen) == 1 and len(text) >= _LEAST_WORDS and len(ones[0].parts) == 1:
            row, start = rows[seen[0]], ones[0].parts[0].start
            offset = template.source.text.index(text, start)
            found[seen[0]] = [(len(row) - len(row.lstrip()), Mark(template, offset))]
    return found
