"""Rotations: who takes a log away from under whom, and who stays behind with the old file."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import islice, pairwise

from msgspec import Struct

from podlint.checks._logrotate import Rotation, rotations
from podlint.regex import late
from podlint.vocabulary import (
    Action,
    Call,
    ContainerView,
    Effect,
    Effects,
    Hold,
    PlacedEffect,
    PodView,
    Repeats,
    Span,
)

_REOPENING = late(r"reopen|reload|graceful|rotate|USR1|HUP|(?<!\S)-(?:1|10)(?!\S)", re.IGNORECASE)
_AGE = frozenset({"-mtime", "-mmin", "-ctime", "-cmin"})


MAX_TAKEN = 100
"""What is looked at of each kind in one container: a hostile script may rename ten thousand files."""


def takings(rotator: ContainerView, pod: PodView) -> Iterator[PlacedEffect]:
    """What a container renames, removes or truncates again and again, but for files that are old."""
    taken = rotator.effects.doing(Action.RENAME, Action.DELETE, Action.TRUNCATE).repeated()
    rotated = (effect for effect in taken if pod.knowledge.command(effect.by).has("takes-away"))
    return islice((effect for effect in rotated if not _is_old(effect)), MAX_TAKEN)


def _is_old(taken: PlacedEffect) -> bool:
    """Whether `find` takes only files that nobody has written for a while; a live log is none of them."""
    return any(
        test.value.literal in _AGE and not value.value.prefix.startswith((*"0123456789-",))
        for call in taken.container.calls
        if call.name == "find" and call.holds(taken)
        for test, value in pairwise(call.fields)
    )


def asks_to_reopen(call: Call, pod: PodView) -> bool:
    """Whether a command makes the writer open its file again: a signal that reaches it, a request, or
    logrotate."""
    if call.name == "logrotate":
        return True
    if not _may_ask(call) and not (pod.shares_processes and call.command.has("signals")):
        return False
    return bool(_REOPENING.search(" ".join(str(field.value) for field in call.fields[1:])))


def _may_ask(call: Call) -> bool:
    """Whether a command reaches other containers: by a request, or by running something there."""
    return call.command.has("requests") or call.command.has("runs-elsewhere")


def may_reopen(rotation: Rotation, pod: PodView) -> bool:
    """Whether a script of logrotate's configuration makes the writer open its file again, or may: what
    podlint cannot follow may, and so may a file that the script leaves on a volume for the writer to see."""
    for script in rotation.scripts:
        process = script.process
        if process is None or not process.understood or (pod.shares_processes and process.signals):
            return True
        if any(_may_ask(call) or asks_to_reopen(call, pod) for call in process.calls):
            return True
        if any(write.process is process for write in rotation.rotator.effects.writing().on()):
            return True
    return False


def is_live(effect: Effect) -> bool:
    """Whether a file is being written all the time: held open, written again and again, or where the output
    of a program goes that may run for ever. (A path merely handed to an unknown program is no evidence.)"""
    held = effect.hold is Hold.HELD
    if not effect.action.writes or not (effect.certain or held or effect.is_redirection):
        return False
    unknown = effect.hold is Hold.UNKNOWN and effect.is_redirection
    return held or unknown or effect.repeats is Repeats.FOREVER


def live_writer(taken: PlacedEffect, containers: Iterable[ContainerView]) -> PlacedEffect | None:
    """How the first of some containers that is writing what is taken away does so."""
    for container in containers:
        for write in container.effects:
            if is_live(write) and write.place.may_be(taken.place):
                return write
    return None


def keeps_offset(effect: Effect) -> bool:
    """Whether a writer holds a descriptor without O_APPEND (`>`, `tee`): whoever cuts the file, it goes on
    where it was."""
    opens = effect.is_redirection or effect.command == "tee"
    held = effect.hold is Hold.HELD or (effect.hold is Hold.UNKNOWN and effect.certain)
    return effect.action is Action.REPLACE and opens and held


def empties(effect: Effect) -> bool:
    """Whether a script cuts a file to nothing again and again: `truncate -s 0`, `: > f`. (For logrotate see
    `rotations`, which knows what it skips.)"""
    if effect.repeats is Repeats.ONCE or effect.by == "logrotate":
        return False
    if effect.action is Action.TRUNCATE:
        return not cut_to(effect)
    return effect.action is Action.REPLACE and effect.is_redirection and effect.hold is not Hold.HELD


def cut_to(effect: Effect) -> str:
    """The size to which a file is cut, "" where nothing is left of it."""
    size = effect.size.lstrip("=<")
    return "" if size == "0" else size


def was_copied(taken: PlacedEffect) -> bool:
    """copytruncate: what is cut off was copied before."""
    reads = taken.container.effects.reading().meeting(taken.place)
    return any(read.order < taken.order for read in reads)


class Loss(Struct, frozen=True):
    """What leaves a follower by descriptor behind with an old file.

    `rotator` takes it away or puts another in its place (`operation`, at `span`). `certain`: it certainly
    happens, and the writer certainly goes on in another file. `reopens`: the writer is asked to open its log
    again. `write` is None where nobody is seen writing it.
    """

    rotator: ContainerView
    operation: str
    span: Span
    certain: bool
    reopens: bool = False
    write: PlacedEffect | None = None


class Rotator(Struct, frozen=True):
    """What a container does to names, again and again: what it takes away, with how that is being written,
    and what it puts in the place of something else. `reopens`: it asks the writer to open its log again."""

    container: ContainerView
    reopens: bool
    away: tuple[tuple[PlacedEffect, PlacedEffect | None], ...]
    puts: tuple[PlacedEffect, ...]


class Rotators(Struct, frozen=True):
    """All that rotates in a pod: containers by their scripts, and logs that logrotate renames."""

    containers: tuple[Rotator, ...]
    renamed: tuple[Rotation, ...]


def rotators_of(pod: PodView) -> Rotators:
    """The containers of a pod that rename, remove or replace files again and again, and logrotate."""
    found = []
    for container in pod.running:
        taken = [effect for effect in takings(container, pod) if effect.action is not Action.TRUNCATE]
        puts = [
            effect
            for effect in container.effects.renaming()
            if effect.repeats is Repeats.FOREVER and effect.by != "logrotate"
        ]
        if taken or puts:
            reopens = any(asks_to_reopen(call, pod) for call in container.calls)
            writers = (*pod.others(container), container)
            away = tuple((effect, live_writer(effect, writers)) for effect in taken)
            found.append(Rotator(container, reopens, away, tuple(puts[:MAX_TAKEN])))
    return Rotators(tuple(found), tuple(renaming(pod)))


def renaming(pod: PodView) -> Iterator[Rotation]:
    """The rotations by logrotate that rename the log, and do not just copy it."""
    return (rotation for rotation in rotations(pod) if rotation.section.renames)


def followers(pod: PodView) -> Effects:
    """The readers of a pod that stay with the file that they have opened (`tail -f`), one for each path of a
    container."""
    follows = (effect for container in pod.running for effect in container.effects)
    return Effects(effect for effect in follows if effect.follow == "descriptor").once_per_path()


def loss_of(follow: PlacedEffect, rotators: Rotators, pod: PodView) -> Loss | None:
    """Who leaves a `tail -f` behind, for certain where anybody does. None where nobody does, and where the
    writer keeps to the old file as well: that is another mistake."""
    write = live_writer(follow, pod.running) if any(one.puts for one in rotators.containers) else None
    losses = [loss for rotator in rotators.containers for loss in _losses(follow, write, rotator)]
    losses += _by_logrotate(follow, rotators.renamed, pod)
    return next((loss for loss in losses if loss.certain), losses[0] if losses else None)


def _losses(follow: PlacedEffect, write: PlacedEffect | None, rotator: Rotator) -> Iterator[Loss]:
    for taken, writing in rotator.away:
        if taken.place.may_be(follow.place):
            loss = _taken_away(follow, taken, writing, rotator)
            if loss is not None:
                yield loss
    if write is not None and write.hold is Hold.HELD and not rotator.reopens:
        return
    for put in rotator.puts:
        if put.target is not None and put.target.may_be(follow.place):
            certain = put.certain and follow.certain and put.target.must_be(follow.place)
            yield Loss(rotator.container, "replaces", put.span, certain)


def _taken_away(
    follow: PlacedEffect, taken: PlacedEffect, write: PlacedEffect | None, rotator: Rotator
) -> Loss | None:
    """A rename or removal after which the writer goes on under the old name."""
    operation = "renames" if taken.action is Action.RENAME else "removes"
    if write is None:
        return Loss(rotator.container, operation, taken.span, False, rotator.reopens)
    if write.hold is not Hold.REOPENED and not rotator.reopens:
        return None
    taken_for_certain = taken.certain and follow.certain and follow.place.must_be(taken.place)
    written_anew = write.place.must_be(taken.place) and (rotator.reopens or write.certain)
    certain = taken_for_certain and written_anew
    return Loss(rotator.container, operation, taken.span, certain, rotator.reopens, write)


def _by_logrotate(follow: PlacedEffect, renamed: tuple[Rotation, ...], pod: PodView) -> Iterator[Loss]:
    for rotation in renamed:
        if not rotation.certainly_takes(follow.place):
            continue
        reopens = may_reopen(rotation, pod)
        write = live_writer(follow, pod.running)
        if write is not None and (reopens or write.hold is Hold.REOPENED):
            certain = not reopens and follow.certain and write.certain
            yield Loss(rotation.rotator, "renames", rotation.span, certain, reopens, write)


def left_behind(pod: PodView) -> dict[Span, list[PlacedEffect]]:
    """The followers by descriptor that each rename or removal of the pod leaves behind, by its span."""
    follows = followers(pod)[:MAX_TAKEN]
    if not follows:
        return {}
    rotators = rotators_of(pod)
    found: dict[Span, list[PlacedEffect]] = {}
    for follow in follows:
        loss = loss_of(follow, rotators, pod)
        if loss is not None:
            found.setdefault(loss.span, []).append(follow)
    return found
