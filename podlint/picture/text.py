"""A picture for a terminal: a table of what each container does to what."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import zip_longest

from msgspec import Struct

from podlint.display.escape import opening
from podlint.display.fitting import fitted, width, wrapped
from podlint.picture.model import Act, Cell, Flow, Mark, Picture, Row
from podlint.picture.sentences import left_out_words, signs

LABEL = (12, 30)
"""Least and most columns of a terminal that the names of rows take."""
COLUMN = (14, 34)
"""Least and most columns of a terminal that a container takes."""
MAX_DETAIL = 3
"""Lines that a detail takes."""
_LEAST_PLACE = 20
"""Columns that the place of a finding has: a rule has a short name."""
_SIGNS = {Flow.GIVES: "> ", Flow.TAKES: "< ", Flow.NEITHER: "  "}
_LEGEND = {
    "gives": "> puts data in",
    "takes": "< takes data out",
    "maybe": "? maybe",
    "loop": "* in a loop",
    "finding": "[1] finding",
}


class Piece(Struct, frozen=True):
    """A part of a line. `style`: `strong`, `rule` (a line of the table), the severity of a finding, or ""."""

    text: str
    style: str = ""


def lines_of(picture: Picture, columns: int) -> Iterator[list[Piece]]:
    """The lines of a picture, escaped, each of at most `columns` columns of a terminal. Containers that find
    no room side by side come in several tables."""
    yield [Piece(_opening(picture.title, columns), "strong")]
    yield [Piece(_opening(str(picture.at), columns))]
    whole = picture.marked(None, None)
    if whole:
        yield [Piece("about the pod: "), *_numbers(whole, columns - 15)]
    label = _label_width(picture, columns)
    for first, last in _tables(picture, columns - label):
        yield []
        yield from _table(picture, range(first, last), label, columns)
    if picture.marks:
        yield []
    for mark in picture.marks:
        yield from _finding(mark, columns)
    if footer := _footer(picture, columns):
        yield []
        yield from footer


def _footer(picture: Picture, columns: int) -> list[list[Piece]]:
    """What the signs mean, and what is not drawn."""
    used, left_out = signs(picture), left_out_words(picture.left_out)
    legend = "   ".join(words for sign, words in _LEGEND.items() if sign in used)
    lines = [legend, *wrapped(left_out, columns)]
    return [[Piece(line)] for line in lines if line]


def _opening(text: str, room: int) -> str:
    """Text that opens a line."""
    return fitted(opening(fitted(text, room)), room)


def _label_width(picture: Picture, columns: int) -> int:
    most = max(min(LABEL[1], columns // 4), LABEL[0])
    return max([LABEL[0], *(width(fitted(text, most)) for row in picture.rows for text in _label(row))])


def _tables(picture: Picture, room: int) -> Iterator[tuple[int, int]]:
    """The columns that stand side by side: as many as fit, each table about as full as the others."""
    count = len(picture.columns)
    beside = max(room // (COLUMN[0] + 3), 1)
    tables = -(-count // beside)
    for table in range(tables):
        yield count * table // tables, count * (table + 1) // tables


def _table(picture: Picture, shown: range, label: int, columns: int) -> Iterator[list[Piece]]:
    """One table of some columns."""
    each = min((columns - label) // len(shown) - 3, _widest(picture, shown))
    rule = [Piece("-+-".join(["-" * label, *("-" * each for _ in shown)]), "rule")]
    heads = [_head(picture, column, each) for column in shown]
    yield from _lines([Piece("")], heads, label, each)
    drawn = {cell.row for cell in picture.cells if cell.column in shown}
    drawn |= {mark.row for mark in picture.marks if mark.row is not None and mark.column in (None, *shown)}
    before = ""
    for index, row in enumerate(picture.rows):
        if index not in drawn and not _holds(picture, index, drawn):
            continue
        if row.kind == "volume" or (row.kind != before and (before, row.kind) != ("volume", "file")):
            yield rule
        before = row.kind
        cells = {cell.column: cell for cell in picture.cells_of(index)}
        inside = [_inside(picture, cells.get(column), column, index, each) for column in shown]
        names = [Piece(_opening(text, label)) for text in _label(row)]
        names[0] = Piece(names[0].text, "strong" if row.kind != "file" else "")
        yield from _lines([*names, *_numbers(picture.marked(None, index), label)], inside, label, each)


def _widest(picture: Picture, shown: range) -> int:
    """How many columns a container needs at most."""
    texts = [text for column in shown for text in _about(picture, column)]
    for act in (act for cell in picture.cells if cell.column in shown for act in cell.acts):
        texts += [f"{act.verb}      ", f"    {act.detail}"]
    return max([COLUMN[0], *(width(fitted(text, COLUMN[1])) for text in texts)])


def _holds(picture: Picture, index: int, drawn: set[int]) -> bool:
    """Whether a row is that of a volume with files that are drawn."""
    if picture.rows[index].kind != "volume":
        return False
    below = index + 1
    while below < len(picture.rows) and picture.rows[below].kind == "file":
        if below in drawn:
            return True
        below += 1
    return False


def _label(row: Row) -> list[str]:
    if row.kind == "file":
        return [f"  {row.label}"]
    return [row.label, row.note] if row.note else [row.label]


def _about(picture: Picture, column: int) -> list[str]:
    """What stands above a column."""
    one = picture.columns[column]
    return [one.name, one.role if one.followed else f"{one.role}, not all followed", one.image]


def _head(picture: Picture, column: int, each: int) -> list[Piece]:
    name, *others = (fitted(text, each) for text in _about(picture, column))
    return [Piece(name, "strong"), *map(Piece, others), *_numbers(picture.marked(column, None), each)]


def _inside(picture: Picture, cell: Cell | None, column: int, row: int, each: int) -> list[Piece]:
    """The lines of a cell."""
    lines = [Piece(line) for act in (cell.acts if cell is not None else ()) for line in _act(act, each)]
    if cell is not None and cell.more:
        lines.append(Piece(f"  and {cell.more} more"))
    return lines + _numbers(picture.marked(column, row), each)


def _act(act: Act, each: int) -> Iterator[str]:
    if act.verb.startswith("mounts"):
        yield fitted(act.detail, each)
        if act.verb != "mounts":
            yield "  " + act.verb.removeprefix("mounts ")
        return
    signs = ("" if act.certain else "?") + ("" if act.repeats == "once" else "*")
    yield fitted(f"{_SIGNS[act.flow]}{act.verb}{signs and ' '}{signs}", each)
    for line in wrapped(act.detail, each - 4)[:MAX_DETAIL]:
        if line:
            yield "    " + line


def _numbers(marks: Sequence[Mark], room: int) -> list[Piece]:
    """The findings of a crossing, on a line of their own: as many as there is room for."""
    if not marks:
        return []
    words = f"[{marks[0].number}]"
    for mark in marks[1:]:
        longer = f"{words} [{mark.number}]"
        if len(longer) + 2 > room:
            words += " …"
            break
        words = longer
    worst = max(marks, key=lambda mark: mark.severity.rank)
    return [Piece(words, worst.severity.value)]


def _lines(
    label: list[Piece], cells: list[list[Piece]], label_width: int, each: int
) -> Iterator[list[Piece]]:
    """The lines of one row of a table."""
    blank = Piece("")
    for name, *pieces in zip_longest(label, *cells, fillvalue=blank):
        line = [name, Piece(" " * (label_width - width(name.text)))]
        for piece in pieces:
            line += [Piece(" | ", "rule"), piece, Piece(" " * (each - width(piece.text)))]
        yield line


def _finding(mark: Mark, columns: int) -> Iterator[list[Piece]]:
    number = f"[{mark.number}] "
    head = f"{number}{mark.severity.value}[{mark.rule}]"
    place = fitted(str(mark.at), max(columns - len(head) - 2, _LEAST_PLACE))
    yield [Piece(head, mark.severity.value), Piece(f"  {place}")]
    for line in wrapped(mark.message, columns - len(number)):
        yield [Piece(" " * len(number) + _opening(line, columns - len(number)))]
