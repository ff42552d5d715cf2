"""Reads that miss their writer: a script reads a file that another one makes, and they are two files."""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum

from msgspec import Struct

from podlint.checks._volume_sides import lacks, own_side
from podlint.manifest.model import Mount
from podlint.storage.index import PlaceIndex
from podlint.vocabulary import (
    Action,
    ContainerView,
    Effect,
    Hold,
    Kind,
    Place,
    PlacedEffect,
    PodView,
    Repeats,
)


class Why(Enum):
    """Why a read and a write do not meet. Its value is the rule that reports it."""

    WRONG_SIDE = "wrong-side-path"
    """The volume is mounted elsewhere here, and the path is that of the other side."""
    OTHER_VOLUME = "same-path-different-volume"
    """The path is on two volumes."""
    OTHER_SUBPATH = "split-subpath"
    """These are two directories of one volume."""
    UNSHARED = "unshared-path"
    """No volume holds the path for both."""


class MissedRead(Struct, frozen=True):
    """A read, the write that it was to see, and what keeps them apart."""

    why: Why
    read: PlacedEffect
    write: PlacedEffect

    @property
    def reader(self) -> ContainerView:
        """The container that reads."""
        return self.read.container

    @property
    def writer(self) -> ContainerView:
        """The container that writes."""
        return self.write.container

    @property
    def certain(self) -> bool:
        """Whether nothing else can have put the file there. A claim may hold it from an earlier day."""
        volume = self.read.volume
        return self.write.certain and (volume is None or volume.starts_empty)


def missed_reads(pod: PodView, why: Why | None = None) -> list[MissedRead]:
    """The reads of a pod that miss their writer (for one reason), one for each reader and path."""
    writes = _Writes(pod)
    missed = (miss for reader in pod.running for miss in _missed_by(reader, pod, writes))
    return [miss for miss in missed if why in (None, miss.why)]


class MissedWrites:
    """The files that some missed reads were to see."""

    def __init__(self, missed: list[MissedRead]) -> None:
        self._missed: dict[tuple[object, ...], list[MissedRead]] = {}
        for miss in missed:
            self._missed.setdefault(_key(miss.write.place), []).append(miss)

    def reads_of(self, write: PlacedEffect) -> tuple[MissedRead, ...]:
        """The reads that miss a written file."""
        return tuple(self._missed.get(_key(write.place), ())) if write.place.path.literal is not None else ()


def _key(place: Place) -> tuple[object, ...]:
    return place.kind, place.identity, place.path


def keeps_writing(effect: Effect) -> bool:
    """Whether content goes into the file as long as the container runs."""
    return effect.action.writes and (effect.repeats is Repeats.FOREVER or effect.hold is Hold.HELD)


def makes(effect: Effect) -> bool:
    """Whether this is output for others: kept up, or that of a program which may run for ever."""
    return keeps_writing(effect) or (effect.certain and effect.hold is Hold.UNKNOWN and effect.is_redirection)


_WRITING = frozenset(
    {Action.APPEND, Action.REPLACE, Action.WRITE, Action.TOUCH, Action.LINK, Action.SYMLINK, Action.RENAME}
)


class _Writes:
    """The writes of a pod: by the place that they fill, by their path, and by their path below a mount."""

    def __init__(self, pod: PodView) -> None:
        self.filling: PlaceIndex[ContainerView] = PlaceIndex()
        self._by_path: dict[str, list[PlacedEffect]] = {}
        self._by_rest: dict[tuple[object, ...], list[PlacedEffect]] = {}
        for container in pod.containers:
            for write in container.effects:
                target = write.target if write.action is Action.RENAME else write.place
                if write.action in _WRITING and target is not None:
                    self.filling.add(target, container)
                if write.action.writes:
                    self._enter(write)

    def _enter(self, write: PlacedEffect) -> None:
        path, rest = write.path.literal, _below_mount(write.place)
        if path is not None:
            self._by_path.setdefault(path, []).append(write)
        if rest is not None:
            self._by_rest.setdefault(rest, []).append(write)

    def meant_by(self, read: PlacedEffect) -> Iterator[PlacedEffect]:
        """The writes to the path that is read, then those to the same path below a mount of the volume."""
        yield from self._by_path.get(str(read.path), ())
        rest = _below_mount(read.place)
        yield from self._by_rest.get(rest, ()) if rest is not None else ()


def _missed_by(reader: ContainerView, pod: PodView, writes: _Writes) -> Iterator[MissedRead]:
    found: set[str] = set()
    own = OwnFiles(reader)
    for read in reader.effects:
        path = read.path.literal
        if read.action is not Action.READ or path is None or path in found or read.is_image_default:
            continue
        if own.lack(read):
            missed = _writer_of(read, pod, writes)
            if missed is not None:
                found.add(path)
                yield missed


class OwnFiles:
    """What a container can have of itself: made by its own scripts, or brought along by its volumes."""

    def __init__(self, container: ContainerView) -> None:
        self._understood = container.understood
        self._made: PlaceIndex[None] = PlaceIndex()
        self._targets: PlaceIndex[None] = PlaceIndex()
        for effect in container.effects:
            if effect.action in _WRITING or effect.action is Action.MKDIR:
                self._made.add(effect.place, None)
            if effect.target is not None:
                self._targets.add(effect.target, None)

    def lack(self, read: PlacedEffect) -> bool:
        """Whether a file that is read can only come from elsewhere."""
        place, volume = read.place, read.volume
        if not (read.certain and self._understood and place.kind in (Kind.PRIVATE, Kind.VOLUME)):
            return False
        if place.kind is Kind.VOLUME and not (
            volume is not None and (volume.starts_empty or volume.kind == "persistentVolumeClaim")
        ):
            return False
        return not self._made.any_holding(place) and not self._targets.any_at(place)


def _writer_of(read: PlacedEffect, pod: PodView, writes: _Writes) -> MissedRead | None:
    """The sibling that writes what is meant, if none writes, or might write, the very file that is read."""
    reader = read.container
    # Few reads have such a sibling, and this is looked up; what else may fill their place is gone through.
    meant = (
        MissedRead(why, read, write)
        for write in writes.meant_by(read)
        if write.container is not reader and (why := _why(read, write)) is not None
    )
    missed = next(meant, None)
    if missed is None or any(other is not reader for other in writes.filling.holding(read.place)):
        return None
    for other in pod.containers:
        unknown = other is not reader and not other.understood
        if unknown and any(_shows(mount, read.place) for mount in other.mounts_of(read.place)):
            return None
    return missed


def _shows(mount: Mount, place: Place) -> bool:
    """Whether a mount of a place's volume may show that place."""
    top = (mount.sub_path or "").strip("/")
    return not top or place.path.prefix.startswith(f"/{top}/") or place.path.literal is None


def _why(read: PlacedEffect, write: PlacedEffect) -> Why | None:
    """What keeps a write from being what is read; None where they have nothing to do with each other."""
    same_path = write.path.must_be(read.path)
    mine, theirs = read.place, write.place
    if mine.kind is Kind.VOLUME and theirs.kind is Kind.VOLUME and _is_made(write):
        if mine.identity == theirs.identity:
            return Why.OTHER_SUBPATH if mine.path.literal and theirs.path.literal else None
        if same_path and mine.mount and theirs.mount and mine.mount.path == theirs.mount.path:
            return Why.OTHER_VOLUME
    if not same_path or (mine.volume is not None and not mine.volume.starts_empty):
        return None
    kept_up = write.container.is_running and makes(write)
    if own_side(theirs, read.container) is not None:
        is_missed = kept_up or (_is_made(write) and lacks(read.container, str(mine.path)))
        return Why.WRONG_SIDE if is_missed else None
    return Why.UNSHARED if kept_up else None


def _is_made(write: PlacedEffect) -> bool:
    return write.certain or makes(write)


def _below_mount(place: Place) -> tuple[object, ...] | None:
    """A file by its volume and its path below the mount, whatever part of the volume that is."""
    path = place.path.literal
    if path is None or place.mount is None or place.mount.sub_path is None:
        return None
    return place.identity, path.removeprefix("/" + place.mount.sub_path).lstrip("/")
