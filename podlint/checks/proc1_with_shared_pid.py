"""proc1-with-shared-pid: process 1 is taken for the container's own where it is the pod's pause process."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from podlint.checks._calls import call_of
from podlint.findings import Finding, Label, Severity
from podlint.regex import late
from podlint.shell.contacts import Recipient
from podlint.shell.effects import Action, Effect, Output
from podlint.source.span import Span
from podlint.storage.view import ContainerView, Placed, PodView

RULE = "proc1-with-shared-pid"

_STREAM = late(r"/proc/1/fd/[12]")
_MORE = 5


def check(view: PodView) -> Iterator[Finding]:
    """Report output to `/proc/1/fd/…`, once for each container, and each signal to process 1."""
    if view.pod.partial or not view.pod.share_process_namespace:
        return
    for one in view.containers:
        yield from _outputs(one, view)
        yield from _crontabs(one, view)
        yield from _signals(one, view)


def _outputs(one: ContainerView, view: PodView) -> Iterator[Finding]:
    """Redirections, and links that stand for a log file."""
    found = {_where(placed): placed for placed in one.effects if _stream_of(placed.effect)}
    if not found:
        return
    (span, placed), *others = found.items()
    effect, path = placed.effect, _stream_of(placed.effect)
    message = (
        f'in "{one.name}" what is written to "{_written(placed)}" goes to "{path}", the output of "pause": '
        f"nothing of it is in any log"
        if effect.action is Action.SYMLINK
        else f'"{one.name}" writes to "{path}", the output of "pause": nothing of it is in any log'
    )
    finding = _lost(one, view, span, message, Severity.ERROR)
    more = tuple(Label(where.region(), "and here") for where, _ in others[:_MORE])
    yield replace(finding, related=(*finding.related, *more))


def _written(placed: Placed) -> str:
    """The path that people know: `ln -sf` makes its link under another name first."""
    call = call_of(placed)
    return str(call.fields[-1].value if call is not None else placed.effect.path)


def _where(placed: Placed) -> Span:
    """The words that name the stream."""
    call = call_of(placed)
    if call is not None:
        for field in call.fields[1:]:
            if field.value.literal and _STREAM.fullmatch(field.value.literal):
                return field.span
    return placed.effect.span


def _stream_of(effect: Effect) -> str:
    """The stream of process 1 that an effect leads to, or ""."""
    links = effect.action is Action.SYMLINK
    target = effect.to if links else effect.path
    path = target.literal if target is not None else None
    return path if path is not None and (links or effect.action.writes) and _STREAM.fullmatch(path) else ""


def _crontabs(one: ContainerView, view: PodView) -> Iterator[Finding]:
    """Lines printed into a file that somebody will run: `echo "* * * * * job > /proc/1/fd/1" > crontab`."""
    for _, call in one.calls:
        if call.name not in ("echo", "printf") or call.output is not Output.FILE:
            continue
        for field in call.fields[1:]:
            found = _STREAM.search(str(field.value))
            if found:
                message = (
                    f'"{one.name}" writes a command into "{call.into}" that prints to "{found[0]}", the '
                    f'output of "pause": nothing of it is in any log'
                )
                yield _lost(one, view, field.span, message, Severity.WARNING)


def _lost(one: ContainerView, view: PodView, span: Span, message: str, severity: Severity) -> Finding:
    advice = "print to /proc/self/fd/1 or /dev/stdout in the main process, or `exec` the program itself"
    return _finding(
        one, view, Label(span.region(), "process 1 is the pause process"), message, advice, severity
    )


def _signals(one: ContainerView, view: PodView) -> Iterator[Finding]:
    for signal in (signal for process in one.processes for signal in process.signals):
        if signal.recipient is not Recipient.PID or signal.target.literal != "1" or signal.signal == "0":
            continue
        shown = f"SIG{signal.signal}" if signal.signal else "a signal"
        outcome = (
            "where that is allowed, the whole pod ends"
            if signal.signal in ("TERM", "INT")
            else "no process of a container gets it"
        )
        message = f'"{one.name}" sends {shown} to process 1, which is "pause" here: {outcome}'
        advice = "name the process (`pkill -HUP -x nginx`), or read its pid from a file on a shared volume"
        label = Label(signal.span.region(), "process 1 is the pause process")
        yield _finding(one, view, label, message, advice, Severity.ERROR)


def _finding(
    one: ContainerView, view: PodView, label: Label, message: str, advice: str, severity: Severity
) -> Finding:
    return Finding(
        rule=RULE,
        severity=severity,
        message=message,
        primary=label,
        related=(Label(view.pod.span.region(), "this pod sets shareProcessNamespace: true"),),
        help=advice,
        pod=view.pod.title,
        container=one.name,
    )
