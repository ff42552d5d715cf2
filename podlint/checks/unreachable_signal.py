"""unreachable-signal: a container signals a process of another one, and cannot see it."""

from __future__ import annotations

from collections.abc import Iterator

from podlint.checks._logrotate import rotations
from podlint.checks._reach import Missed, missed_by
from podlint.checks._rotation import is_live, live_writer, takings
from podlint.shell.contacts import Recipient
from podlint.storage.view import ContainerView, PodView
from podlint.vocabulary import Note, Problem, rule

_GOES_ON = "so lines go on into the old file (rotator-race)"


@rule(siblings=True)
def check(pod: PodView) -> Iterator[Problem]:
    """Report signals for the processes of siblings, each target once for each container."""
    for container in pod.running:
        found = list(missed_by(container, pod))
        kept = tuple(_rotations(container, pod)) if found else ()
        for missed in found:
            yield _finding(missed, kept, container, pod)


def _finding(missed: Missed, kept: tuple[Note, ...], container: ContainerView, pod: PodView) -> Problem:
    signal = missed.signal
    related = []
    if missed.sibling is not None and missed.seen is not None:
        does = "writes its pid here" if signal.recipient is Recipient.FILE else f'runs "{signal.target}"'
        if signal.recipient is Recipient.FILE and missed.seen is missed.sibling.spec.span:
            does = "may write its pid there"
        related.append(Note(missed.seen, f'"{missed.sibling.name}" {does}'))
    related += kept
    return Problem(
        certain=missed.sure,
        message=_message(missed, container),
        at=Note(signal.span, "cannot leave this container"),
        notes=tuple(related),
        help="set `shareProcessNamespace: true` (and run as the same user, or as root), or ask by a request",
        container=container,
    )


def _message(missed: Missed, container: ContainerView) -> str:
    signal = missed.signal
    shown = f"SIG{signal.signal}" if signal.signal else "a signal"
    where = f' in "{missed.sibling.name}"' if missed.sibling is not None else ""
    if signal.recipient is Recipient.FILE:
        return (
            f'"{container.name}" sends {shown} to the pid in "{signal.target}", which counts only{where}: here it '
            f"names no process, or another one"
        )
    return (
        f'"{container.name}" sends {shown} to "{signal.target}"{where}, but sees no process outside its own '
        f"container: it reaches nobody"
    )


def _rotations(container: ContainerView, pod: PodView) -> Iterator[Note]:
    """The logs that were to be opened again: what rotator-race would say, were it not for this cause."""
    for taken in takings(container):
        if live_writer(taken, pod.others(container)) is not None:
            yield Note(taken.span, _GOES_ON)
            return
    for rotation in rotations(pod):
        renames = rotation.rotator is container and rotation.section.renames
        if renames and any(
            is_live(write) and rotation.surely_takes(write.place)
            for writer in pod.others(container)
            for write in writer.effects
        ):
            yield Note(rotation.span, _GOES_ON)
            return
