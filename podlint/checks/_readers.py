"""The readers of a pod: who may be reading what lies at a place, wherever a rotator has moved it."""

from __future__ import annotations

from collections.abc import Iterator

from podlint.checks._inspection import looked_at
from podlint.storage.index import PlaceIndex
from podlint.vocabulary import Action, ContainerView, Kind, Place, PodView

_READING = (Action.READ, Action.EXECUTE)
_LINKING = (Action.LINK, Action.SYMLINK)


class Readers:
    """Who may be reading in a pod. Everything is entered once, so that asking costs a look-up.

    An init container runs too early to read what is written later, unless its script says so. `without` is a
    container that does not count.
    """

    def __init__(self, pod: PodView, without: ContainerView | None = None) -> None:
        self._read: PlaceIndex[None] = PlaceIndex()
        # Containers that are not understood may read anything in their root and on their volumes.
        self._roots: set[str] = set()
        self._volumes: set[tuple[str, ...]] = set()
        self._anywhere = False
        for container in pod.containers:
            if container is without:
                continue
            if container.is_running:
                self._enter(container)
            else:
                for read in container.effects.reading():
                    self._read.add(read.place, None)
        self._moved: PlaceIndex[None] = PlaceIndex()
        for rename in (rename for container in pod.running for rename in container.effects.renaming()):
            if rename.target is not None and self._may_read(rename.target):
                self._moved.add(rename.place, None)

    def may_see(self, place: Place) -> bool:
        """Whether a container may read a file: where it is, or where somebody moves it."""
        return self._may_read(place) or self._moved.any_holding(place)

    def _enter(self, container: ContainerView) -> None:
        for place in _places_read(container):
            self._read.add(place, None)
        if not container.understood:
            self._roots.add(str(container.spec.span.start))
            volumes = (container.pod_spec.volume(mount.volume) for mount in container.spec.mounts)
            self._volumes.update(volume.identity for volume in volumes if volume is not None)
            self._anywhere = self._anywhere or any(
                effect.place.kind is Kind.UNKNOWN for effect in container.effects
            )

    def _may_read(self, place: Place) -> bool:
        if place.kind is Kind.PRIVATE:
            unknown = place.identity[1] in self._roots
        else:
            volume = place.volume
            unknown = self._anywhere or (volume is not None and volume.identity in self._volumes)
        return unknown or self._read.any_holding(place)


def _places_read(container: ContainerView) -> Iterator[Place]:
    """What a container reads or runs, what its links lead to, what it looks at, and where its variables
    are taken from."""
    for effect in container.effects:
        if effect.action in _READING:
            yield effect.place
        elif effect.action in _LINKING and effect.target is not None:
            yield effect.target
    yield from container.variable_files
    yield from looked_at(container)
