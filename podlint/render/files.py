"""Files: what templates take in by `.Files`, found again in what was rendered."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from podlint.regex import late
from podlint.render.chart_files import Chart
from podlint.render.gotemplate import Template, read_template
from podlint.source.origin import Piece

USES_FILES = late(r"\.Files\.(?:(?:Get|GetBytes|Lines)[ \t\r\n]+[\"`]([^\"`]*)[\"`]|\w)")
_MOST_FILES = 500
"""Files of a chart that are looked through where an action does not name one."""
_MOST_COMPARED = 200_000
"""Lines that are compared with one another in one gap."""
_BLANKS = " \t\r"


class Files:
    """The files of a chart, each read as a template when it is asked for."""

    def __init__(self, chart: Chart) -> None:
        self.chart = chart
        self._read: dict[str, Template | None] = {}

    def __contains__(self, file: Template) -> bool:
        return file in self._read.values()

    def used(self, action: str) -> Iterator[Template]:
        """Those that an action, or a whole template, may take in: by their names, or else all there are."""
        names = [found[1] for found in USES_FILES.finditer(action)]
        if not all(names):
            names = [name for name in self.chart.files if not name.startswith("templates/")][:_MOST_FILES]
        for name in dict.fromkeys(names):
            file = self._file(name)
            if file is not None:
                yield file

    def _file(self, name: str) -> Template | None:
        if name not in self._read:
            source = self.chart.source(name) if name in self.chart.files else None
            self._read[name] = read_template(source) if source is not None else None
        return self._read[name]


def aligned(
    text: str, lines: Sequence[tuple[int, int]], files: Iterable[Template], least: int
) -> dict[int, Piece]:
    """Those of some rendered lines, by their numbers, that are a whole file, each of its lines indented by as
    much. A file of fewer than `least` lines does not count; blank lines are none."""
    places: dict[str, list[int]] = {}
    for number, (start, end) in enumerate(lines):
        places.setdefault(text[start:end].strip(_BLANKS), []).append(number)
    found: dict[int, list[list[Piece]]] = {}
    left = _MOST_COMPARED
    for file in files:
        own = _lines(file.source.text)
        for at in places.get(file.source.text[slice(*own[0])].strip(_BLANKS), ()) if own else ():
            left -= len(own)
            if len(own) < least or left < 0:
                break
            pieces = list(_pieces(text, lines[at : at + len(own)], file, own))
            if len(pieces) == len(own):
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


def _pieces(
    text: str, lines: Sequence[tuple[int, int]], file: Template, own: Sequence[tuple[int, int]]
) -> Iterator[Piece]:
    """The lines of a file among those that were rendered, up to the first one that is not there."""
    indent: str | None = None
    for (start, end), (first, last) in zip(lines, own, strict=False):
        line = file.source.text[first:last].rstrip(_BLANKS)
        rendered = text[start:end].rstrip(_BLANKS)
        before = rendered.removesuffix(line)
        if (
            not rendered.endswith(line)
            or before.strip(_BLANKS)
            or before != (before if indent is None else indent)
        ):
            return
        indent = before
        at = start + len(before)
        length = min(end - at, last - first)
        yield Piece(at, at + length, file.source, first, first + length)
