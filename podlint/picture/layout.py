"""Where everything of a picture is drawn, in CSS pixels."""

from __future__ import annotations

from math import ceil

from msgspec import Struct

from podlint.display.fitting import fitted, width
from podlint.picture.model import Act, Cell, Picture

PAD = 20
MONO = 7.25
"""Width of a character of 12 pixels: all monospaced fonts have about this."""
SMALL_MONO = 6.65
SANS = 6.9
"""An average that hardly any text exceeds, …"""
LARGE = 10.2
"""… and that of the title."""
LEAST_WIDTH = 560
"""What the legend and findings need."""
LABEL = (130.0, 250.0)
"""Least and most width of the names of rows."""
COLUMN = (124.0, 190.0)
"""Least and most width of a column."""
GAP = 14
"""Between columns."""
HEAD = 62
"""Height of a container's head."""
CHIP = 22
TALL_CHIP = 38
"""Height of a chip with a detail."""
BETWEEN = 5
"""Between chips."""


class Chip(Struct, frozen=True):
    """An act as it is drawn; `y` counts from the middle of the row."""

    act: Act
    verb: str
    detail: str
    y: float
    height: float
    is_mount: bool


class Block(Struct, frozen=True):
    """The chips of a cell, around a centre."""

    cell: Cell
    chips: tuple[Chip, ...]
    width: float
    height: float


class Layout:
    """Places for all that a picture has."""

    def __init__(self, picture: Picture) -> None:
        self._picture = picture
        self.label_width = self._label_width()
        self.column_width = self._column_width()
        self.characters = int((self.column_width - 18) / SMALL_MONO)
        """How many small monospaced characters fit into a column."""
        self.blocks = {(cell.column, cell.row): self._block(cell) for cell in picture.cells}
        self.grid = PAD + 58
        """Where the heads of the containers begin."""
        self.tops: list[float] = []
        """Where each row begins."""
        self.heights: list[float] = []
        y = float(self.grid + HEAD + 16)
        for row in range(len(picture.rows)):
            if row and self._begins(row):
                y += 12
            height = self._height(row)
            self.tops.append(y)
            self.heights.append(height)
            y += height
        self.grid_end = y + 8
        columns = len(picture.columns)
        width = PAD * 2 + self.label_width + columns * (self.column_width + GAP) + GAP
        self.width = max(ceil(width), LEAST_WIDTH)

    def _begins(self, row: int) -> bool:
        """Whether a row is of another kind than that before it, or a volume."""
        kind, before = self._picture.rows[row].kind, self._picture.rows[row - 1].kind
        return kind == "volume" or (kind != before and (kind, before) != ("file", "volume"))

    def centre(self, column: int) -> float:
        """The middle of a column."""
        left = PAD + self.label_width + GAP
        return left + column * (self.column_width + GAP) + self.column_width / 2

    def middle(self, row: int) -> float:
        """The middle of a row."""
        return self.tops[row] + self.heights[row] / 2

    def _label_width(self) -> float:
        longest = max((len(row.label) + 2 * (row.kind == "file") for row in self._picture.rows), default=0)
        notes = max((len(row.note) for row in self._picture.rows), default=0)
        return min(max(longest * MONO + 14, notes * SANS + 14, LABEL[0]), LABEL[1])

    def _column_width(self) -> float:
        names = max((len(column.name) for column in self._picture.columns), default=0)
        details = max(
            (len(act.detail) for cell in self._picture.cells for act in cell.acts if act.verb != "is probed"),
            default=0,
        )
        return min(max(names * MONO + 22, details * SMALL_MONO + 22, COLUMN[0]), COLUMN[1])

    def _height(self, row: int) -> float:
        blocks = [block for (_, at), block in self.blocks.items() if at == row]
        least = 40.0 if self._picture.rows[row].note else 32.0
        return max([least, *(block.height + 16 for block in blocks)])

    def _block(self, cell: Cell) -> Block:
        chips: list[Chip] = []
        heights = [TALL_CHIP if _is_tall(act) else CHIP for act in cell.acts]
        total = sum(heights) + BETWEEN * (len(heights) - 1) + (14 if cell.more else 0)
        y, widest = -total / 2, 0.0
        for act, height in zip(cell.acts, heights, strict=True):
            detail = fitted(act.detail, self.characters) if act.detail else ""
            is_mount = _is_mount(act)
            verb = act.verb.removeprefix("mounts").strip() if is_mount else act.verb
            chips.append(Chip(act, verb, detail, y, height, is_mount))
            loop = 18 if act.repeats != "once" else 0
            widest = max(widest, len(verb) * SANS + 18 + loop, width(detail) * SMALL_MONO + 16)
            y += height + BETWEEN
        return Block(cell, tuple(chips), min(max(widest, 64), self.column_width), total)


def _is_mount(act: Act) -> bool:
    return act.verb.startswith("mounts")


def _is_tall(act: Act) -> bool:
    """Whether it takes two lines."""
    return act.verb != "mounts" if _is_mount(act) else bool(act.detail)
