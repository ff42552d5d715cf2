"""proc1-with-shared-pid: process 1 is taken for the container's own where it is the pod's pause process."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from podlint.checks._calls import call_of
from podlint.regex import late
from podlint.shell.contacts import Recipient
from podlint.shell.effects import Action, Effect, Output
from podlint.source.span import Span
from podlint.storage.view import ContainerView, PlacedEffect, PodView
from podlint.vocabulary import Note, Problem, rule

_STREAM = late(r"/proc/1/fd/[12]")
_MORE = 5


@rule
def check(pod: PodView) -> Iterator[Problem]:
    """Report output to `/proc/1/fd/…`, once for each container, and each signal to process 1."""
    if not pod.spec.share_process_namespace:
        return
    for container in pod.containers:
        yield from _outputs(container, pod)
        yield from _crontabs(container, pod)
        yield from _signals(container, pod)


def _outputs(container: ContainerView, pod: PodView) -> Iterator[Problem]:
    """Redirections, and links that stand for a log file."""
    found = {_where(placed): placed for placed in container.effects if _stream_of(placed)}
    if not found:
        return
    (span, placed), *others = found.items()
    effect, path = placed, _stream_of(placed)
    message = (
        f'in "{container.name}" what is written to "{_written(placed)}" goes to "{path}", the output of "pause": '
        f"nothing of it is in any log"
        if effect.action is Action.SYMLINK
        else f'"{container.name}" writes to "{path}", the output of "pause": nothing of it is in any log'
    )
    finding = _lost(container, pod, span, message, certain=True)
    more = tuple(Note(where, "and here") for where, _ in others[:_MORE])
    yield replace(finding, notes=(*finding.notes, *more))


def _written(placed: PlacedEffect) -> str:
    """The path that people know: `ln -sf` makes its link under another name first."""
    call = call_of(placed)
    return str(call.fields[-1].value if call is not None else placed.path)


def _where(placed: PlacedEffect) -> Span:
    """The words that name the stream."""
    call = call_of(placed)
    if call is not None:
        for field in call.fields[1:]:
            if field.value.literal and _STREAM.fullmatch(field.value.literal):
                return field.span
    return placed.span


def _stream_of(effect: Effect) -> str:
    """The stream of process 1 that an effect leads to, or ""."""
    links = effect.action is Action.SYMLINK
    target = effect.to if links else effect.path
    path = target.literal if target is not None else None
    return path if path is not None and (links or effect.action.writes) and _STREAM.fullmatch(path) else ""


def _crontabs(container: ContainerView, pod: PodView) -> Iterator[Problem]:
    """Lines printed into a file that somebody will run: `echo "* * * * * job > /proc/1/fd/1" > crontab`."""
    for call in container.calls:
        if call.name not in ("echo", "printf") or call.output is not Output.FILE:
            continue
        for field in call.fields[1:]:
            found = _STREAM.search(str(field.value))
            if found:
                message = (
                    f'"{container.name}" writes a command into "{call.into}" that prints to "{found[0]}", the '
                    f'output of "pause": nothing of it is in any log'
                )
                yield _lost(container, pod, field.span, message, certain=False)


def _lost(container: ContainerView, pod: PodView, span: Span, message: str, *, certain: bool) -> Problem:
    advice = "print to /proc/self/fd/1 or /dev/stdout in the main process, or `exec` the program itself"
    return _finding(
        container, pod, Note(span, "process 1 is the pause process"), message, advice, certain=certain
    )


def _signals(container: ContainerView, pod: PodView) -> Iterator[Problem]:
    for signal in (signal for process in container.processes for signal in process.signals):
        if signal.recipient is not Recipient.PID or signal.target.literal != "1" or signal.signal == "0":
            continue
        shown = f"SIG{signal.signal}" if signal.signal else "a signal"
        outcome = (
            "where that is allowed, the whole pod ends"
            if signal.signal in ("TERM", "INT")
            else "no process of a container gets it"
        )
        message = f'"{container.name}" sends {shown} to process 1, which is "pause" here: {outcome}'
        advice = "name the process (`pkill -HUP -x nginx`), or read its pid from a file on a shared volume"
        label = Note(signal.span, "process 1 is the pause process")
        yield _finding(container, pod, label, message, advice)


def _finding(
    container: ContainerView, pod: PodView, label: Note, message: str, advice: str, *, certain: bool = True
) -> Problem:
    return Problem(
        certain=certain,
        message=message,
        at=label,
        notes=(Note(pod.spec.span, "this pod sets shareProcessNamespace: true"),),
        help=advice,
        container=container,
    )
