"""The picture of a pod as plain data: containers are columns, what they share are rows.

Text is as the manifest has it, cut where it is very long; whoever draws it escapes it. Values of Secrets are
masked.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum

from msgspec import Struct
from msgspec.structs import replace

from podlint.findings import Severity


class Spot(Struct, frozen=True):
    """A place in a file: line and column are 1-based and count code points."""

    path: str
    line: int
    column: int

    def __str__(self) -> str:
        return f"{self.path}:{self.line}:{self.column}"


class Flow(Enum):
    """Which way data go where a container does something to a row."""

    GIVES = "gives"
    """From the container to the row: it writes, connects, signals."""
    TAKES = "takes"
    """From the row to the container: it reads, listens, is signalled."""
    NEITHER = "neither"


class Act(Struct, frozen=True):
    """One thing that a container does: `verb` is in the third person (`appends`), `detail` says how, or
    to what end (`by name`, `to /logs/old.log`), and may be empty.

    `certain`: it happens when each command before it does its work. `repeats` is `once`, `some` (in a loop
    that ends, or may end) or `forever`. `at` is the first place that says so, `times` how many there are.
    """

    verb: str
    detail: str
    flow: Flow
    certain: bool
    repeats: str
    at: Spot
    times: int = 1

    @property
    def words(self) -> str:
        """What happens, in words: `maybe appends, in an endless loop`."""
        words = f"{'' if self.certain else 'maybe '}{self.verb}{f' {self.detail}' if self.detail else ''}"
        return words + {"once": "", "some": ", in a loop", "forever": ", in an endless loop"}[self.repeats]


class Column(Struct, frozen=True):
    """A container. `role` is `init`, `sidecar`, `app` or `ephemeral`. `followed`: nothing in its scripts and
    configurations had to be passed over."""

    name: str
    role: str
    image: str
    followed: bool
    at: Spot


class Row(Struct, frozen=True):
    """What containers do something to.

    `kind` is `volume`, `file` (on the volume of the last such row before it), `private` (a path in the own
    layer of each container), `device`, `unknown` (a path of which nobody knows where it lives), `port`,
    `remote` (an address outside the pod) or `process`. `note` says what it is: `emptyDir`, `configMap web`.
    """

    kind: str
    label: str
    note: str = ""

    @property
    def connects(self) -> bool:
        """Whether what one container puts into it is what another gets out of it."""
        return self.kind in ("file", "port", "process")


class Cell(Struct, frozen=True):
    """What the container of a column does to a row (0-based indices); `more` acts are not listed."""

    column: int
    row: int
    acts: tuple[Act, ...]
    more: int = 0

    def certain(self, flow: Flow) -> bool | None:
        """Whether data surely go this way; None where nothing is known to make them."""
        found = [act.certain for act in self.acts if act.flow is flow]
        return any(found) if found else None


class Stream(Struct, frozen=True):
    """Data on their way through a row, from the container of one column to that of another; None is the row
    itself, where nobody in the pod puts in or takes out."""

    giver: int | None
    taker: int | None
    certain: bool


class Mark(Struct, frozen=True):
    """A finding and the crossing that it is about: `row` is None where it is about the container as a whole,
    `column` where it is about no single container. `number` is counted from 1."""

    number: int
    rule: str
    severity: Severity
    message: str
    column: int | None
    row: int | None
    at: Spot


class LeftOut(Struct, frozen=True):
    """How much more there is than the picture shows."""

    columns: int = 0
    rows: int = 0
    marks: int = 0
    private: int = 0
    """Paths that only one container can see, and that no finding is about."""
    unknown: int = 0
    """Paths of which nobody knows where they live, without a finding, too."""


class Picture(Struct, frozen=True):
    """A pod. `columns` are in the order in which its containers start, `cells` in that of rows and
    columns."""

    kind: str
    name: str
    namespace: str
    at: Spot
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    cells: tuple[Cell, ...]
    marks: tuple[Mark, ...]
    left_out: LeftOut = LeftOut()

    @property
    def title(self) -> str:
        """`Kind/name`, with the namespace where there is one: `Deployment/web (namespace shop)`."""
        title = f"{self.kind}/{self.name}" if self.name else self.kind
        return f"{title} (namespace {self.namespace})" if self.namespace else title

    def at_least(self, severity: Severity) -> Picture:
        """The same with the findings of a severity and above, numbered anew."""
        kept = (mark for mark in self.marks if mark.severity.rank >= severity.rank)
        marks = tuple(replace(mark, number=number) for number, mark in enumerate(kept, start=1))
        return replace(self, marks=marks)

    def marked(self, column: int | None, row: int | None) -> tuple[Mark, ...]:
        """The findings at one crossing."""
        return tuple(mark for mark in self.marks if (mark.column, mark.row) == (column, row))

    def streams(self, row: int) -> tuple[Stream, ...]:
        """The ways that data take: to each taker from the nearest giver, and from each giver."""
        if not self.rows[row].connects:
            return ()
        cells = self.cells_of(row)
        givers, takers = _certain(cells, Flow.GIVES), _certain(cells, Flow.TAKES)
        ways: set[tuple[int | None, int | None]] = {(_nearest(taker, givers), taker) for taker in takers}
        fed = {giver for giver, _ in ways}
        ways |= {(giver, _nearest(giver, takers)) for giver in givers if giver not in fed}
        # Whoever only uses what it made itself shares nothing.
        ways -= {(None, giver) for giver in givers} | {(taker, None) for taker in takers}
        found = []
        for giver, taker in sorted(ways, key=lambda way: (way[0] or 0, way[1] or 0)):
            certain = (giver is None or givers[giver]) and (taker is None or takers[taker])
            found.append(Stream(giver, taker, certain))
        return tuple(found)

    def cells_of(self, row: int) -> tuple[Cell, ...]:
        """The cells of one row, from left to right."""
        return tuple(cell for cell in self.cells if cell.row == row)


def _certain(cells: Iterable[Cell], flow: Flow) -> dict[int, bool]:
    """The columns from or to which data go, and whether that is certain."""
    found = ((cell.column, cell.certain(flow)) for cell in cells)
    return {column: certain for column, certain in found if certain is not None}


def _nearest(column: int, others: Iterable[int]) -> int | None:
    return min((one for one in others if one != column), key=lambda one: abs(one - column), default=None)


def worst(marks: Iterable[Mark]) -> Severity | None:
    """The highest severity of some findings."""
    return max((mark.severity for mark in marks), key=lambda one: one.rank, default=None)
