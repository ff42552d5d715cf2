"""What a run can be told: which rules speak."""

from __future__ import annotations

from msgspec import Struct


class Options(Struct, frozen=True):
    """The options of a run. What is shown and what fails is not decided here: a report holds every finding.

    `select` and `ignore` are names of rules; an empty `select` means all of them, and `ignore` wins.
    """

    select: frozenset[str] = frozenset()
    ignore: frozenset[str] = frozenset()

    def wants(self, rule: str) -> bool:
        """Whether findings of this rule are asked for."""
        return rule not in self.ignore and (not self.select or rule in self.select)
