"""What of a pod is drawn: what findings are about first, then what containers share."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from podlint.picture.crossings import Crossing
from podlint.picture.model import Cell, Column, Flow, LeftOut, Mark, Row
from podlint.picture.rows import MAX_TEXT, Gathered, cut, spot_of

MAX_COLUMNS = 24
MAX_ROWS = 60
MAX_ACTS = 6
"""Acts in one cell."""
MAX_DRAWN = 1200
"""Acts in all cells together, of which each has one at least."""
MAX_MARKS = 60
_STEPS = frozenset({"makes directory", "touches", "changes mode", "changes owner"})


class Choice:
    """A bounded part of what was gathered, with indices in place of references."""

    def __init__(
        self, columns: Sequence[Column], rows: Sequence[Gathered], crossings: Sequence[Crossing]
    ) -> None:
        self._crossings = crossings[:MAX_MARKS]
        self._marked = {id(one.row) for one in self._crossings if one.row is not None}
        self._kept_columns = self._choose_columns(len(columns))
        wanted = [row for top in rows for row in self._wanted(top)]
        drawn = self._choose_rows(wanted)
        places = {id(row): index for index, row in enumerate(drawn)}
        numbers = {column: index for index, column in enumerate(self._kept_columns)}
        hidden = [row for top in rows for row in top.all() if row.quiet and id(row) not in self._marked]
        self.columns = tuple(columns[column] for column in self._kept_columns)
        self.rows = tuple(Row(row.kind, row.label, row.note) for row in drawn)
        count = sum(len(row.acts.keys() & numbers.keys()) for row in drawn)
        most = max(min(MAX_ACTS, MAX_DRAWN // max(count, 1)), 1)
        self.cells = tuple(
            cell for index, row in enumerate(drawn) for cell in _cells(row, index, numbers, most)
        )
        self.marks = tuple(
            _mark(number, one, numbers, places) for number, one in enumerate(self._crossings, start=1)
        )
        self.left_out = LeftOut(
            columns=len(columns) - len(self.columns),
            rows=len(wanted) - len(drawn),
            marks=len(crossings) - len(self._crossings),
            private=sum(row.kind == "private" for row in hidden),
            unknown=sum(row.kind == "unknown" for row in hidden),
        )

    def _choose_columns(self, count: int) -> list[int]:
        marked = {one.column for one in self._crossings}
        first = sorted(range(count), key=lambda column: column not in marked)
        return sorted(first[:MAX_COLUMNS])

    def _wanted(self, top: Gathered) -> list[Gathered]:
        """A row and those below it, but for what is of no interest."""
        return [row for row in top.all() if not row.quiet or id(row) in self._marked]

    def _choose_rows(self, wanted: list[Gathered]) -> list[Gathered]:
        """The most telling rows, in their order. A file takes the row of its volume with it."""
        kept: set[int] = set()
        above = {id(member): row for row in wanted for member in row.members.values()}
        for row in sorted(wanted, key=self._rank):
            needed = {id(row)} | ({id(above[id(row)])} if id(row) in above else set())
            if len(kept | needed) <= MAX_ROWS:
                kept |= needed
        return [row for row in wanted if id(row) in kept]

    def _rank(self, row: Gathered) -> tuple[bool, bool, bool]:
        return (id(row) not in self._marked, row.kind != "volume" and len(row.acts) < 2, not row.acts)


def _cells(row: Gathered, index: int, numbers: dict[int, int], most: int) -> Iterable[Cell]:
    """The cells of a row, with `most` acts in each."""
    for column in sorted(set(row.acts) & set(numbers)):
        acts = sorted(row.acts[column].values(), key=lambda act: act.flow is Flow.NEITHER)
        gives = {act.at for act in acts if act.flow is Flow.GIVES}
        # What writes a file makes it, too, and may do so in several steps.
        acts = [act for act in acts if act.verb not in _STEPS or act.at not in gives]
        yield Cell(numbers[column], index, tuple(acts[:most]), len(acts[most:]))


def _mark(number: int, one: Crossing, numbers: dict[int, int], places: dict[int, int]) -> Mark:
    finding = one.finding
    return Mark(
        number=number,
        rule=finding.rule,
        severity=finding.severity,
        message=cut(finding.message, MAX_TEXT),
        column=None if one.column is None else numbers.get(one.column),
        row=None if one.row is None else places.get(id(one.row)),
        at=spot_of(finding.primary.region),
    )
