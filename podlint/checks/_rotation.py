"""Rotations: who takes a log away from under whom, and who stays behind with the old file."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice, pairwise

from msgspec import Struct

from podlint.checks._logrotate import Rotation, rotations
from podlint.regex import late
from podlint.shell.effects import Action, Call, Effect, Hold, Repeats
from podlint.source.span import Span
from podlint.storage.places import Kind
from podlint.storage.view import ContainerView, PlacedEffect, PodView

_TAKING = frozenset({Action.RENAME, Action.DELETE, Action.TRUNCATE})
_ROTATING = frozenset({"mv", "rm", "unlink", "truncate", "find", "gzip", "bzip2", "xz", "zstd"})
_REOPENING = late(r"reopen|reload|graceful|rotate|USR1|HUP|(?<!\S)-(?:1|10)(?!\S)", re.IGNORECASE)
_SIGNALLING = frozenset({"kill", "pkill", "killall"})
_SERVERS = frozenset({"nginx", "apachectl", "httpd", "apache2ctl"})
_ASKING = frozenset({"curl", "wget", "nc", "socat", "kubectl", "crictl", "docker", "nsenter"})
_AGE = frozenset({"-mtime", "-mmin", "-ctime", "-cmin"})


MAX_TAKEN = 100
"""What is looked at of each kind in one container: a stranger's script may rename ten thousand files."""


def takings(rotator: ContainerView) -> Iterator[PlacedEffect]:
    """What a container renames, removes or truncates again and again, but for files that are old."""
    return islice(_takings(rotator), MAX_TAKEN)


def _takings(rotator: ContainerView) -> Iterator[PlacedEffect]:
    for taken in rotator.effects:
        effect = taken
        takes = effect.action in _TAKING and effect.by in _ROTATING
        if takes and effect.repeats is not Repeats.ONCE and not _is_old(taken, rotator):
            yield taken


def _is_old(taken: PlacedEffect, rotator: ContainerView) -> bool:
    """Whether `find` takes only files that nobody has written for a while; a live log is none of them."""
    effect = taken
    for call in rotator.calls:
        if call.name == "find" and call.text is effect.text and call.start <= effect.start < call.end:
            words = [field.value for field in call.fields]
            for test, value in pairwise(words):
                if (
                    test.literal in _AGE
                    and not value.prefix[:1].isdigit()
                    and not value.prefix.startswith("-")
                ):
                    return True
    return False


def tells_to_reopen(call: Call, pod: PodView) -> bool:
    """Whether a command makes the writer open its file again: a signal that reaches it, a request, or
    logrotate."""
    words = " ".join(str(field.value) for field in call.fields[1:])
    if call.name == "logrotate":
        return True
    if call.name in _SIGNALLING or call.name in _SERVERS:
        reaches = pod.spec.share_process_namespace or pod.spec.host_pid
        return reaches and bool(_REOPENING.search(words))
    return call.name in _ASKING and bool(_REOPENING.search(words))


def is_told_by_script(rotation: Rotation, pod: PodView) -> bool:
    """Whether a script of logrotate's configuration makes the writer open its file again, or may: what
    podlint cannot follow may, and so may a file that the script leaves on a volume for the writer to see."""
    shared = pod.spec.share_process_namespace or pod.spec.host_pid
    for script in rotation.scripts:
        process = script.process
        if process is None or not process.understood or (shared and process.signals):
            return True
        if any(call.name in _ASKING or tells_to_reopen(call, pod) for call in process.calls):
            return True
        if any(
            p.process is process and p.action.writes and p.place.kind is Kind.VOLUME
            for p in rotation.rotator.effects
        ):
            return True
    return False


def is_live(effect: Effect) -> bool:
    """Whether a file is being written all the time: held open, written again and again, or where the output
    of a program goes that may run for ever. (A path merely handed to an unknown program is no evidence.)"""
    if not effect.action.writes or (
        not effect.certain and effect.hold is not Hold.HELD and ">" not in effect.by
    ):
        return False
    return (
        effect.hold is Hold.HELD
        or effect.repeats is Repeats.FOREVER
        or (effect.hold is Hold.UNKNOWN and ">" in effect.by)
    )


def live_writer(
    taken: PlacedEffect, others: tuple[ContainerView, ...]
) -> tuple[ContainerView, PlacedEffect] | None:
    """The first of some containers that is writing what is taken away."""
    for writer in others:
        for write in writer.effects:
            if is_live(write) and write.place.may_be(taken.place):
                return writer, write
    return None


def keeps_offset(effect: Effect) -> bool:
    """Whether a writer holds a descriptor without O_APPEND (`>`, `tee`): whoever cuts the file, it goes on
    where it was."""
    opens = ">" in effect.by or effect.by == "tee"
    held = effect.hold is Hold.HELD or (effect.hold is Hold.UNKNOWN and effect.certain)
    return effect.action is Action.REPLACE and opens and held


def empties(effect: Effect) -> bool:
    """Whether a script cuts a file to nothing again and again: `truncate -s 0`, `: > f`. (For logrotate see
    `rotations`, which knows what it skips.)"""
    if effect.repeats is Repeats.ONCE or effect.by == "logrotate":
        return False
    if effect.action is Action.TRUNCATE:
        return effect.size.lstrip("=<") in ("", "0")
    return effect.action is Action.REPLACE and ">" in effect.by and effect.hold is not Hold.HELD


def was_copied(taken: PlacedEffect, rotator: ContainerView) -> bool:
    """copytruncate: what is cut off was copied before."""
    return any(
        p.action is Action.READ and p.order < taken.order and p.place.may_be(taken.place)
        for p in rotator.effects
    )


class Loss(Struct, frozen=True):
    """What leaves a follower by descriptor behind with an old file.

    `rotator` takes it away or puts another in its place (`deed`, at `span`). `must`: it surely happens, and
    the writer surely goes on in another file. `told`: the writer is told to open its log again. `write` is
    None where nobody is seen writing it.
    """

    rotator: ContainerView
    deed: str
    span: Span
    must: bool
    told: bool = False
    writer: ContainerView | None = None
    write: PlacedEffect | None = None


class Rotator(Struct, frozen=True):
    """What a container does to names, again and again: what it takes away, with who is writing that, and what
    it puts in the place of something else. `told`: it tells the writer to open its log again."""

    container: ContainerView
    told: bool
    away: tuple[tuple[PlacedEffect, tuple[ContainerView, PlacedEffect] | None], ...]
    puts: tuple[PlacedEffect, ...]


class Rotators(Struct, frozen=True):
    """All that rotates in a pod: containers by their scripts, and logs that logrotate renames."""

    containers: tuple[Rotator, ...]
    renamed: tuple[Rotation, ...]


def rotators_of(pod: PodView) -> Rotators:
    """The containers of a pod that rename, remove or replace files again and again, and logrotate."""
    found = []
    for container in pod.running:
        taken = [p for p in takings(container) if p.action is not Action.TRUNCATE]
        puts = [
            p
            for p in container.effects
            if p.action is Action.RENAME and p.repeats is Repeats.FOREVER and p.by != "logrotate"
        ]
        if taken or puts:
            told = any(tells_to_reopen(call, pod) for call in container.calls)
            writers = (*pod.others(container), container)
            away = tuple((p, live_writer(p, writers)) for p in taken)
            found.append(Rotator(container, told, away, tuple(puts[:MAX_TAKEN])))
    return Rotators(tuple(found), tuple(renaming(pod)))


def renaming(pod: PodView) -> Iterator[Rotation]:
    """The rotations by logrotate that rename the log, and do not just copy it."""
    return (rotation for rotation in rotations(pod) if rotation.section.renames)


def loss_of(follow: PlacedEffect, rotators: Rotators, pod: PodView) -> Loss | None:
    """Who makes a `tail -f` blind, the surest first. None where nobody does, and where the writer keeps to
    the old file as well: that is another mistake."""
    losses = [loss for rotator in rotators.containers for loss in _losses(follow, rotator)]
    losses += _by_logrotate(follow, rotators.renamed, pod)
    return next((loss for loss in losses if loss.must), losses[0] if losses else None)


def _losses(follow: PlacedEffect, rotator: Rotator) -> Iterator[Loss]:
    for taken, found in rotator.away:
        if taken.place.may_be(follow.place):
            loss = _taken_away(follow, taken, found, rotator)
            if loss is not None:
                yield loss
    for put in rotator.puts:
        if put.target is not None and put.target.may_be(follow.place):
            must = put.certain and follow.certain and put.target.must_be(follow.place)
            yield Loss(rotator.container, "puts a new file in place of", put.span, must)


def _taken_away(
    follow: PlacedEffect,
    taken: PlacedEffect,
    found: tuple[ContainerView, PlacedEffect] | None,
    rotator: Rotator,
) -> Loss | None:
    """A rename or removal after which the writer goes on under the old name."""
    deed = "renames" if taken.action is Action.RENAME else "removes"
    if found is None:
        return Loss(rotator.container, deed, taken.span, False, rotator.told)
    writer, write = found
    if write.hold is not Hold.REOPENED and not rotator.told:
        return None
    sure = taken.certain and follow.certain and follow.place.must_be(taken.place)
    must = sure and write.place.must_be(taken.place) and (rotator.told or write.certain)
    return Loss(rotator.container, deed, taken.span, must, rotator.told, writer, write)


def _by_logrotate(follow: PlacedEffect, renamed: tuple[Rotation, ...], pod: PodView) -> Iterator[Loss]:
    for rotation in renamed:
        if not rotation.surely_takes(follow.place):
            continue
        told = is_told_by_script(rotation, pod)
        found = live_writer(follow, pod.running)
        if found is not None and (told or found[1].hold is Hold.REOPENED):
            must = not told and follow.certain and found[1].certain
            yield Loss(rotation.rotator, "renames", rotation.span, must, told, *found)


def losses_of_followers(pod: PodView) -> frozenset[Span]:
    """The renames and removals by which a follower by descriptor of the pod is left behind."""
    follows = [p for container in pod.running for p in container.effects if p.follow == "descriptor"]
    if not follows:
        return frozenset()
    rotators = rotators_of(pod)
    losses = (loss_of(follow, rotators, pod) for follow in follows[:MAX_TAKEN])
    return frozenset(loss.span for loss in losses if loss is not None)
