"""rotator-race: a container takes a log away from under another one that is writing it."""

from __future__ import annotations

from collections.abc import Iterator

from podlint.checks._reach import missed_by
from podlint.checks._renaming import followers_of, how_written, renamed_by_logrotate, surely_writes
from podlint.checks._rotation import (
    empties,
    keeps_offset,
    live_writer,
    losses_of_followers,
    takings,
    tells_to_reopen,
    was_copied,
)
from podlint.shell.effects import Action, Hold
from podlint.source.span import Span
from podlint.storage.places import Kind
from podlint.storage.view import ContainerView, PlacedEffect, PodView
from podlint.vocabulary import Note, Problem, rule

_TAKING = {Action.RENAME: "renames", Action.DELETE: "removes", Action.TRUNCATE: "truncates"}


@rule
def check(pod: PodView) -> Iterator[Problem]:
    """Report rotators, one finding for each file that they take and each container that writes it."""
    yield from renamed_by_logrotate(pod)
    followed: frozenset[Span] | None = None
    for rotator in pod.running:
        if any(tells_to_reopen(call, pod) for call in rotator.calls):
            continue
        if any(missed.sure for missed in missed_by(rotator, pod)):
            # The writer was to be told: that it cannot be is what unreachable-signal says.
            continue
        told: set[tuple[Action, int, int]] = set()
        for taken in takings(rotator):
            # A function called from many places, or a pattern with many roots, is still one mistake.
            mark = (taken.action, *taken.span[1:])
            followed = losses_of_followers(pod) if followed is None else followed
            if taken.span in followed:
                # A `tail -f` is what loses lines: tail-by-descriptor speaks and names this rotation.
                continue
            findings = [] if mark in told else list(_against(taken, rotator, pod))
            told.update([mark] if findings else [])
            yield from findings


def _against(taken: PlacedEffect, rotator: ContainerView, pod: PodView) -> Iterator[Problem]:
    """The writers that a rotator works against."""
    if taken.action is Action.TRUNCATE and was_copied(taken, rotator):
        return
    found = live_writer(taken, pod.others(rotator))
    if found is not None:
        if empties(taken) and keeps_offset(found[1]):
            # The next mistake on the same file is worse: truncated-under-writer speaks.
            return
        yield _finding(taken, rotator, *found, pod)
        return
    if _keeps_the_oldest(taken) and not any(
        w.action.writes and w.place.may_be(taken.place) for w in rotator.effects
    ):
        yield _oldest(taken, rotator, pod)


def _keeps_the_oldest(taken: PlacedEffect) -> bool:
    """`truncate -s 50M` on the node's logs: whoever writes them, the newest lines go."""
    size = taken.size.lstrip("=<")
    volume = taken.place.volume
    return (
        taken.action is Action.TRUNCATE
        and size not in ("", "0")
        and taken.place.kind is Kind.VOLUME
        and volume is not None
        and volume.kind == "hostPath"
    )


def _finding(
    taken: PlacedEffect, rotator: ContainerView, writer: ContainerView, write: PlacedEffect, pod: PodView
) -> Problem:
    held = write.hold is Hold.HELD
    must = write.place.must_be(taken.place) and taken.certain and surely_writes(write, writer)
    lethal = held and must and taken.action is not Action.TRUNCATE
    writing = Note(write.span, how_written(write, writer))
    deed = _TAKING[taken.action]
    return Problem(
        certain=lethal,
        message=(
            f'"{rotator.name}" {deed} "{_shown(taken, write)}" under its writer "{writer.name}": '
            + _consequence(taken, write, pod)
        ),
        at=Note(taken.span, _taking(taken, write)),
        notes=(writing, *(followers_of(taken.place, pod) if deed != "truncates" else ())),
        route=(
            Note(write.span, f'"{writer.name}" writes "{write.path}"'),
            Note(taken.span, f'"{rotator.name}" takes it away'),
        ),
        help=_advice(taken, write),
        container=rotator,
    )


def _shown(taken: PlacedEffect, write: PlacedEffect) -> str:
    """The path as the rotator sees it; the writer's where a pattern would say less."""
    return str(taken.path if taken.path.literal is not None else write.path)


def _taking(taken: PlacedEffect, write: PlacedEffect) -> str:
    """What is wrong here, in a few words."""
    if taken.by == "mv" and write.hold is Hold.REOPENED:
        return "takes the file away, and fails while there is none"
    return f"{_TAKING[taken.action]} a file that is being written"


def _consequence(taken: PlacedEffect, write: PlacedEffect, pod: PodView) -> str:
    """What will be lost and what will not, for this pod."""
    effect, hold = taken, write.hold
    if effect.action is Action.TRUNCATE:
        if effect.size.lstrip("=<") not in ("", "0"):
            return f"cutting to {effect.size} keeps the oldest lines and throws away the newest"
        return "the lines that nobody has read by then are lost, and no copy is kept"
    if hold is Hold.REOPENED:
        if effect.action is Action.DELETE:
            return "later lines go into a new file, but all that was written before is lost, read or not"
        return f"no line is lost, since it reopens the file, but {_troubles(taken, pod)}"
    start = "all later lines" if hold is Hold.HELD else "if it keeps the file open, all later lines"
    if effect.action is Action.DELETE:
        return f"{start} are lost with the removed file, whose space is not freed"
    return f'{start} go into the renamed file, and "{write.path}" never comes back'


def _troubles(taken: PlacedEffect, pod: PodView) -> str:
    """The troubles that stay when no line is lost."""
    piling = taken.target is not None and taken.target.path.literal is None and not _is_removed(taken, pod)
    return 'a "tail -f" sees none after the first rename' + (" and old files pile up" if piling else "")


def _is_removed(taken: PlacedEffect, pod: PodView) -> bool:
    """Whether anybody may delete what the file was renamed to."""
    to = taken.target
    return to is not None and any(
        p.action in (Action.DELETE, Action.RENAME) and p.place.may_be(to) and p is not taken
        for container in pod.containers
        for p in container.effects
    )


def _advice(taken: PlacedEffect, write: PlacedEffect) -> str:
    if taken.action is Action.TRUNCATE:
        return "copy the file before it is emptied, or let the writer rotate its own log"
    if write.hold is Hold.REOPENED:
        return "copy and truncate instead, follow with `tail -F`, and delete old files"
    return "copy and truncate instead (the writer must append), or tell the writer to reopen its file"


def _oldest(taken: PlacedEffect, rotator: ContainerView, pod: PodView) -> Problem:
    return Problem(
        certain=False,
        message=(
            f'"{rotator.name}" cuts "{taken.path}" to {taken.size} under its writer: the '
            f"oldest lines stay and the newest are thrown away"
        ),
        at=Note(taken.span, "keeps the oldest bytes"),
        help="rotate whole files, or leave it to the kubelet (containerLogMaxSize, containerLogMaxFiles)",
        container=rotator,
    )
