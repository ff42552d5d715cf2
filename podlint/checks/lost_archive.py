"""lost-archive: a rotation that replaces what it has kept, or the log that is still written."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from msgspec import Struct

from podlint.checks._periods import Unit, lasts, period_of
from podlint.checks._rotation import MAX_TAKEN, asks_to_reopen, empties, live_writer
from podlint.vocabulary import (
    Action,
    Call,
    Effects,
    Hold,
    Note,
    Place,
    PlacedEffect,
    PodView,
    Problem,
    Repeats,
    rule,
)

_KEEPING = ("-n", "-b", "--no-clobber", "--backup", "--update")
"""Options of `mv` and `cp` with which an archive that is there already stays."""


@rule
def check(pod: PodView) -> Iterator[Problem]:
    """Report renames and copies in a loop that put a file over an older archive, and renames that put one
    over a log that is kept open."""
    for container in pod.running:
        reopens = any(asks_to_reopen(call, pod) for call in container.calls)
        for rename in islice(_renames(container.effects), MAX_TAKEN):
            yield from _renamed_over_archive(rename, pod, reopens)
            if not reopens:
                yield from _over_log(rename, pod)
        for cut in islice(container.effects.that(empties), MAX_TAKEN):
            yield from _copied_over_archive(cut, pod)


def _renames(effects: Effects) -> Iterator[PlacedEffect]:
    """The renames of a main process that happen for ever; logrotate knows what it keeps."""
    for effect in effects.renaming():
        if effect.process.kind == "main" and effect.repeats is Repeats.FOREVER and effect.by != "logrotate":
            yield effect


def _renamed_over_archive(rename: PlacedEffect, pod: PodView, reopens: bool) -> Iterator[Problem]:
    """A log that is renamed more often than its new name changes. Where the writer stays with the renamed
    file, there is nothing to rename the next time (rotator-race)."""
    often = _too_often(rename, rename.target) if rename.target is not None else None
    write = live_writer(rename, pod.others(rename.container)) if often is not None else None
    if often is not None and write is not None and (reopens or write.hold is Hold.REOPENED):
        yield _replaced_archive(rename, f'renames "{rename.path}" to "{rename.to}"', "rename", often, write)


def _copied_over_archive(cut: PlacedEffect, pod: PodView) -> Iterator[Problem]:
    """A log that is emptied behind each copy, and copied more often than the name of the copy changes."""
    container = cut.container
    for copy in container.effects.doing(Action.REPLACE):
        if copy.command != "cp" or copy.process is not cut.process or copy.order > cut.order:
            continue
        if copy.repeats is not Repeats.FOREVER or not cut.certain or not _copies(copy, cut):
            continue
        often = _too_often(copy, copy.place)
        write = live_writer(cut, pod.others(container)) if often is not None else None
        if often is not None and write is not None:
            what = f'copies "{cut.path}" to "{copy.path}"'
            yield _replaced_archive(copy, what, "copy", often, write, Note(cut, "and empties it"))
            return


def _copies(copy: PlacedEffect, cut: PlacedEffect) -> bool:
    """Whether the call that makes a file reads what is then emptied."""
    reads = copy.container.effects.reading().meeting(cut.place)
    return any(read.certain and call.holds(read) for call in _calls(copy) for read in reads)


class _Often(Struct, frozen=True):
    """How often something is done under a name that lasts longer."""

    period: float
    unit: Unit


def _too_often(done: PlacedEffect, archive: Place) -> _Often | None:
    """Where what a loop does replaces what it has kept under the same name; None where it does not, or where
    that is wanted, or not known."""
    unit = lasts(archive.path) if done.certain else None
    period = period_of(done) if unit is not None else None
    if unit is None or period is None or 2 * period > unit.seconds:
        return None
    return None if _keeps(done) or _is_used(done, archive) else _Often(period, unit)


def _replaced_archive(
    done: PlacedEffect, what: str, noun: str, often: _Often, write: PlacedEffect, *more: Note
) -> Problem:
    container, unit, period = done.container, often.unit, _in_words(often.period)
    return Problem(
        f'"{container.name}" {what} more than once {unit.each}',
        Note(done, f"every {period}, to one name each {unit.name}"),
        outcome=f"each {noun} replaces the last: of {unit.each}, only the last {period} stays",
        notes=(Note(write, f'"{write.container.name}" writes it'), *more),
        help="name the archive by the time, too: `$(date +%Y%m%dT%H%M%S)`",
        container=container,
        certain=write.certain,
    )


def _keeps(rename: PlacedEffect) -> bool:
    """Whether the command that renames it leaves an older archive where it is."""
    return any(
        field.value.prefix.startswith(_KEEPING) for call in _calls(rename) for field in call.fields[1:]
    )


def _calls(rename: PlacedEffect) -> Iterator[Call]:
    return (call for call in rename.process.calls if call.holds(rename))


def _is_used(done: PlacedEffect, archive: Place) -> bool:
    """Whether the container reads archives: it may have packed or sent it before the next one comes."""
    return any(
        effect.action is Action.READ and effect.place.may_be(archive) for effect in done.container.effects
    )


def _over_log(rename: PlacedEffect, pod: PodView) -> Iterator[Problem]:
    """A file that takes the place of a log which its writer keeps open: a log that is cut by `sed -i`, or by
    `tail -n 1000 f > t && mv t f`."""
    log = rename.target
    if log is None or log.path.literal is None:
        return
    for container in pod.running:
        for write in container.effects:
            held = write.hold is Hold.HELD or (write.hold is Hold.UNKNOWN and write.is_redirection)
            # A script that replaces its own log may open it again itself.
            if write.process is rename.process or not (write.action.writes and held):
                continue
            if write.place.must_be(log):
                yield _replaced(rename, write)
                return


def _replaced(rename: PlacedEffect, write: PlacedEffect) -> Problem:
    container, writer = rename.container.name, write.container.name
    how = f"{rename.by} puts a new file in its place"
    return Problem(
        f'"{container}" replaces "{rename.to}" while "{writer}" keeps it open',
        Note(rename, how),
        outcome=f'"{writer}" goes on writing the old file, which has no name now: all later lines are lost',
        notes=(Note(write, "opened once, and kept open"),),
        help="copy what is to be kept, then empty the log: `: > f` (the writer must append)",
        container=rename.container,
        certain=rename.certain and write.certain and write.hold is Hold.HELD,
        causes=(("replaced", write.cause),),
    )


def _in_words(seconds: float) -> str:
    for name, size in (("day", 86400), ("hour", 3600), ("minute", 60)):
        if seconds >= size and seconds % size == 0:
            count = int(seconds // size)
            return name if count == 1 else f"{count} {name}s"
    return f"{seconds:g} s"
