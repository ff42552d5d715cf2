"""proc1-with-shared-pid: process 1 is taken for the container's own where it is the pod's pause process."""

from __future__ import annotations

from collections.abc import Iterator

from podlint.checks._calls import call_of
from podlint.regex import late
from podlint.vocabulary import (
    Action,
    ContainerView,
    Effect,
    Note,
    Output,
    PlacedEffect,
    PodView,
    Problem,
    Recipient,
    Span,
    rule,
)

_STREAM = late(r"/proc/1/fd/[12]")
_MORE = 5
_PAUSE = "process 1 is the pause process"
_PRINT = "print to /proc/self/fd/1 or /dev/stdout in the main process, or `exec` the program itself"


@rule
def check(pod: PodView) -> Iterator[Problem]:
    """Report output to `/proc/1/fd/…`, once for each container, and each signal to process 1."""
    if not pod.spec.share_process_namespace:
        return
    shared = Note(pod, "this pod sets shareProcessNamespace: true")
    for container in pod.containers:
        yield from _outputs(container, shared)
        yield from _crontabs(container, shared)
        yield from _signals(container, shared)


def _outputs(container: ContainerView, shared: Note) -> Iterator[Problem]:
    """Redirections, and links that stand for a log file."""
    found = {_where(effect): effect for effect in container.effects if _stream_of(effect)}
    if not found:
        return
    (span, effect), *others = found.items()
    stream, logged = _stream_of(effect), "this output"
    message = f'"{container.name}" writes to "{stream}"'
    if effect.action is Action.SYMLINK:
        logged = f'what is written to "{_linked(effect)}"'
        message = f'"{container.name}" links "{_linked(effect)}" to "{stream}"'
    yield Problem(
        f'{message}, the output of "pause"',
        Note(span, _PAUSE),
        outcome=f"{logged} is in no container's log",
        notes=(shared, *(Note(where, "and here") for where, _ in others[:_MORE])),
        help=_PRINT,
        container=container,
    )


def _linked(effect: PlacedEffect) -> str:
    """The path that people know: `ln -sf` makes its link under another name first."""
    call = call_of(effect)
    return str(call.fields[-1].value if call is not None else effect.path)


def _where(effect: PlacedEffect) -> Span:
    """The words that name the stream."""
    call = call_of(effect)
    for field in call.fields[1:] if call is not None else ():
        if field.value.literal and _STREAM.fullmatch(field.value.literal):
            return field.span
    return effect.span


def _stream_of(effect: Effect) -> str:
    """The stream of process 1 that an effect leads to, or ""."""
    links = effect.action is Action.SYMLINK
    target = effect.to if links else effect.path
    path = target.literal if target is not None else None
    return path if path is not None and (links or effect.action.writes) and _STREAM.fullmatch(path) else ""


def _crontabs(container: ContainerView, shared: Note) -> Iterator[Problem]:
    """Lines printed into a file that somebody will run: `echo "* * * * * job > /proc/1/fd/1" > crontab`."""
    for call in container.calls:
        if not call.command.prints or call.output is not Output.FILE:
            continue
        for field in call.fields[1:]:
            stream = _STREAM.search(str(field.value))
            if stream:
                yield Problem(
                    f'"{container.name}" writes a command that prints to "{stream[0]}" into "{call.into}"',
                    Note(field, _PAUSE),
                    outcome='its output goes to "pause", and is in no container\'s log',
                    notes=(shared,),
                    help=_PRINT,
                    container=container,
                    certain=False,
                )


def _signals(container: ContainerView, shared: Note) -> Iterator[Problem]:
    for signal in container.signals:
        if signal.recipient is not Recipient.PID or signal.target.literal != "1" or signal.signal == "0":
            continue
        shown = f"SIG{signal.signal}" if signal.signal else "a signal"
        ends = signal.signal in ("TERM", "INT")
        yield Problem(
            f'"{container.name}" sends {shown} to process 1, which is "pause" in this pod',
            Note(signal, _PAUSE),
            outcome='where that is allowed, "pause" ends, and with it the whole pod'
            if ends
            else "the signal reaches no process of a container",
            notes=(shared,),
            help="name the process (`pkill -HUP -x nginx`), or read its pid from a file on a shared volume",
            container=container,
        )
