"""busy-loop: an endless loop of which no turn waits for anything."""

from __future__ import annotations

from collections.abc import Iterator

from podlint.vocabulary import Duration, Effect, Note, PodView, Problem, Process, Repeats, rule

_READY = frozenset({"/dev/null", "/dev/zero", "/dev/stdout", "/dev/stderr"})
"""Devices that nobody has to wait for."""


@rule
def check(pod: PodView) -> Iterator[Problem]:
    """Report the first command of such a loop."""
    if any(call.command.has("makes-pipes") for container in pod.containers for call in container.calls):
        return
    for container in pod.containers:
        main = container.main
        turns = [call for call in main.calls if call.repeats is Repeats.FOREVER]
        if not turns or not _never_waits(main):
            continue
        # What burns time and does nothing else may be meant to.
        is_idle = all(call.command.has("passive") or call.command.status is False for call in turns)
        yield Problem(
            f'"{container.name}" runs an endless loop that never waits',
            Note(turns[0], "each turn follows at once"),
            outcome="it takes as much of a processor as it gets, for as long as the container runs",
            help="put a `sleep` into the loop" if not is_idle else "to stay there, run `sleep infinity`",
            container=container,
            certain=not is_idle,
        )


def _never_waits(process: Process) -> bool:
    """Whether all that a process does for ever is done at once, and it does nothing else."""
    if process.duration is not Duration.ENDLESS or process.doubts or process.opaque:
        return False
    if any(map(_may_block, process.effects)) or any(call.command.has("signals") for call in process.calls):
        return False
    return all(
        call.known and call.command.has("instant") and not call.command.has("keeps-running")
        for call in process.calls
        if call.repeats is Repeats.FOREVER
    )


def _may_block(effect: Effect) -> bool:
    path = effect.path
    return path.prefix.startswith("/dev/") and path.literal not in _READY
