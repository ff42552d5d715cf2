"""wrong-side-path: a script uses a shared volume by the path at which another container mounts it."""

from __future__ import annotations

from collections.abc import Iterator

from podlint.checks._consumption import SCRATCH, Consumption
from podlint.checks._missed import Missed, OwnFiles, Why, missed_reads
from podlint.checks._sides import OtherSide, lacks, other_side, own_side
from podlint.findings import Finding, Label, Severity
from podlint.shell.effects import Action, Repeats
from podlint.storage.view import ContainerView, Placed, PodView

RULE = "wrong-side-path"


def check(view: PodView) -> Iterator[Finding]:
    """Report reads and writes on the wrong side, one for each container and path."""
    if len(view.containers) < 2 or view.pod.partial:
        return
    told: set[tuple[int, str]] = set()
    for missed in missed_reads(view):
        if missed.why is Why.WRONG_SIDE:
            told.add((missed.reader.container.span.start, str(missed.read.effect.path)))
            yield _missed(missed, view)
    for one in view.containers:
        own, consumption = OwnFiles(one), Consumption(one)
        for placed in one.effects:
            mark = (one.container.span.start, str(placed.effect.path))
            finding = _against(placed, one, own, consumption, view) if mark not in told else None
            if finding is not None:
                told.add(mark)
                yield finding


def _against(
    placed: Placed, one: ContainerView, own: OwnFiles, consumption: Consumption, view: PodView
) -> Finding | None:
    """A read or a write whose other end is not known from a script."""
    if not placed.effect.certain or not placed.effect.by:
        return None
    reads, writes = placed.effect.action is Action.READ, placed.effect.action.writes
    side = other_side(placed, one, view) if reads or writes else None
    if side is None:
        return None
    if reads and _waits_for_others(placed, one, own):
        sure = lacks(one, str(placed.effect.path))
        return _finding(placed, one, side, Severity.ERROR if sure else Severity.WARNING, view)
    if writes and _is_for_others(placed, one, side, consumption):
        return _finding(placed, one, side, Severity.ERROR, view)
    return None


def _waits_for_others(read: Placed, one: ContainerView, own: OwnFiles) -> bool:
    """Whether a file that is read can be nothing of the container's own image. A log is followed; an init
    container rather copies what its image brings along."""
    followed = bool(read.effect.follow) or read.effect.repeats is Repeats.FOREVER
    return one.concurrent and own.lack(read) and (followed or lacks(one, str(read.effect.path)))


def _is_for_others(write: Placed, one: ContainerView, side: OtherSide, consumption: Consumption) -> bool:
    """Whether what is written can be meant for the volume only."""
    path = str(write.effect.path)
    return (
        not side.own.mount.read_only
        and not SCRATCH.search(path)
        and path not in one.pod.annotations
        and not consumption.takes(write)
    )


def _missed(missed: Missed, view: PodView) -> Finding:
    """A script reads by the path at which a sibling's script writes."""
    read, write, reader, writer = missed.read, missed.write, missed.reader.name, missed.writer.name
    path, own, mount = read.effect.path, own_side(write.place, missed.reader), write.place.mount
    assert own is not None and mount is not None
    return Finding(
        rule=RULE,
        severity=Severity.ERROR if write.effect.certain else Severity.WARNING,
        message=(
            f'"{reader}" reads "{path}" and never sees what "{writer}" writes there: volume '
            f'"{mount.volume}" is mounted at "{own.mount.path}" in "{reader}"'
        ),
        primary=Label(read.effect.span.region(), f'the path of "{writer}"; here it is "{own.path}"'),
        related=(
            Label(write.effect.span.region(), f'"{writer}" writes it to volume "{mount.volume}"'),
            Label(own.mount.span.region(), f'"{reader}" mounts it at "{own.mount.path}"'),
        ),
        route=(
            Label(write.effect.span.region(), f'"{writer}" writes "{path}"'),
            Label(mount.span.region(), f'on volume "{mount.volume}"'),
            Label(read.effect.span.region(), f'"{reader}" reads "{path}" from its own root file system'),
        ),
        help=f'use "{own.path}" in "{reader}"',
        pod=view.pod.title,
        container=reader,
    )


def _finding(
    placed: Placed, one: ContainerView, side: OtherSide, severity: Severity, view: PodView
) -> Finding:
    path, own, volume, sibling = placed.effect.path, side.own, side.mount.volume, side.sibling.name
    if placed.effect.action is Action.READ:
        deed = f'"{one.name}" reads "{path}", which it does not have'
    else:
        deed = f'what "{one.name}" writes to "{path}" never reaches "{sibling}"'
    return Finding(
        rule=RULE,
        severity=severity,
        message=(
            f'{deed}: volume "{volume}" is mounted there in "{sibling}", and at "{own.mount.path}" in '
            f'"{one.name}"'
        ),
        primary=Label(
            placed.effect.span.region(), f'in its own root file system; on the volume it is "{own.path}"'
        ),
        related=(
            Label(side.mount.span.region(), f'"{sibling}" mounts volume "{volume}" at "{side.mount.path}"'),
            Label(own.mount.span.region(), f'"{one.name}" mounts it at "{own.mount.path}"'),
        ),
        help=f'use "{own.path}" in "{one.name}"',
        pod=view.pod.title,
        container=one.name,
    )
