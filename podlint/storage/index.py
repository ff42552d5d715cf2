"""An index of places, so that what meets a place is found without looking at every other one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Generic, TypeVar

from podlint.storage.places import Kind, Place, upwards

_T = TypeVar("_T")
_Storage = tuple[Kind, tuple[str, ...]]


class PlaceIndex(Generic[_T]):
    """Things by the place that they are about.

    Known paths are looked up; only where a path is not fully known, its storage is gone through one by one.
    """

    def __init__(self) -> None:
        self._known: dict[_Storage, dict[str, list[tuple[Place, _T]]]] = {}
        self._vague: dict[_Storage, list[tuple[Place, _T]]] = {}

    def add(self, place: Place, thing: _T) -> None:
        """Enter a thing. What is on no storage meets nothing and is left out."""
        if place.kind not in (Kind.VOLUME, Kind.PRIVATE):
            return
        storage, path = (place.kind, place.identity), place.path.literal
        if path is None:
            self._vague.setdefault(storage, []).append((place, thing))
        else:
            self._known.setdefault(storage, {}).setdefault(path, []).append((place, thing))

    def holding(self, place: Place) -> Iterator[_T]:
        """The things whose place may be this one, or a directory that it lies in."""
        path = place.path.literal
        if path is None:
            yield from (thing for one, thing in self._all(place) if one.may_hold(place))
            return
        storage = (place.kind, place.identity)
        known = self._known.get(storage, {})
        for directory in upwards(path):
            yield from (thing for _, thing in known.get(directory, ()))
        yield from (thing for one, thing in self._vague.get(storage, ()) if one.may_hold(place))

    def at(self, place: Place) -> Iterator[_T]:
        """The things whose place may be this one."""
        path = place.path.literal
        if path is None:
            yield from (thing for one, thing in self._all(place) if one.may_be(place))
            return
        storage = (place.kind, place.identity)
        yield from (thing for _, thing in self._known.get(storage, {}).get(path, ()))
        yield from (thing for one, thing in self._vague.get(storage, ()) if one.may_be(place))

    def any_holding(self, place: Place) -> bool:
        """Whether any thing's place may be this one, or a directory that it lies in."""
        return any(True for _ in self.holding(place))

    def any_at(self, place: Place) -> bool:
        """Whether any thing's place may be this one."""
        return any(True for _ in self.at(place))

    def _all(self, place: Place) -> Iterator[tuple[Place, _T]]:
        storage = (place.kind, place.identity)
        for entries in self._known.get(storage, {}).values():
            yield from entries
        yield from self._vague.get(storage, ())
