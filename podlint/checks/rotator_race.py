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
from podlint.vocabulary import Action, Claim, Hold, Note, PlacedEffect, PodView, Problem, cause_at, rule

_OPERATIONS = {Action.RENAME: "renames", Action.DELETE: "removes", Action.TRUNCATE: "truncates"}


@rule
def check(pod: PodView) -> Iterator[Problem]:
    """Report rotators, each file that they take and the first container that writes it."""
    yield from renamed_by_logrotate(pod)
    rotators = [c for c in pod.running if not any(asks_to_reopen(call, pod) for call in c.calls)]
    taken_by = {rotator: list(takings(rotator)) for rotator in rotators}
    followed = left_behind(pod) if any(taken_by.values()) else {}
    for rotator, taken in taken_by.items():
        signals = [one for one in undelivered_signals(rotator, pod) if one.certain] if taken else []
        for effect in taken:
            write = live_writer(effect, pod.others(rotator))
            if effect.action is Action.TRUNCATE and was_copied(effect):
                continue
            if write is not None:
                yield _race(effect, write, signals, followed.get(effect.span, ()), pod)
            elif _keeps_the_oldest(effect):
                yield _oldest(effect, signals)


def _race(
    taken: PlacedEffect,
    write: PlacedEffect,
    signals: Sequence[UndeliveredSignal],
    left_behind: Sequence[PlacedEffect],
    pod: PodView,
) -> Problem:
    """A writer that a rotator works against.

    `signals` were to make it open its file again, and reach nobody; `left_behind` are followers that lose
    lines by the same rotation.
    """
    rotator, writer, renamed = taken.container, write.container, taken.action is not Action.TRUNCATE
    certain = write.place.must_be(taken.place) and taken.certain and certainly_writes(write)
    # The writer's path where a pattern would say less.
    path = taken.path if taken.path.literal is not None else write.path
    worse = empties(taken) and keeps_offset(write)
    return Problem(
        f'"{rotator.name}" {_OPERATIONS[taken.action]} "{path}" while "{writer.name}" writes it',
        Note(taken, _label(taken, write)),
        outcome=_outcome(taken, write, pod),
        notes=(
            Note(write, how_written(write)),
            *_unheard(signals),
            *(followers_of(taken.place, pod) if renamed else ()),
        ),
        route=(
            Note(write, f'"{writer.name}" writes "{write.path}"'),
            Note(taken, f'"{rotator.name}" takes it away'),
        ),
        help=_help(taken, write),
        container=rotator,
        certain=certain and renamed and write.hold is Hold.HELD,
        yields_to=(
            *(Claim("unreachable-signal", signal.cause) for signal in signals),
            *(Claim("tail-by-descriptor", cause_at(follow.container, follow)) for follow in left_behind),
            *((Claim("truncated-under-writer", write.cause),) if worse else ()),
        ),
    )


def _unheard(signals: Sequence[UndeliveredSignal]) -> Iterator[Note]:
    return (Note(one.signal, "reaches no process", "unreachable-signal") for one in signals[:1])


def _label(taken: PlacedEffect, write: PlacedEffect) -> str:
    if taken.action is Action.TRUNCATE:
        size = cut_to(taken)
        return f"keeps only the first {size}" if size else "emptied without a copy"
    if taken.by == "mv" and write.hold is Hold.REOPENED:
        return "fails while there is no file"
    return "renamed here" if taken.action is Action.RENAME else "removed here"


def _outcome(taken: PlacedEffect, write: PlacedEffect, pod: PodView) -> str:
    """What will be lost and what will not, for this pod."""
    writer, removed = write.container.name, taken.action is Action.DELETE
    if taken.action is Action.TRUNCATE:
        if cut_to(taken):
            return "the oldest lines stay, and the newest are lost"
        return "lines that nobody has read by then are lost"
    if write.hold is Hold.REOPENED:
        if removed:
            return "later lines go into a new file, but all earlier ones are lost, read or not"
        piles = taken.target is not None and taken.target.path.literal is None and not _is_removed(taken, pod)
        return (
            f'no line is lost, since "{writer}" opens the file for each line, but '
            f'"tail -f" shows none after the first rename{", and old files pile up" if piles else ""}'
        )
    if removed:
        return f"{kept_open(write)}all later lines are lost with the removed file, whose space is not freed"
    return (
        f'{kept_open(write)}all later lines go into the renamed file, and "{write.path}" does not come back'
    )


def _is_removed(taken: PlacedEffect, pod: PodView) -> bool:
    """Whether anybody may delete what the file was renamed to."""
    to = taken.target
    return to is not None and any(
        effect is not taken and effect.place.may_be(to)
        for effect in pod.effects.doing(Action.DELETE, Action.RENAME)
    )


def _help(taken: PlacedEffect, write: PlacedEffect) -> str:
    if taken.action is Action.TRUNCATE:
        return "copy the file before it is emptied, or let the writer rotate its own log"
    if write.hold is Hold.REOPENED:
        return "copy and truncate instead, follow with `tail -F`, and delete old files"
    return "copy and truncate instead (the writer must append), or make the writer open its file again"


def _keeps_the_oldest(taken: PlacedEffect) -> bool:
    """`truncate -s 50M` on the node's logs: whoever writes them, the newest lines go."""
    cuts = taken.action is Action.TRUNCATE and cut_to(taken)
    volume = taken.volume
    return bool(
        cuts
        and volume is not None
        and volume.kind == "hostPath"
        and not taken.container.effects.writing().meeting(taken.place)
    )


def _oldest(taken: PlacedEffect, signals: Sequence[UndeliveredSignal]) -> Problem:
    size, rotator = cut_to(taken), taken.container
    return Problem(
        f'"{rotator.name}" cuts "{taken.path}" to {size} while it is written',
        Note(taken, f"keeps only the first {size}"),
        outcome="the oldest lines stay, and the newest are lost",
        help="rotate whole files, or leave it to the kubelet (containerLogMaxSize, containerLogMaxFiles)",
        container=rotator,
        certain=False,
        yields_to=tuple(Claim("unreachable-signal", signal.cause) for signal in signals),
    )
