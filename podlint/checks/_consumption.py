"""Whether a container may use what it writes itself, so that nobody else has to see it."""

from __future__ import annotations

from podlint.checks._inspection import looked_at
from podlint.regex import late
from podlint.shell.patterns import Pattern, split_last
from podlint.storage.index import PlaceIndex
from podlint.vocabulary import Action, ContainerView, Kind, Output, PlacedEffect

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
        for effect in container.effects.doing(*_USING):
            self._used.add(effect.place, None)
            if effect.place.kind is Kind.UNKNOWN:
                self._somewhere.append(split_last(effect.place.path)[1])
        for place in looked_at(container):
            self._used.add(place, None)
        self._opaque = any(process.opaque or process.doubts for process in container.processes)
        # A program does not read back where its own output is redirected to; any other unknown one may.
        self._outputs_of_unknown = {
            call.into if call.output is Output.FILE else None for call in container.calls if not call.known
        }

    def may_use(self, write: PlacedEffect) -> bool:
        """Whether the container itself may use what is written."""
        if self._opaque or self._outputs_of_unknown - {write.path}:
            return True
        name = split_last(write.place.path)[1]
        return self._used.any_holding(write.place) or any(used.may_be(name) for used in self._somewhere)
