"""unreachable-signal: a container signals a process of another one, and cannot see it."""

from __future__ import annotations

from collections.abc import Iterator

from podlint.checks._logrotate import rotations
from podlint.checks._reach import Missed, missed_by
from podlint.checks._rotation import is_live, live_writer, takings
from podlint.findings import Finding, Label, Severity
from podlint.shell.contacts import Recipient
from podlint.storage.view import ContainerView, PodView

RULE = "unreachable-signal"

_GOES_ON = "so lines go on into the old file (rotator-race)"


def check(view: PodView) -> Iterator[Finding]:
    """Report signals for the processes of siblings, each target once for each container."""
    if view.pod.partial or len(view.concurrent) < 2:
        return
    for one in view.concurrent:
        found = list(missed_by(one, view))
        kept = tuple(_rotations(one, view)) if found else ()
        for missed in found:
            yield _finding(missed, kept, one, view)


def _finding(missed: Missed, kept: tuple[Label, ...], one: ContainerView, view: PodView) -> Finding:
    signal = missed.signal
    related = []
    if missed.sibling is not None and missed.seen is not None:
        does = "writes its pid here" if signal.recipient is Recipient.FILE else f'runs "{signal.target}"'
        if signal.recipient is Recipient.FILE and missed.seen is missed.sibling.container.span:
            does = "may write its pid there"
        related.append(Label(missed.seen.region(), f'"{missed.sibling.name}" {does}'))
    related += kept
    return Finding(
        rule=RULE,
        severity=Severity.ERROR if missed.sure else Severity.WARNING,
        message=_message(missed, one),
        primary=Label(signal.span.region(), "cannot leave this container"),
        related=tuple(related),
        help="set `shareProcessNamespace: true` (and run as the same user, or as root), or ask by a request",
        pod=view.pod.title,
        container=one.name,
    )


def _message(missed: Missed, one: ContainerView) -> str:
    signal = missed.signal
    shown = f"SIG{signal.signal}" if signal.signal else "a signal"
    where = f' in "{missed.sibling.name}"' if missed.sibling is not None else ""
    if signal.recipient is Recipient.FILE:
        return (
            f'"{one.name}" sends {shown} to the pid in "{signal.target}", which counts only{where}: here it '
            f"names no process, or another one"
        )
    return (
        f'"{one.name}" sends {shown} to "{signal.target}"{where}, but sees no process outside its own '
        f"container: it reaches nobody"
    )


def _rotations(one: ContainerView, view: PodView) -> Iterator[Label]:
    """The logs that were to be opened again: what rotator-race would say, were it not for this cause."""
    for taken in takings(one):
        if live_writer(taken, view.others(one)) is not None:
            yield Label(taken.effect.span.region(), _GOES_ON)
            return
    for rotation in rotations(view):
        renames = rotation.rotator is one and rotation.section.renames
        if renames and any(
            is_live(write.effect) and rotation.surely_takes(write.place)
            for writer in view.others(one)
            for write in writer.effects
        ):
            yield Label(rotation.span.region(), _GOES_ON)
            return
