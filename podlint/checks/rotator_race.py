"""rotator-race: a container takes a log away from under another one that is writing it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from podlint.checks._renamed_by_logrotate import (
    certainly_writes,
    followers_of,
    how_written,
    kept_open,
    renamed_by_logrotate,
)
from podlint.checks._rotation import (
    asks_to_reopen,
    cut_to,
    empties,
    keeps_offset,
    left_behind,
    live_writer,
    takings,
    was_copied,
)
from podlint.checks._undelivered import UndeliveredSignal, undelivered_signals
from podlint.vocabulary import Action, Claim, Hold, Kind, Note, PlacedEffect, PodView, Problem, cause_at, rule

_OPERATIONS = {Action.RENAME: "renames", Action.DELETE: "removes", Action.TRUNCATE: "truncates"}

_CUT = "the oldest lines stay, and the newest are lost"


@rule
def check(pod: PodView) -> Iterator[Problem]:
    """Report rotators, each file that they take and the first container that writes it."""
    yield from renamed_by_logrotate(pod)
    taken_by = {rotator: taken for rotator in pod.running if (taken := list(takings(rotator, pod)))}
    followed = left_behind(pod) if taken_by else {}
    for rotator, taken in taken_by.items():
        if any(asks_to_reopen(call, pod) for call in rotator.calls):
            continue
        signals = [one for one in undelivered_signals(rotator, pod) if one.certain]
        for effect in taken:
            if effect.action is Action.TRUNCATE and was_copied(effect):
                continue
            write = live_writer(effect, pod.others(rotator))
            if write is not None and _is_followed_by_name(effect, write, pod):
                continue
            if write is not None:
                yield _race(effect, write, signals, followed.get(effect.span, ()), pod)
            elif _keeps_the_oldest(effect):
                yield _oldest(effect, signals)


def _is_followed_by_name(taken: PlacedEffect, write: PlacedEffect, pod: PodView) -> bool:
    """Whether a rename loses nothing: the writer opens the file for each line, whoever follows it looks for
    the new file (`tail -F`), and old ones do not pile up."""
    if taken.action is not Action.RENAME or write.hold is not Hold.REOPENED or _piles_up(taken, pod):
        return False
    return _all_look_for_the_name(write, pod)


def _all_look_for_the_name(write: PlacedEffect, pod: PodView) -> bool:
    """Whether somebody follows what is written, and nobody by its descriptor."""
    follows = [
        effect.follow
        for container in pod.running
        for effect in container.effects
        if effect.follow and effect.place.may_be(write.place)
    ]
    return bool(follows) and all(follow == "name" for follow in follows)


def _race(
    taken: PlacedEffect,
    write: PlacedEffect,
    signals: Sequence[UndeliveredSignal],
    left_behind: Sequence[PlacedEffect],
    pod: PodView,
) -> Problem:
    """A writer that a rotator works against.

    `signals` should make it open its file again, and reach nobody; `left_behind` are followers that lose
    lines by the same rotation.
    """
    rotator, writer, gone = taken.container, write.container, taken.action is not Action.TRUNCATE
    certain = write.place.must_be(taken.place) and taken.certain and certainly_writes(write)
    # The writer's path where a pattern would say less.
    path = taken.path if taken.path.literal is not None else write.path
    label, outcome, advice = _words(taken, write, pod)
    return Problem(
        f'"{rotator.name}" {_OPERATIONS[taken.action]} "{path}" while "{writer.name}" writes it',
        Note(taken, label),
        outcome=outcome,
        notes=(
            Note(write, how_written(write)),
            *(Note(one.signal, "reaches no process", "unreachable-signal") for one in signals[:1]),
            *(followers_of(taken.place, pod) if gone else ()),
        ),
        route=(
            Note(write, f'"{writer.name}" writes "{write.path}"'),
            Note(taken, f'"{rotator.name}" takes it away'),
        ),
        help=advice,
        container=rotator,
        certain=certain and gone and write.hold is Hold.HELD,
        yields_to=(
            Claim("user-mismatch", taken.cause),
            *(Claim("unreachable-signal", one.cause) for one in signals),
            # There no line is lost but by that.
            *((Claim("lost-archive", cause_at(rotator, taken)),) if write.hold is Hold.REOPENED else ()),
            *(Claim("tail-by-descriptor", cause_at(follow.container, follow)) for follow in left_behind),
            *(
                (Claim("truncated-under-writer", write.cause),)
                if empties(taken) and keeps_offset(write)
                else ()
            ),
        ),
    )


def _words(taken: PlacedEffect, write: PlacedEffect, pod: PodView) -> tuple[str, str, str]:
    """What is done here, what will be lost and what will not, and what to do about it."""
    if taken.action is Action.TRUNCATE:
        advice = "copy the file before it is emptied, or let the writer rotate its own log"
        if size := cut_to(taken):
            return f"keeps only the first {size}", _CUT, advice
        return "emptied without a copy", "lines that nobody has read by then are lost", advice
    removed = taken.action is Action.DELETE
    label = "removed here" if removed else "renamed here"
    if write.hold is Hold.REOPENED and not removed and _all_look_for_the_name(write, pod):
        opens = f'no line is lost, since "{write.container.name}" opens the file for each line'
        return (
            label,
            f"{opens}, but old files pile up",
            "give the old file one of few names, or delete old files",
        )
    if write.hold is Hold.REOPENED:
        label = "fails while there is no file" if taken.command == "mv" else label
        outcome = "later lines go into a new file, but all earlier ones are lost, read or not"
        if not removed:
            piles = ", and old files pile up" if _piles_up(taken, pod) else ""
            outcome = (
                f'no line is lost, since "{write.container.name}" opens the file for each line, but '
                f'"tail -f" shows none after the first rename{piles}'
            )
        return label, outcome, "copy and truncate instead, follow with `tail -F`, and delete old files"
    outcome = "all later lines are lost with the removed file, whose space is not freed"
    if not removed:
        outcome = f'all later lines go into the renamed file, and "{write.path}" does not come back'
    advice = "copy and truncate instead (the writer must append), or make the writer open its file again"
    return label, kept_open(write) + outcome, advice


def _piles_up(taken: PlacedEffect, pod: PodView) -> bool:
    """Whether the file gets another name each time, and nobody may delete what it was renamed to."""
    to = taken.target
    return (
        to is not None
        and to.path.literal is None
        and not any(
            effect is not taken and (effect.place.kind is Kind.UNKNOWN or effect.place.may_be(to))
            for effect in pod.effects.doing(Action.DELETE, Action.RENAME)
        )
    )


def _keeps_the_oldest(taken: PlacedEffect) -> bool:
    """`truncate -s 50M` on the node's logs: whoever writes them, the newest lines go."""
    return (
        taken.action is Action.TRUNCATE
        and cut_to(taken) != ""
        and taken.volume is not None
        and taken.volume.kind == "hostPath"
        and not taken.container.effects.writing().meeting(taken.place)
    )


def _oldest(taken: PlacedEffect, signals: Sequence[UndeliveredSignal]) -> Problem:
    size, rotator = cut_to(taken), taken.container
    return Problem(
        f'"{rotator.name}" cuts "{taken.path}" to {size} while it is written',
        Note(taken, f"keeps only the first {size}"),
        outcome=_CUT,
        help="rotate whole files, or leave it to the kubelet (containerLogMaxSize, containerLogMaxFiles)",
        container=rotator,
        certain=False,
        yields_to=tuple(Claim("unreachable-signal", one.cause) for one in signals),
    )
