"""How much work podlint does for one file, document, pod and process: counted and not timed, so that the same
input has the same report on every machine, and whatever else is in the run."""

from __future__ import annotations

DOCUMENT = 1_000_000
"""Units that a document may cost. A unit is about a microsecond of processor time, and at most 200 bytes."""
PER_CHARACTER = 2
"""Units that each character of the document adds to that. Real pods cost about one."""
FILE = 3 * DOCUMENT
"""Units that the documents of one file may cost in all, where many would each cost as much as they may."""
PER_CHARACTER_OF_FILE = 4
"""Units that each character of the file adds to that: more, as real files can have many documents that repeat
one long script."""
PROCESS = 250_000
"""Units that one process of a container may cost."""
PAIRS = 64
"""How much weight of things that are compared with one another costs a unit for each of them."""


class Budget:
    """How much work may still be done, in units (see `DOCUMENT`). A part of another budget draws on that one
    too."""

    __slots__ = ("_around", "_compared", "_limit", "spent")

    def __init__(self, limit: int = DOCUMENT, around: Budget | None = None) -> None:
        self._limit = limit
        self._around = around
        self._compared = 0
        self.spent = 0
        """The units that were asked for so far."""

    @classmethod
    def of_file(cls, size: int) -> Budget:
        """The budget of a file of `size` characters."""
        return cls(FILE + PER_CHARACTER_OF_FILE * size)

    def of_document(self, size: int) -> Budget:
        """The budget of a document of `size` characters in this file."""
        return self.part(DOCUMENT + PER_CHARACTER * size)

    def part(self, limit: int | None = None) -> Budget:
        """A budget of its own within this one; as much as this one where no limit is given."""
        return Budget(self._limit if limit is None else limit, self)

    def spend(self, units: int) -> bool:
        """Count work. Returns False where it is more than is left: then nothing more may be done at all."""
        self.spent += units
        around = self._around is None or self._around.spend(units)
        return around and self.spent <= self._limit

    def compare(self, weight: int) -> bool:
        """Count one of many things each of which is compared with all others: it pays for those before it, by
        weight. Returns False where that is more than is left."""
        self._compared += weight
        return self.spend(weight * self._compared // PAIRS)

    @property
    def is_spent(self) -> bool:
        """Whether more was asked for than there was."""
        return self.spent > self._limit or (self._around is not None and self._around.is_spent)
