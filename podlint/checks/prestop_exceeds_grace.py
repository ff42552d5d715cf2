"""prestop-exceeds-grace: a preStop hook that takes all the time in which its container may stop."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from podlint.checks._rejected import rejected
from podlint.checks._sleeping import seconds_of
from podlint.vocabulary import (
    Call,
    ContainerView,
    Duration,
    Note,
    PodView,
    Problem,
    Process,
    Repeats,
    Signal,
    Span,
    rule,
)

_MINIMUM = 2
"""Seconds that a container is always given after SIGTERM (kubelet `minimumGracePeriodInSeconds`)."""


class _Wait(Struct, frozen=True):
    """How long a hook waits at least (None: for ever), and where it does so."""

    seconds: int | None
    span: Span
    certain: bool

    def lasts(self, seconds: int) -> bool:
        """Whether it waits at least so long."""
        return self.seconds is None or self.seconds >= seconds


@rule
def check(pod: PodView) -> Iterator[Problem]:
    """Report hooks that sleep for at least as long as the pod is given to stop."""
    spec = pod.spec
    if not spec.grace_known or spec.grace <= 0 or (spec.grace_span is None and not pod.is_built_in):
        return
    for container in pod.running:
        for pause in container.spec.pauses:
            if pause.kind == "preStop" and pause.seconds >= spec.grace:
                refused = pause.seconds > spec.grace
                outcome = rejected(spec) if refused else ""
                yield _problem(_Wait(pause.seconds, pause.span, certain=True), container, pod, outcome)
        if _has_no_sleep(container):
            continue
        for process in container.processes:
            wait = _wait(process) if process.kind == "preStop" else None
            if wait is not None and wait.lasts(spec.grace):
                yield _problem(wait, container, pod)


def _has_no_sleep(container: ContainerView) -> bool:
    """Whether the image has no programs of that kind, so that a hook fails at once."""
    return container.image is not None and container.image.shell == "none"


def _wait(hook: Process) -> _Wait | None:
    """How long a hook sleeps before it signals anybody: its container may end then, and the hook with it."""
    slept, certain, longest, wrapped = 0, True, (-1, hook.calls[0].span if hook.calls else None), set[Span]()
    signal = next((one for one in hook.signals if one.signal != "0"), None)
    for call in hook.calls:
        if signal is not None and _is_in(call, signal):
            break
        seconds = seconds_of(call) if _surely_sleeps(call) and call.span not in wrapped else None
        if seconds is not None:
            slept += seconds
            longest = max(longest, (seconds, call.span), key=lambda one: one[0])
        certain = certain and call.known
        wrapped.add(call.span)
    else:
        if hook.duration is Duration.ENDLESS and hook.calls:
            return _Wait(None, hook.calls[-1].span, certain)
    span = longest[1]
    return _Wait(slept, span, certain) if slept and span is not None else None


def _is_in(call: Call, signal: Signal) -> bool:
    return signal.text.value == call.text.value and call.start <= signal.start < call.end


def _surely_sleeps(call: Call) -> bool:
    """Whether the hook stays at a call of `sleep`, once: it is in no branch, no loop and not in the
    background."""
    return call.name == "sleep" and call.certain and call.repeats is Repeats.ONCE and not call.job


def _problem(wait: _Wait, container: ContainerView, pod: PodView, outcome: str = "") -> Problem:
    grace, span, name = pod.spec.grace, pod.spec.grace_span, container.name
    longer = wait.lasts(grace + 1)
    if wait.seconds is None:
        message = f'the preStop hook of "{name}" never ends by itself'
    elif longer:
        message = f'the preStop hook of "{name}" sleeps {wait.seconds} s, and the pod has {grace} s to stop'
        message += "" if span is not None else " (the default)"
    else:
        message = f'the preStop hook of "{name}" takes all of the {grace} s that the pod has to stop'
    least = f'set terminationGracePeriodSeconds to {wait.seconds} and what "{name}" needs to end'
    return Problem(
        message,
        Note(wait.span, "never ends" if wait.seconds is None else "waits here"),
        outcome=outcome or f"SIGTERM comes after {grace} s only, and SIGKILL {_MINIMUM} s later",
        notes=(Note(span, "counts from the beginning of the hook"),) if span is not None else (),
        help="let the hook end by itself" if wait.seconds is None else least,
        container=container,
        certain=longer and wait.certain and "terminationGracePeriodSeconds" not in pod.spec.patched,
    )
