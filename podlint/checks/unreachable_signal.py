"""unreachable-signal: a container signals a process of another one that it cannot see, or may not signal."""

from __future__ import annotations

from collections.abc import Iterator

from podlint.checks._logrotate import Rotation, rotations
from podlint.checks._rotation import is_live, live_writer, takings
from podlint.checks._undelivered import UndeliveredSignal, refused_signals, undelivered_signals
from podlint.vocabulary import ContainerView, Note, PlacedEffect, PodView, Problem, Recipient, rule


@rule
def check(pod: PodView) -> Iterator[Problem]:
    """Report signals for the processes of siblings, each target once for each container."""
    for container in pod.running:
        found = list(undelivered_signals(container, pod))
        rotated = _rotated(container, pod) if found else None
        goes_on = "later lines go into the old file"
        notes = () if rotated is None else (Note(rotated, goes_on, "rotator-race"),)
        for undelivered in found:
            yield _problem(undelivered, notes)
        for refused in refused_signals(container, pod):
            yield _refused(refused)


def _problem(undelivered: UndeliveredSignal, notes: tuple[Note, ...]) -> Problem:
    sender, receiver, signal = undelivered.sender, undelivered.receiver, undelivered.signal
    message = f'"{sender.name}" sends {f"SIG{signal.signal}" if signal.signal else "a signal"} to '
    outcome = "the signal reaches no process, since a container sees only its own processes"
    if receiver is None:
        message += f'"{signal.target}", which does not run there'
    elif signal.recipient is Recipient.FILE:
        message += f'a process of "{receiver.name}", by the pid in "{signal.target}"'
        outcome = (
            f'the pid counts only in "{receiver.name}": in "{sender.name}" another process has it, or none'
        )
    else:
        message += f'"{signal.target}", which runs in "{receiver.name}"'
    return Problem(
        message,
        Note(signal, "cannot leave this container"),
        outcome=outcome,
        notes=(*_receiving(undelivered), *notes),
        help="set `shareProcessNamespace: true` (and run as the same user, or as root), or send a request",
        container=sender,
        certain=undelivered.certain,
        causes=(undelivered.cause,),
    )


def _refused(refused: UndeliveredSignal) -> Problem:
    """The problem with a signal to a process of another user."""
    sender, receiver, signal = refused.sender, refused.receiver, refused.signal
    assert receiver is not None
    user = f"user {receiver.spec.run_as_user}" if receiver.spec.run_as_user else "root"
    return Problem(
        f'"{sender.name}" may not send {f"SIG{signal.signal}" if signal.signal else "a signal"} to '
        f'"{signal.target}" in container "{receiver.name}"',
        Note(signal, f"sent by user {sender.spec.run_as_user}"),
        outcome=f'it fails with "Operation not permitted": "{signal.target}" runs as {user}',
        notes=tuple(_receiving(refused)),
        help=f'run "{sender.name}" as the same user, or as root (runAsUser: 0)',
        container=sender,
        causes=(refused.cause,),
    )


def _receiving(undelivered: UndeliveredSignal) -> Iterator[Note]:
    receiver, seen = undelivered.receiver, undelivered.seen
    if receiver is not None and seen is not None:
        by_file = undelivered.signal.recipient is Recipient.FILE
        writes = "may write its pid there" if seen == receiver.span else "writes its pid here"
        yield Note(seen, f'"{receiver.name}" {writes if by_file else "runs it"}')


def _rotated(container: ContainerView, pod: PodView) -> PlacedEffect | Rotation | None:
    """A log that is renamed, so that its writer was to open it again."""
    others = pod.others(container)
    for taken in takings(container, pod):
        if live_writer(taken, others) is not None:
            return taken
    for rotation in rotations(pod):
        if (
            rotation.rotator is container
            and rotation.section.renames
            and any(
                is_live(write) and rotation.certainly_takes(write.place)
                for other in others
                for write in other.effects
            )
        ):
            return rotation
    return None
