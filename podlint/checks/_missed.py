"""Reads that miss their writer: a script reads a file that another one makes, and they are two files."""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum

from msgspec import Struct

from podlint.checks._sides import lacks, own_side
from podlint.manifest.model import Mount
from podlint.shell.effects import Action, Effect, Hold, Repeats
from podlint.storage.places import Kind, Place
from podlint.storage.view import ContainerView, Placed, PodView

POD_OWN = frozenset({"emptyDir", "ephemeral"})
"""Volumes that are empty when the pod starts: what is there, the pod has made."""
_WRITABLE = POD_OWN | {"persistentVolumeClaim"}


class Why(Enum):
    """Why a read and a write do not meet. One mistake is one finding: each of these belongs to one rule."""

    WRONG_SIDE = "the volume is mounted elsewhere here, and the path is that of the other side"
    OTHER_VOLUME = "the path is on two volumes"
    OTHER_SUBPATH = "these are two directories of one volume"
    UNSHARED = "no volume holds the path for both"


class Missed(Struct, frozen=True):
    """A read, the write that it was to see, and what keeps them apart."""

    why: Why
    read: Placed
    reader: ContainerView
    write: Placed
    writer: ContainerView

    @property
    def certain(self) -> bool:
        """Whether nothing else can have put the file there. A claim may hold it from an earlier day."""
        volume = self.read.place.volume
        return self.write.effect.certain and (volume is None or volume.kind in POD_OWN)


def missed_reads(view: PodView) -> list[Missed]:
    """All reads of a pod that miss their writer, one for each reader and path."""
    return [missed for reader in view.concurrent for missed in _missed_by(reader, view)]


def keeps_writing(effect: Effect) -> bool:
    """Whether content goes into the file as long as the container runs."""
    return effect.action.writes and (effect.repeats is Repeats.FOREVER or effect.hold is Hold.HELD)


def makes(effect: Effect) -> bool:
    """Whether this is output for others: kept up, or that of a program which may run for ever."""
    return keeps_writing(effect) or (effect.certain and effect.hold is Hold.UNKNOWN and ">" in effect.by)


def is_told(write: Placed, missed: list[Missed]) -> bool:
    """Whether a reader that misses this file has been reported."""
    return any(write.place.must_be(one.write.place) for one in missed)


def _missed_by(reader: ContainerView, view: PodView) -> Iterator[Missed]:
    told: set[str] = set()
    for read in reader.effects:
        path = read.effect.path.literal
        if read.effect.action is not Action.READ or path is None or path in told or not read.effect.by:
            continue
        if can_only_come_from_elsewhere(read, reader):
            missed = _writer_of(read, reader, view)
            if missed is not None:
                told.add(path)
                yield missed


_MAKING = frozenset(
    {
        Action.APPEND,
        Action.REPLACE,
        Action.WRITE,
        Action.TOUCH,
        Action.MKDIR,
        Action.LINK,
        Action.SYMLINK,
    }
)


def can_only_come_from_elsewhere(read: Placed, reader: ContainerView) -> bool:
    """Whether none of the reader's own scripts makes the file, and no volume brings it along."""
    if not read.effect.certain or not reader.understood:
        return False
    volume = read.place.volume
    if read.place.kind is Kind.VOLUME and (volume is None or volume.kind not in _WRITABLE):
        return False
    if read.place.kind not in (Kind.PRIVATE, Kind.VOLUME):
        return False
    for other in reader.effects:
        if other.effect.action in _MAKING and (
            other.place.may_be(read.place) or other.place.may_hold(read.place)
        ):
            return False
        if other.to is not None and other.to.may_be(read.place):
            return False
    return True


def _writer_of(read: Placed, reader: ContainerView, view: PodView) -> Missed | None:
    """The sibling that writes what is meant, if none writes, or might write, the very file that is read."""
    found: Missed | None = None
    for other in view.containers:
        if other is reader:
            continue
        for write in other.effects:
            target = write.to if write.effect.action is Action.RENAME else write.place
            if target is not None and target.may_hold(read.place):
                return None
            why = found is None and _why(read, reader, write, other)
            if why:
                found = Missed(why, read, reader, write, other)
        if not other.understood and any(_shows(mount, read.place) for mount in other.mounts_of(read.place)):
            return None
    return found


def _shows(mount: Mount, place: Place) -> bool:
    """Whether a mount of a place's volume may show that place."""
    top = (mount.sub_path or "").strip("/")
    return not top or place.path.prefix.startswith(f"/{top}/") or place.path.literal is None


def _why(read: Placed, reader: ContainerView, write: Placed, writer: ContainerView) -> Why | None:
    """What keeps a write from being what is read; None where they have nothing to do with each other."""
    same_path = write.effect.path.must_be(read.effect.path)
    if not (write.effect.action.writes and (same_path or _same_rest(read.place, write.place))):
        return None
    mine, theirs = read.place, write.place
    if mine.kind is Kind.VOLUME and theirs.kind is Kind.VOLUME and _is_made(write):
        if mine.identity == theirs.identity:
            return Why.OTHER_SUBPATH if mine.path.literal and theirs.path.literal else None
        if same_path and mine.mount and theirs.mount and mine.mount.path == theirs.mount.path:
            return Why.OTHER_VOLUME
    if not same_path or (mine.volume is not None and mine.volume.kind not in POD_OWN):
        return None
    kept_up = writer.concurrent and makes(write.effect)
    if own_side(write.place, reader) is not None:
        return Why.WRONG_SIDE if kept_up or (_is_made(write) and lacks(reader, str(mine.path))) else None
    return Why.UNSHARED if kept_up else None


def _is_made(write: Placed) -> bool:
    return write.effect.certain or makes(write.effect)


def _same_rest(read: Place, write: Place) -> bool:
    """Whether both lie at the same path below two mounts of one volume."""
    if read.mount is None or write.mount is None or read.identity != write.identity:
        return False
    mine, theirs = read.path.literal, write.path.literal
    tops = read.mount.sub_path, write.mount.sub_path
    if mine is None or theirs is None or tops[0] is None or tops[1] is None or not any(tops):
        return False
    return mine.removeprefix("/" + tops[0]).lstrip("/") == theirs.removeprefix("/" + tops[1]).lstrip("/")
