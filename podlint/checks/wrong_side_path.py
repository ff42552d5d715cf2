"""wrong-side-path: a script uses a shared volume by the path at which another container mounts it."""

from __future__ import annotations

from collections.abc import Iterator

from podlint.checks._consumption import SCRATCH, Consumption
from podlint.checks._missed import Missed, OwnFiles, Why, missed_reads
from podlint.checks._sides import OtherSide, lacks, other_side, own_side
from podlint.shell.effects import Action, Repeats
from podlint.storage.view import ContainerView, PlacedEffect, PodView
from podlint.vocabulary import Note, Problem, rule


@rule
def check(pod: PodView) -> Iterator[Problem]:
    """Report reads and writes on the wrong side, one for each container and path."""
    if len(pod.containers) < 2:
        return
    told: set[tuple[int, str]] = set()
    for missed in missed_reads(pod):
        if missed.why is Why.WRONG_SIDE:
            told.add((missed.reader.spec.span.start, str(missed.read.path)))
            yield _missed(missed, pod)
    for container in pod.containers:
        own, consumption = OwnFiles(container), Consumption(container)
        for placed in container.effects:
            mark = (container.spec.span.start, str(placed.path))
            finding = _against(placed, container, own, consumption, pod) if mark not in told else None
            if finding is not None:
                told.add(mark)
                yield finding


def _against(
    placed: PlacedEffect, container: ContainerView, own: OwnFiles, consumption: Consumption, pod: PodView
) -> Problem | None:
    """A read or a write whose other end is not known from a script."""
    if not placed.certain or not placed.by:
        return None
    reads, writes = placed.action is Action.READ, placed.action.writes
    side = other_side(placed, container, pod) if reads or writes else None
    if side is None:
        return None
    if reads and _waits_for_others(placed, container, own):
        sure = lacks(container, str(placed.path))
        return _finding(placed, container, side, certain=sure)
    if writes and _is_for_others(placed, container, side, consumption):
        return _finding(placed, container, side, certain=True)
    return None


def _waits_for_others(read: PlacedEffect, container: ContainerView, own: OwnFiles) -> bool:
    """Whether a file that is read can be nothing of the container's own image. A log is followed; an init
    container rather copies what its image brings along."""
    followed = bool(read.follow) or read.repeats is Repeats.FOREVER
    return container.is_running and own.lack(read) and (followed or lacks(container, str(read.path)))


def _is_for_others(
    write: PlacedEffect, container: ContainerView, side: OtherSide, consumption: Consumption
) -> bool:
    """Whether what is written can be meant for the volume only."""
    path = str(write.path)
    return (
        not side.own.mount.read_only
        and not SCRATCH.search(path)
        and path not in container.pod_spec.annotations
        and not consumption.takes(write)
    )


def _missed(missed: Missed, pod: PodView) -> Problem:
    """A script reads by the path at which a sibling's script writes."""
    read, write, reader, writer = missed.read, missed.write, missed.reader.name, missed.writer.name
    path, own, mount = read.path, own_side(write.place, missed.reader), write.place.mount
    assert own is not None and mount is not None
    return Problem(
        certain=write.certain,
        message=(
            f'"{reader}" reads "{path}" and never sees what "{writer}" writes there: volume '
            f'"{mount.volume}" is mounted at "{own.mount.path}" in "{reader}"'
        ),
        at=Note(read.span, f'the path of "{writer}"; here it is "{own.path}"'),
        notes=(
            Note(write.span, f'"{writer}" writes it to volume "{mount.volume}"'),
            Note(own.mount.span, f'"{reader}" mounts it at "{own.mount.path}"'),
        ),
        route=(
            Note(write.span, f'"{writer}" writes "{path}"'),
            Note(mount.span, f'on volume "{mount.volume}"'),
            Note(read.span, f'"{reader}" reads "{path}" from its own root file system'),
        ),
        help=f'use "{own.path}" in "{reader}"',
        container=missed.reader,
    )


def _finding(placed: PlacedEffect, container: ContainerView, side: OtherSide, *, certain: bool) -> Problem:
    path, own, volume, sibling = placed.path, side.own, side.mount.volume, side.sibling.name
    if placed.action is Action.READ:
        deed = f'"{container.name}" reads "{path}", which it does not have'
    else:
        deed = f'what "{container.name}" writes to "{path}" never reaches "{sibling}"'
    return Problem(
        certain=certain,
        message=(
            f'{deed}: volume "{volume}" is mounted there in "{sibling}", and at "{own.mount.path}" in '
            f'"{container.name}"'
        ),
        at=Note(placed.span, f'in its own root file system; on the volume it is "{own.path}"'),
        notes=(
            Note(side.mount.span, f'"{sibling}" mounts volume "{volume}" at "{side.mount.path}"'),
            Note(own.mount.span, f'"{container.name}" mounts it at "{own.mount.path}"'),
        ),
        help=f'use "{own.path}" in "{container.name}"',
        container=container,
    )
