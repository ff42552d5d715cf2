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
from podlint.storage.view import ContainerView, Placed, PodView

_TAKING = frozenset({Action.RENAME, Action.DELETE, Action.TRUNCATE})
_ROTATING = frozenset({"mv", "rm", "unlink", "truncate", "find", "gzip", "bzip2", "xz", "zstd"})
_REOPENING = late(r"reopen|reload|graceful|rotate|USR1|HUP|(?<!\S)-(?:1|10)(?!\S)", re.IGNORECASE)
_SIGNALLING = frozenset({"kill", "pkill", "killall"})
_SERVERS = frozenset({"nginx", "apachectl", "httpd", "apache2ctl"})
_ASKING = frozenset({"curl", "wget", "nc", "socat", "kubectl", "crictl", "docker", "nsenter"})
_AGE = frozenset({"-mtime", "-mmin", "-ctime", "-cmin"})


MAX_TAKEN = 100
"""What is looked at of each kind in one container: a stranger's script may rename ten thousand files."""


def takings(rotator: ContainerView) -> Iterator[Placed]:
    """What a container renames, removes or truncates again and again, but for files that are old."""
    return islice(_takings(rotator), MAX_TAKEN)


def _takings(rotator: ContainerView) -> Iterator[Placed]:
    for taken in rotator.effects:
        effect = taken.effect
        takes = effect.action in _TAKING and effect.by in _ROTATING
        if takes and effect.repeats is not Repeats.ONCE and not _is_old(taken, rotator):
            yield taken


def _is_old(taken: Placed, rotator: ContainerView) -> bool:
    """Whether `find` takes only files that nobody has written for a while; a live log is none of them."""
    effect = taken.effect
    for _, call in rotator.calls:
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


def tells_to_reopen(call: Call, view: PodView) -> bool:
    """Whether a command makes the writer open its file again: a signal that reaches it, a request, or
    logrotate."""
    words = " ".join(str(field.value) for field in call.fields[1:])
    if call.name == "logrotate":
        return True
    if call.name in _SIGNALLING or call.name in _SERVERS:
        reaches = view.pod.share_process_namespace or view.pod.host_pid
        return reaches and bool(_REOPENING.search(words))
    return call.name in _ASKING and bool(_REOPENING.search(words))


def is_told_by_script(rotation: Rotation, view: PodView) -> bool:
    """Whether a script of logrotate's configuration makes the writer open its file again, or may: what
    podlint cannot follow may, and so may a file that the script leaves on a volume for the writer to see."""
    shared = view.pod.share_process_namespace or view.pod.host_pid
    for script in rotation.scripts:
        process = script.process
        if process is None or not process.understood or (shared and process.signals):
            return True
        if any(call.name in _ASKING or tells_to_reopen(call, view) for call in process.calls):
            return True
        if any(
            p.process is process and p.effect.action.writes and p.place.kind is Kind.VOLUME
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


def live_writer(taken: Placed, others: tuple[ContainerView, ...]) -> tuple[ContainerView, Placed] | None:
    """The first of some containers that is writing what is taken away."""
    for writer in others:
        for write in writer.effects:
            if is_live(write.effect) and write.place.may_be(taken.place):
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


def was_copied(taken: Placed, rotator: ContainerView) -> bool:
    """copytruncate: what is cut off was copied before."""
    return any(
        p.effect.action is Action.READ and p.effect.order < taken.effect.order and p.place.may_be(taken.place)
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
    write: Placed | None = None


class Rotator(Struct, frozen=True):
    """What a container does to names, again and again: what it takes away, with who is writing that, and what
    it puts in the place of something else. `told`: it tells the writer to open its log again."""

    container: ContainerView
    told: bool
    away: tuple[tuple[Placed, tuple[ContainerView, Placed] | None], ...]
    puts: tuple[Placed, ...]


class Rotators(Struct, frozen=True):
    """All that rotates in a pod: containers by their scripts, and logs that logrotate renames."""

    containers: tuple[Rotator, ...]
    renamed: tuple[Rotation, ...]


def rotators_of(view: PodView) -> Rotators:
    """The containers of a pod that rename, remove or replace files again and again, and logrotate."""
    found = []
    for one in view.concurrent:
        taken = [p for p in takings(one) if p.effect.action is not Action.TRUNCATE]
        puts = [
            p
            for p in one.effects
            if p.effect.action is Action.RENAME
            and p.effect.repeats is Repeats.FOREVER
            and p.effect.by != "logrotate"
        ]
        if taken or puts:
            told = any(tells_to_reopen(call, view) for _, call in one.calls)
            writers = (*view.others(one), one)
            away = tuple((p, live_writer(p, writers)) for p in taken)
            found.append(Rotator(one, told, away, tuple(puts[:MAX_TAKEN])))
    return Rotators(tuple(found), tuple(renaming(view)))


def renaming(view: PodView) -> Iterator[Rotation]:
    """The rotations by logrotate that rename the log, and do not just copy it."""
    return (rotation for rotation in rotations(view) if rotation.section.renames)


def loss_of(follow: Placed, rotators: Rotators, view: PodView) -> Loss | None:
    """Who makes a `tail -f` blind, the surest first. None where nobody does, and where the writer keeps to
    the old file as well: that is another mistake."""
    losses = [loss for rotator in rotators.containers for loss in _losses(follow, rotator)]
    losses += _by_logrotate(follow, rotators.renamed, view)
    return next((loss for loss in losses if loss.must), losses[0] if losses else None)


def _losses(follow: Placed, rotator: Rotator) -> Iterator[Loss]:
    for taken, found in rotator.away:
        if taken.place.may_be(follow.place):
            loss = _taken_away(follow, taken, found, rotator)
            if loss is not None:
                yield loss
    for put in rotator.puts:
        if put.to is not None and put.to.may_be(follow.place):
            must = put.effect.certain and follow.effect.certain and put.to.must_be(follow.place)
            yield Loss(rotator.container, "puts a new file in place of", put.effect.span, must)


def _taken_away(
    follow: Placed, taken: Placed, found: tuple[ContainerView, Placed] | None, rotator: Rotator
) -> Loss | None:
    """A rename or removal after which the writer goes on under the old name."""
    deed = "renames" if taken.effect.action is Action.RENAME else "removes"
    if found is None:
        return Loss(rotator.container, deed, taken.effect.span, False, rotator.told)
    writer, write = found
    if write.effect.hold is not Hold.REOPENED and not rotator.told:
        return None
    sure = taken.effect.certain and follow.effect.certain and follow.place.must_be(taken.place)
    must = sure and write.place.must_be(taken.place) and (rotator.told or write.effect.certain)
    return Loss(rotator.container, deed, taken.effect.span, must, rotator.told, writer, write)


def _by_logrotate(follow: Placed, renamed: tuple[Rotation, ...], view: PodView) -> Iterator[Loss]:
    for rotation in renamed:
        if not rotation.surely_takes(follow.place):
            continue
        told = is_told_by_script(rotation, view)
        found = live_writer(follow, view.concurrent)
        if found is not None and (told or found[1].effect.hold is Hold.REOPENED):
            must = not told and follow.effect.certain and found[1].effect.certain
            yield Loss(rotation.rotator, "renames", rotation.span, must, told, *found)


def losses_of_followers(view: PodView) -> frozenset[Span]:
    """The renames and removals by which a follower by descriptor of the pod is left behind."""
    follows = [p for one in view.concurrent for p in one.effects if p.effect.follow == "descriptor"]
    if not follows:
        return frozenset()
    rotators = rotators_of(view)
    losses = (loss_of(follow, rotators, view) for follow in follows[:MAX_TAKEN])
    return frozenset(loss.span for loss in losses if loss is not None)
