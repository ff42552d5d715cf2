"""Rotations: who takes a log away from under whom, and who stays behind with the old file."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from msgspec import Struct

from podlint.checks._logrotate import rotations
from podlint.shell.effects import Action, Call, Effect, Hold, Repeats
from podlint.source.span import Span
from podlint.storage.view import ContainerView, Placed, PodView

_TAKING = frozenset({Action.RENAME, Action.DELETE, Action.TRUNCATE})
_ROTATING = frozenset({"mv", "rm", "unlink", "truncate", "find", "gzip", "bzip2", "xz", "zstd"})
_REOPENING = re.compile(r"reopen|reload|graceful|rotate|USR1|HUP|(?<!\S)-(?:1|10)(?!\S)", re.IGNORECASE)
_SIGNALLING = frozenset({"kill", "pkill", "killall"})
_SERVERS = frozenset({"nginx", "apachectl", "httpd", "apache2ctl"})
_ASKING = frozenset({"curl", "wget", "nc", "socat", "kubectl", "crictl", "docker", "nsenter"})
_AGE = frozenset({"-mtime", "-mmin", "-ctime", "-cmin"})


def takings(rotator: ContainerView) -> Iterator[Placed]:
    """What a container renames, removes or truncates again and again, but for files that are old."""
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


def loss_of(follow: Placed, view: PodView) -> Loss | None:
    """Who makes a `tail -f` blind, the surest first. None where nobody does, and where the writer keeps to
    the old file as well: that is another mistake."""
    losses = [loss for rotator in view.concurrent for loss in _losses(follow, rotator, view)]
    losses += _by_logrotate(follow, view)
    return next((loss for loss in losses if loss.must), losses[0] if losses else None)


def _losses(follow: Placed, rotator: ContainerView, view: PodView) -> Iterator[Loss]:
    told = any(tells_to_reopen(call, view) for _, call in rotator.calls)
    for taken in takings(rotator):
        if taken.effect.action is not Action.TRUNCATE and taken.place.may_be(follow.place):
            loss = _taken_away(follow, taken, rotator, view, told=told)
            if loss is not None:
                yield loss
    for put in rotator.effects:
        forever = put.effect.action is Action.RENAME and put.effect.repeats is Repeats.FOREVER
        if forever and put.effect.by != "logrotate" and put.to is not None and put.to.may_be(follow.place):
            must = put.effect.certain and follow.effect.certain and put.to.must_be(follow.place)
            yield Loss(rotator, "puts a new file in place of", put.effect.span, must)


def _taken_away(
    follow: Placed, taken: Placed, rotator: ContainerView, view: PodView, *, told: bool
) -> Loss | None:
    """A rename or removal after which the writer goes on under the old name."""
    deed = "renames" if taken.effect.action is Action.RENAME else "removes"
    found = live_writer(taken, (*view.others(rotator), rotator))
    sure = taken.effect.certain and follow.effect.certain and follow.place.must_be(taken.place)
    if found is None:
        return Loss(rotator, deed, taken.effect.span, False, told)
    writer, write = found
    if write.effect.hold is not Hold.REOPENED and not told:
        return None
    must = sure and write.place.must_be(taken.place) and (told or write.effect.certain)
    return Loss(rotator, deed, taken.effect.span, must, told, writer, write)


def _by_logrotate(follow: Placed, view: PodView) -> Iterator[Loss]:
    """logrotate renames, unless it is told to copy and truncate."""
    for rotation in rotations(view):
        directives = rotation.section.directives
        if "copytruncate" in directives or not rotation.surely_takes(follow.place):
            continue
        told = "postrotate" in directives
        found = live_writer(follow, view.concurrent)
        if found is not None and (told or found[1].effect.hold is Hold.REOPENED):
            must = not told and follow.effect.certain and found[1].effect.certain
            yield Loss(rotation.rotator, "renames", rotation.file.span, must, told, *found)


def left_behind(taken: Placed, view: PodView) -> tuple[ContainerView, Placed] | None:
    """The follower by descriptor whose loss is this very rename or removal."""
    for one in view.concurrent:
        for follow in one.effects:
            if follow.effect.follow == "descriptor":
                loss = loss_of(follow, view)
                if loss is not None and loss.span == taken.effect.span:
                    return one, follow
    return None
