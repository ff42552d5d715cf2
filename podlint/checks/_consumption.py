"""Whether a container may use what it writes itself, so that nobody else has to see it."""

from __future__ import annotations

from podlint.checks._looks import looked_at
from podlint.regex import late
from podlint.shell.effects import Action, Output
from podlint.shell.patterns import Pattern, split_last
from podlint.storage.index import PlaceIndex
from podlint.storage.places import Kind
from podlint.storage.view import ContainerView, PlacedEffect

SCRATCH = late(
    r"^(?:/tmp|/var/tmp|/run|/var/run|/var/lock|/var/cache|/var/lib/(?:apt|dpkg|apk)|/root/\.[^/]*|/home/[^/]*/\.[^/]*)(?:/|$)"
    r"|\.(?:pid|lock|lck|sock|swp|tmp)$"
)
"""Paths that a container keeps to itself by nature."""


_USING = frozenset({Action.READ, Action.EXECUTE, Action.LINK, Action.SYMLINK, Action.RENAME})


class Consumption:
    """What a container uses of its own files: what it reads, moves, runs or looks at, and what programs that
    podlint does not know may use."""

    def __init__(self, container: ContainerView) -> None:
        self._used: PlaceIndex[None] = PlaceIndex()
        self._somewhere: list[Pattern] = []
        for placed in container.effects:
            if placed.action in _USING:
                self._used.add(placed.place, None)
                if placed.place.kind is Kind.UNKNOWN:
                    self._somewhere.append(split_last(placed.place.path)[1])
        for place in looked_at(container):
            self._used.add(place, None)
        self._opaque = any(process.opaque or process.doubts for process in container.processes)
        # A program does not read back where its own output is redirected to; any other unknown one may.
        self._strange = {
            call.into if call.output is Output.FILE else None
            for process in container.processes
            for call in process.calls
            if not call.known
        }

    def takes(self, placed: PlacedEffect) -> bool:
        """Whether the container itself may use what is written."""
        if self._opaque or self._strange - {placed.path}:
            return True
        name = split_last(placed.place.path)[1]
        return self._used.any_holding(placed.place) or any(one.may_be(name) for one in self._somewhere)
