"""How much work podlint does for one document: counted and not timed, so that the same input has the same
report on every machine."""

from __future__ import annotations

DOCUMENT = 1_000_000
"""Units that a document may cost. A unit is about a microsecond of processor time, and at most 200 bytes."""
PER_CHARACTER = 2
"""Units that each character of the document adds to that."""
PROCESS = 250_000
"""Units that one process of a container may cost."""


class Budget:
    """How much work may still be done, in units (see `DOCUMENT`). A part of another budget draws on that one
    too."""

    __slots__ = ("_around", "_limit", "spent")

    def __init__(self, limit: int = DOCUMENT, around: Budget | None = None) -> None:
        self._limit = limit
        self._around = around
        self.spent = 0
        """The units that were asked for so far."""

    @classmethod
    def of_document(cls, size: int) -> Budget:
        """The budget of a document of `size` characters."""
        return cls(DOCUMENT + PER_CHARACTER * size)

    def part(self, limit: int) -> Budget:
        """A budget of its own within this one."""
        return Budget(limit, self)

    def spend(self, units: int) -> bool:
        """Count work. Returns False where it is more than is left: then nothing more may be done at all."""
        self.spent += units
        around = self._around is None or self._around.spend(units)
        return around and self.spent <= self._limit

    @property
    def is_spent(self) -> bool:
        """Whether more was asked for than there was."""
        return self.spent > self._limit or (self._around is not None and self._around.is_spent)
