"""unshared-path: a file that one container writes and that no other can see, or is looking for elsewhere."""

from __future__ import annotations

from collections.abc import Iterator

from podlint.checks._missed import (
    POD_OWN,
    Missed,
    Why,
    is_told,
    keeps_writing,
    makes,
    missed_reads,
    places_told,
)
from podlint.checks._readers import Readers
from podlint.checks._sides import COMMON
from podlint.manifest.model import Mount
from podlint.shell.effects import Action, Effect
from podlint.shell.patterns import split_last
from podlint.storage.index import PlaceIndex
from podlint.storage.places import Kind
from podlint.storage.view import ContainerView, PlacedEffect, PodView
from podlint.vocabulary import Note, Problem, rule

_MOST = 12
"""Siblings of which a finding says why they do not read, and other files that it names."""


@rule(siblings=True)
def check(pod: PodView) -> Iterator[Problem]:
    """Report readers without their writer, and writers without any reader."""
    # Where a volume is shared, but not so that they meet, a rule of its own says so.
    missed = missed_reads(pod)
    for one in missed:
        if one.why is Why.UNSHARED:
            yield _missed_read(one, pod)
    told = places_told(missed)
    # Whoever looks into a sibling's root may read anything.
    readers = None if any(_looks_into_siblings(one, pod) for one in pod.running) else Readers(pod)
    for writer in pod.running:
        yield from _missed_mounts(writer, pod, told)
        if readers is not None:
            yield from _unread_writes(writer, pod, told, readers)


def _missed_read(missed: Missed, pod: PodView) -> Problem:
    read, reader, write, writer = missed.read, missed.reader, missed.write, missed.writer
    path = read.path
    return Problem(
        certain=write.certain,
        message=(
            f'"{reader.name}" reads "{path}", but never sees what "{writer.name}" writes there: no volume '
            f"holds that path for both, so these are two files"
        ),
        at=Note(read.span, f"read from {_storage(read)}"),
        notes=(Note(write.span, f'"{writer.name}" writes it to {_storage(write)}'),),
        route=(
            Note(write.span, f'"{writer.name}" writes "{path}" to {_storage(write)}'),
            Note(read.span, f'"{reader.name}" reads "{path}" from {_storage(read)}'),
        ),
        help=_how_to_share(read, reader, write, writer),
        container=reader,
    )


def _how_to_share(
    read: PlacedEffect, reader: ContainerView, write: PlacedEffect, writer: ContainerView
) -> str:
    """Whose mount is to be taken over by whom."""
    mine, theirs = read.place.mount, write.place.mount
    if mine is not None and theirs is not None:
        return (
            f'mount volume "{theirs.volume}" at "{theirs.path}" in "{reader.name}" instead of "{mine.volume}"'
        )
    if mine is not None:
        return f'mount volume "{mine.volume}" at "{mine.path}" in "{writer.name}" too'
    if theirs is not None:
        return f'mount volume "{theirs.volume}" at "{theirs.path}" in "{reader.name}" too'
    directory = split_last(read.path)[0]
    return f'add an emptyDir to the pod and mount it at "{directory}" in both containers'


def _storage(placed: PlacedEffect) -> str:
    if placed.place.mount is not None:
        return f'volume "{placed.place.mount.volume}"'
    return "its own root file system"


# A writer misses the mount that a sibling has.


def _missed_mounts(
    writer: ContainerView, pod: PodView, reported: frozenset[tuple[object, ...]]
) -> Iterator[Problem]:
    """Output that goes into a directory which is a volume in a sibling, but not here."""
    told: set[str] = set()
    for write in writer.effects:
        path = write.path.literal
        if path is None or path in told or write.place.kind is not Kind.PRIVATE or is_told(write, reported):
            continue
        if not write.certain or not makes(write):
            continue
        mount = _sibling_mount(path, writer, pod)
        if mount is not None and not any(
            p.action is Action.READ and p.place.may_hold(write.place) for p in writer.effects
        ):
            told.add(path)
            yield _missed_mount(write, writer, *mount, pod)


def _sibling_mount(path: str, writer: ContainerView, pod: PodView) -> tuple[ContainerView, Mount] | None:
    for other in pod.others(writer):
        for mount in other.spec.mounts:
            volume = pod.spec.volume(mount.volume)
            if (
                volume is None
                or volume.kind not in (*POD_OWN, "hostPath", "persistentVolumeClaim")
                or mount.path in COMMON
            ):
                continue
            if path.startswith(mount.path + "/") and not any(
                m.volume == mount.volume for m in writer.spec.mounts
            ):
                return other, mount
    return None


def _missed_mount(
    write: PlacedEffect, writer: ContainerView, other: ContainerView, mount: Mount, pod: PodView
) -> Problem:
    path = write.path
    return Problem(
        certain=False,
        message=(
            f'what "{writer.name}" writes to "{path}" stays in its own root file system: "{other.name}" '
            f'mounts volume "{mount.volume}" at "{mount.path}", "{writer.name}" does not'
        ),
        at=Note(write.span, "not on the volume"),
        notes=(Note(mount.span, f'"{other.name}" mounts volume "{mount.volume}" at "{mount.path}"'),),
        help=f'mount volume "{mount.volume}" at "{mount.path}" in "{writer.name}" too',
        container=writer,
    )


# A writer whose volume nobody reads.


def _unread_writes(
    writer: ContainerView, pod: PodView, reported: frozenset[tuple[object, ...]], readers: Readers
) -> Iterator[Problem]:
    """Output on a volume of the pod's own that nobody could be reading; one finding for each volume."""
    if not writer.understood:
        return
    renamed: PlaceIndex[None] = PlaceIndex()
    for placed in writer.effects:
        if placed.action is Action.RENAME:
            renamed.add(placed.place, None)
    by_volume: dict[tuple[str, ...], list[PlacedEffect]] = {}
    for write in writer.effects:
        volume = write.place.volume
        if (
            volume is not None
            and volume.kind in POD_OWN
            and keeps_writing(write)
            and not is_told(write, reported)
            and not _is_for_outside(write, pod)
            and not renamed.any_holding(write.place)
            and not readers.may_see(write.place)
        ):
            by_volume.setdefault(volume.identity, []).append(write)
    for writes in by_volume.values():
        yield _unread_write(writes, writer, pod)


def _is_for_outside(write: PlacedEffect, pod: PodView) -> bool:
    """Whether an annotation names the file, or the controller collects it as output."""
    path = str(write.path)
    return path in pod.spec.annotations or any(path.startswith(output) for output in pod.spec.outputs)


def _looks_into_siblings(container: ContainerView, pod: PodView) -> bool:
    """Whether it reads through `/proc/<pid>/root`, which leads into siblings where processes are shared."""
    return (pod.spec.share_process_namespace or pod.spec.host_pid) and any(
        p.place.kind is Kind.DEVICE and "/root/" in str(p.path) for p in container.effects
    )


def _unread_write(writes: list[PlacedEffect], writer: ContainerView, pod: PodView) -> Problem:
    first = writes[0]
    mount, path = first.place.mount, first.path
    assert mount is not None
    related = [Note(mount.span, f'"{writer.name}" mounts volume "{mount.volume}" at "{mount.path}"')]
    names = {str(path)}
    for write in writes[1:]:
        if str(write.path) not in names and len(names) < _MOST:
            names.add(str(write.path))
            related.append(Note(write.span, "written for nobody too"))
    others = pod.others(writer)[:_MOST]
    related += [Note(other.spec.span, _why_not(other, first)) for other in others]
    return Problem(
        certain=False,
        message=(
            f'"{writer.name}" keeps writing "{path}" to volume "{mount.volume}", where no container can be '
            f"reading it: {_end_of(first)}"
        ),
        at=Note(first.span, "nobody reads this"),
        notes=tuple(related),
        help=f'mount "{mount.volume}" in the container that is to read it, or write to standard output',
        container=writer,
    )


def _end_of(effect: Effect) -> str:
    """What becomes of a file that nobody reads."""
    filling = "it fills the volume for nobody and " if effect.action is Action.APPEND else "it "
    return filling + "is gone with the pod"


def _why_not(other: ContainerView, write: PlacedEffect) -> str:
    """Why a sibling is not reading."""
    if not other.spec.mounts:
        return f'"{other.name}" mounts nothing'
    if not other.mounts_of(write.place):
        return f'"{other.name}" does not mount this volume'
    return f'"{other.name}" mounts it, but never reads this file'
