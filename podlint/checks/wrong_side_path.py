"""wrong-side-path: a script uses a shared volume by the path at which another container mounts it."""

from __future__ import annotations

from collections.abc import Iterator

from podlint.checks._consumption import SCRATCH, Consumption
from podlint.checks._missed_reads import MissedRead, OwnFiles, Why, missed_reads
from podlint.checks._volume_sides import OtherSide, OwnSide, lacks, other_side, own_side
from podlint.vocabulary import Action, Note, PlacedEffect, PodView, Problem, Repeats, rule


@rule
def check(pod: PodView) -> Iterator[Problem]:
    """Report reads and writes on the wrong side, one for each container and path."""
    yield from map(_missed_read, missed_reads(pod, Why.WRONG_SIDE))
    for container in pod.containers:
        own, consumption = OwnFiles(container), Consumption(container)
        for effect in container.effects.certain().private():
            side = other_side(effect, pod) if not effect.is_image_default else None
            if side is None:
                continue
            if (effect.action is Action.READ and _waits_for_others(effect, own)) or (
                effect.action.writes and _is_for_others(effect, side, consumption, pod)
            ):
                yield _one_sided(effect, side)


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
    own, mount = own_side(write.place, missed.reader), write.mount
    assert own is not None and mount is not None
    return _problem(
        read,
        own,
        writer,
        Note(write, f'"{writer}" writes it to volume "{mount.volume}"'),
        outcome=f'"{reader}" looks in its own root file system and never sees what "{writer}" writes',
        certain=write.certain,
        route=(
            Note(write, f'"{writer}" writes "{write.path}"'),
            Note(mount, f'on volume "{mount.volume}"'),
            Note(read, f'"{reader}" reads "{read.path}" from its own root file system'),
        ),
    )


def _one_sided(effect: PlacedEffect, side: OtherSide) -> Problem:
    """A script reads what nobody is seen to write, or writes what nobody is seen to read."""
    name, sibling, mount = effect.container.name, side.sibling.name, side.mount
    reads = effect.action is Action.READ
    return _problem(
        effect,
        side.own,
        sibling,
        Note(mount, f'"{sibling}" mounts volume "{mount.volume}" at "{mount.path}"'),
        outcome=f'"{name}" looks in its own root file system and does not find the file'
        if reads
        else f'the file stays in the root file system of "{name}" and never reaches "{sibling}"',
        certain=not reads or lacks(effect.container, str(effect.path)),
    )


def _problem(
    effect: PlacedEffect,
    own: OwnSide,
    other: str,
    theirs: Note,
    *,
    outcome: str,
    certain: bool,
    route: tuple[Note, ...] = (),
) -> Problem:
    name, mount = effect.container.name, own.mount
    uses = "reads" if effect.action is Action.READ else "writes"
    return Problem(
        f'"{name}" {uses} "{effect.path}", but mounts volume "{mount.volume}" at "{mount.path}"',
        Note(effect, f'the path of "{other}"; here it is "{own.path}"'),
        outcome=outcome,
        notes=(theirs, Note(mount, f'"{name}" mounts the volume here')),
        route=route,
        help=f'use "{own.path}" in "{name}"',
        container=effect.container,
        certain=certain,
        causes=(effect.cause,),
    )
