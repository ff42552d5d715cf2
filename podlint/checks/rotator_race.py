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
from podlint.findings import Finding, Label, Severity
from podlint.shell.effects import Action, Hold
from podlint.source.span import Span
from podlint.storage.places import Kind
from podlint.storage.view import ContainerView, Placed, PodView

RULE = "rotator-race"

_TAKING = {Action.RENAME: "renames", Action.DELETE: "removes", Action.TRUNCATE: "truncates"}


def check(view: PodView) -> Iterator[Finding]:
    """Report rotators, one finding for each file that they take and each container that writes it."""
    if view.pod.partial:
        return
    yield from renamed_by_logrotate(RULE, view)
    followed: frozenset[Span] | None = None
    for rotator in view.concurrent:
        if any(tells_to_reopen(call, view) for _, call in rotator.calls):
            continue
        if any(missed.sure for missed in missed_by(rotator, view)):
            # The writer was to be told: that it cannot be is what unreachable-signal says.
            continue
        told: set[tuple[Action, int, int]] = set()
        for taken in takings(rotator):
            # A function called from many places, or a pattern with many roots, is still one mistake.
            mark = (taken.effect.action, *taken.effect.span[1:])
            followed = losses_of_followers(view) if followed is None else followed
            if taken.effect.span in followed:
                # A `tail -f` is what loses lines: tail-by-descriptor speaks and names this rotation.
                continue
            findings = [] if mark in told else list(_against(taken, rotator, view))
            told.update([mark] if findings else [])
            yield from findings


def _against(taken: Placed, rotator: ContainerView, view: PodView) -> Iterator[Finding]:
    """The writers that a rotator works against."""
    if taken.effect.action is Action.TRUNCATE and was_copied(taken, rotator):
        return
    found = live_writer(taken, view.others(rotator))
    if found is not None:
        if empties(taken.effect) and keeps_offset(found[1].effect):
            # The next mistake on the same file is worse: truncated-under-writer speaks.
            return
        yield _finding(taken, rotator, *found, view)
        return
    if _keeps_the_oldest(taken) and not any(
        w.effect.action.writes and w.place.may_be(taken.place) for w in rotator.effects
    ):
        yield _oldest(taken, rotator, view)


def _keeps_the_oldest(taken: Placed) -> bool:
    """`truncate -s 50M` on the node's logs: whoever writes them, the newest lines go."""
    size = taken.effect.size.lstrip("=<")
    volume = taken.place.volume
    return (
        taken.effect.action is Action.TRUNCATE
        and size not in ("", "0")
        and taken.place.kind is Kind.VOLUME
        and volume is not None
        and volume.kind == "hostPath"
    )


def _finding(
    taken: Placed, rotator: ContainerView, writer: ContainerView, write: Placed, view: PodView
) -> Finding:
    held = write.effect.hold is Hold.HELD
    must = write.place.must_be(taken.place) and taken.effect.certain and surely_writes(write, writer)
    lethal = held and must and taken.effect.action is not Action.TRUNCATE
    writing = Label(write.effect.span.region(), how_written(write.effect, writer))
    deed = _TAKING[taken.effect.action]
    return Finding(
        rule=RULE,
        severity=Severity.ERROR if lethal else Severity.WARNING,
        message=(
            f'"{rotator.name}" {deed} "{_shown(taken, write)}" under its writer "{writer.name}": '
            + _consequence(taken, write, view)
        ),
        primary=Label(taken.effect.span.region(), _taking(taken, write)),
        related=(writing, *(followers_of(taken.place, view) if deed != "truncates" else ())),
        route=(
            Label(write.effect.span.region(), f'"{writer.name}" writes "{write.effect.path}"'),
            Label(taken.effect.span.region(), f'"{rotator.name}" takes it away'),
        ),
        help=_advice(taken, write),
        pod=view.pod.title,
        container=rotator.name,
    )


def _shown(taken: Placed, write: Placed) -> str:
    """The path as the rotator sees it; the writer's where a pattern would say less."""
    return str(taken.effect.path if taken.effect.path.literal is not None else write.effect.path)


def _taking(taken: Placed, write: Placed) -> str:
    """What is wrong here, in a few words."""
    if taken.effect.by == "mv" and write.effect.hold is Hold.REOPENED:
        return "takes the file away, and fails while there is none"
    return f"{_TAKING[taken.effect.action]} a file that is being written"


def _consequence(taken: Placed, write: Placed, view: PodView) -> str:
    """What will be lost and what will not, for this pod."""
    effect, hold = taken.effect, write.effect.hold
    if effect.action is Action.TRUNCATE:
        if effect.size.lstrip("=<") not in ("", "0"):
            return f"cutting to {effect.size} keeps the oldest lines and throws away the newest"
        return "the lines that nobody has read by then are lost, and no copy is kept"
    if hold is Hold.REOPENED:
        if effect.action is Action.DELETE:
            return "later lines go into a new file, but all that was written before is lost, read or not"
        return f"no line is lost, since it reopens the file, but {_troubles(taken, view)}"
    start = "all later lines" if hold is Hold.HELD else "if it keeps the file open, all later lines"
    if effect.action is Action.DELETE:
        return f"{start} are lost with the removed file, whose space is not freed"
    return f'{start} go into the renamed file, and "{write.effect.path}" never comes back'


def _troubles(taken: Placed, view: PodView) -> str:
    """The troubles that stay when no line is lost."""
    piling = taken.to is not None and taken.to.path.literal is None and not _is_removed(taken, view)
    return 'a "tail -f" sees none after the first rename' + (" and old files pile up" if piling else "")


def _is_removed(taken: Placed, view: PodView) -> bool:
    """Whether anybody may delete what the file was renamed to."""
    to = taken.to
    return to is not None and any(
        p.effect.action in (Action.DELETE, Action.RENAME) and p.place.may_be(to) and p is not taken
        for one in view.containers
        for p in one.effects
    )


def _advice(taken: Placed, write: Placed) -> str:
    if taken.effect.action is Action.TRUNCATE:
        return "copy the file before it is emptied, or let the writer rotate its own log"
    if write.effect.hold is Hold.REOPENED:
        return "copy and truncate instead, follow with `tail -F`, and delete old files"
    return "copy and truncate instead (the writer must append), or tell the writer to reopen its file"


def _oldest(taken: Placed, rotator: ContainerView, view: PodView) -> Finding:
    return Finding(
        rule=RULE,
        severity=Severity.WARNING,
        message=(
            f'"{rotator.name}" cuts "{taken.effect.path}" to {taken.effect.size} under its writer: the '
            f"oldest lines stay and the newest are thrown away"
        ),
        primary=Label(taken.effect.span.region(), "keeps the oldest bytes"),
        help="rotate whole files, or leave it to the kubelet (containerLogMaxSize, containerLogMaxFiles)",
        pod=view.pod.title,
        container=rotator.name,
    )
