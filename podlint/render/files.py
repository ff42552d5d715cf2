"""Files: what templates take in by `.Files`, found again in what was rendered."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from msgspec import Struct

from podlint.render.chart_files import Chart
from podlint.render.gotemplate import USES_FILES, Template, read_template
from podlint.source.origin import Piece

_MOST_FILES = 500
"""Files of a chart that are looked through where an action does not name one."""
_MOST_COMPARED = 200_000
"""Lines that are compared with one another in one gap."""
_BLANKS = " \t\r"


class File(Struct, frozen=True, eq=False):
    """A file of a chart, as a template, and where its lines begin and end that are not blank."""

    template: Template
    lines: tuple[tuple[int, int], ...]


class Files:
    """The files of a chart, each read when it is asked for."""

    def __init__(self, chart: Chart) -> None:
        self.chart = chart
        self._read: dict[str, File | None] = {}
        self._used: dict[str, tuple[File, ...]] = {}

    def __contains__(self, template: Template) -> bool:
        return any(file is not None and file.template is template for file in self._read.values())

    def used(self, action: str) -> tuple[File, ...]:
        """Those that an action, or a whole template, may take in: by their names, or else all there are."""
        if action not in self._used:
            names = [found[1] for found in USES_FILES.finditer(action)]
            if not all(names):
                names = [name for name in self.chart.files if not name.startswith("templates/")][:_MOST_FILES]
            files = (self._file(name) for name in dict.fromkeys(names))
            self._used[action] = tuple(file for file in files if file is not None)
        return self._used[action]

    def _file(self, name: str) -> File | None:
        if name not in self._read:
            source = self.chart.source(name) if name in self.chart.files else None
            found = File(read_template(source), tuple(_lines(source.text))) if source is not None else None
            self._read[name] = found
        return self._read[name]


def aligned(
    text: str, lines: Sequence[tuple[int, int]], files: Iterable[File], least: int
) -> dict[int, Piece]:
    """Those of some rendered lines, by their numbers, that are a whole file, each of its lines indented by as
    much. A file of fewer than `least` lines does not count; blank lines are none."""
    places: dict[str, list[int]] = {}
    for number, (start, end) in enumerate(lines):
        places.setdefault(text[start:end].strip(_BLANKS), []).append(number)
    found: dict[int, list[list[Piece]]] = {}
    left = _MOST_COMPARED
    for file in files:
        if len(file.lines) < least:
            continue
        first = file.template.source.text[slice(*file.lines[0])].strip(_BLANKS)
        for at in places.get(first, ()):
            left -= len(file.lines)
            if left < 0:
                return {}
            pieces = list(_pieces(text, lines[at : at + len(file.lines)], file))
            if len(pieces) == len(file.lines):
                found.setdefault(at, []).append(pieces)
    taken: dict[int, Piece] = {}
    for at, ones in sorted(found.items()):
        longest = max(map(len, ones))
        best = [one for one in ones if len(one) == longest]
        # Two files of the same text tell nothing.
        if len(best) == 1 and at not in taken:
            taken.update(enumerate(best[0], at))
    return taken


def _lines(text: str) -> list[tuple[int, int]]:
    """Where the lines of a text begin and end that are not blank."""
    found, at = [], 0
    for line in text.split("\n"):
        if line.strip(_BLANKS):
            found.append((at, at + len(line)))
        at += len(line) + 1
    return found


def _pieces(text: str, lines: Sequence[tuple[int, int]], file: File) -> Iterator[Piece]:
    """The lines of a file among those that were rendered, up to the first one that is not there."""
    source = file.template.source
    indent: str | None = None
    for (start, end), (first, last) in zip(lines, file.lines, strict=False):
        line = source.text[first:last].rstrip(_BLANKS)
        rendered = text[start:end].rstrip(_BLANKS)
        before = rendered.removesuffix(line)
        if not rendered.endswith(line) or before.strip(_BLANKS) or indent not in (None, before):
            return
        indent = before
        at = start + len(before)
        length = min(end - at, last - first)
        yield Piece(at, at + length, source, first, first + length)
