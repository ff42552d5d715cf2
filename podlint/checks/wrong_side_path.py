"""wrong-side-path: a script uses a shared volume by the path at which another container mounts it."""

from __future__ import annotations

from collections.abc import Iterator

from podlint.checks._consumption import SCRATCH, Consumption
from podlint.checks._missed_reads import MissedRead, OwnFiles, Why, missed_reads
from podlint.checks._volume_sides import OtherSide, lacks, other_side, own_side
from podlint.vocabulary import Action, Note, PlacedEffect, PodView, Problem, Repeats, rule


@rule
def check(pod: PodView) -> Iterator[Problem]:
    """Report reads and writes on the wrong side, one for each container and path."""
    if len(pod.containers) < 2:
        return
    yield from map(_missed_read, missed_reads(pod, Why.WRONG_SIDE))
    for container in pod.containers:
        own, consumption = OwnFiles(container), Consumption(container)
        for effect in container.effects.certain().private():
            side = other_side(effect, pod) if effect.by else None
            if side is None:
                continue
            if effect.action is Action.READ and _waits_for_others(effect, own):
                yield _unknown_writer(effect, side)
            elif effect.action.writes and _is_for_others(effect, side, consumption, pod):
                yield _misplaced_write(effect, side)


def _waits_for_others(read: PlacedEffect, own: OwnFiles) -> bool:
    """Whether a file that is read can be nothing of the container's own image. A log is followed; an init
    container rather copies what its image brings along."""
    container = read.container
    followed = bool(read.follow) or read.repeats is Repeats.FOREVER
    return container.is_running and own.lack(read) and (followed or lacks(container, str(read.path)))


def _is_for_others(write: PlacedEffect, side: OtherSide, consumption: Consumption, pod: PodView) -> bool:
    """Whether what is written can be meant for the volume only."""
    path = str(write.path)
    return (
        not side.own.mount.read_only
        and not SCRATCH.search(path)
        and not pod.mentions(path)
        and not consumption.may_use(write)
    )


def _missed_read(missed: MissedRead) -> Problem:
    """A script reads by the path at which a sibling's script writes."""
    read, write, reader, writer = missed.read, missed.write, missed.reader.name, missed.writer.name
    path, own, mount = read.path, own_side(write.place, missed.reader), write.mount
    assert own is not None and mount is not None
    return Problem(
        f'"{reader}" reads "{path}", but mounts volume "{mount.volume}" at "{own.mount.path}"',
        Note(read, f'the path of "{writer}"; here it is "{own.path}"'),
        outcome=f'"{reader}" looks in its own root file system and never sees what "{writer}" writes',
        notes=(
            Note(write, f'"{writer}" writes it to volume "{mount.volume}"'),
            Note(own.mount, f'"{reader}" mounts the volume here'),
        ),
        route=(
            Note(write, f'"{writer}" writes "{path}"'),
            Note(mount, f'on volume "{mount.volume}"'),
            Note(read, f'"{reader}" reads "{path}" from its own root file system'),
        ),
        help=f'use "{own.path}" in "{reader}"',
        container=missed.reader,
        certain=write.certain,
        causes=(read.cause,),
    )


def _unknown_writer(read: PlacedEffect, side: OtherSide) -> Problem:
    """A script reads by the path of a sibling of which nobody knows what it writes."""
    reader = read.container
    return _problem(
        read,
        side,
        message=f'"{reader.name}" reads "{read.path}"',
        outcome=f'"{reader.name}" looks in its own root file system and does not find the file',
        certain=lacks(reader, str(read.path)),
    )


def _misplaced_write(write: PlacedEffect, side: OtherSide) -> Problem:
    writer, sibling = write.container.name, side.sibling.name
    return _problem(
        write,
        side,
        message=f'"{writer}" writes "{write.path}"',
        outcome=f'the file stays in the root file system of "{writer}" and never reaches "{sibling}"',
        certain=True,
    )


def _problem(effect: PlacedEffect, side: OtherSide, *, message: str, outcome: str, certain: bool) -> Problem:
    container, own, volume, sibling = effect.container, side.own, side.mount.volume, side.sibling.name
    return Problem(
        f'{message}, but mounts volume "{volume}" at "{own.mount.path}"',
        Note(effect, f'the path of "{sibling}"; here it is "{own.path}"'),
        outcome=outcome,
        notes=(
            Note(side.mount, f'"{sibling}" mounts volume "{volume}" at "{side.mount.path}"'),
            Note(own.mount, f'"{container.name}" mounts the volume here'),
        ),
        help=f'use "{own.path}" in "{container.name}"',
        container=container,
        certain=certain,
        causes=(effect.cause,),
    )
