"""several-programs: programs in the background of a container, whose end nobody notices."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from podlint.vocabulary import (
    Call,
    ContainerView,
    Duration,
    Note,
    PodView,
    Problem,
    Process,
    Repeats,
    rule,
)

_MADE_OF = frozenset({"", "base", "helper"})
"""Roles of images whose program may do anything."""
_MOST = 5
"""Programs that a finding points at."""


class _Keeper(Struct, frozen=True):
    """What keeps a container running beside its programs in the background."""

    call: Call
    waits: bool
    """It waits until all of them have ended."""


@rule
def check(pod: PodView) -> Iterator[Problem]:
    """Report programs in the background of containers that run on when one of them has ended."""
    for container in pod.running:
        main = container.main
        if not container.is_restarted or not main.jobs or main.doubts or _is_watched(main):
            continue
        programs = list(_programs(main))
        keeper = _keeper(main, programs[-1]) if programs else None
        if keeper is None or (keeper.waits and len(programs) < 2):
            continue
        if keeper.waits or not _is_asked(container):
            yield _problem(programs, keeper, container)


def _programs(main: Process) -> Iterator[Call]:
    """The programs that run for long, or for an unknown time, in the background: no loops and no pipes."""
    by_job: dict[int, list[Call]] = {}
    for call in main.calls:
        by_job.setdefault(call.job, []).append(call)
    for job in main.jobs:
        if not job.certain or job.repeats is not Repeats.ONCE or job.lasts is Duration.BRIEF:
            continue
        calls = by_job.get(job.number, [])
        last = calls[-1] if calls else None
        if last is None or last.name == "?" or not _is_program(last):
            continue
        if all(call.certain and call.repeats is Repeats.ONCE for call in calls):
            yield last


def _is_program(call: Call) -> bool:
    """Whether a command is one that may serve: podlint does not know it, or knows where it listens."""
    return not call.known or call.command.listens is not None


def _is_watched(main: Process) -> bool:
    """Whether the script asks for single jobs, or handles their end."""
    return (
        any(call.command.has("tells-processes") or call.command.has("joins-job") for call in main.calls)
        or any(call.command.has("waits-for-jobs") and len(call.fields) > 1 for call in main.calls)
        or any(signal.signal == "0" for signal in main.signals)
        or any(trap.signal == "CHLD" for one in main.pid1 for trap in one.traps)
    )


def _keeper(main: Process, last_job: Call) -> _Keeper | None:
    """What the script comes to when it has started them; None where it ends, or nobody knows."""
    following = [call for call in main.calls if not call.job and call.order > last_job.order]
    if not following or main.duration is Duration.BRIEF:
        return None
    last = following[-1]
    if last.command.has("waits-for-jobs"):
        return _Keeper(last, waits=True)
    if last.repeats is Repeats.FOREVER or last.command.has("keeps-running") or _is_program(last):
        return _Keeper(last, waits=False)
    return None


def _is_asked(container: ContainerView) -> bool:
    """Whether a livenessProbe may notice."""
    probes = (*container.spec.probes, *container.spec.execs)
    return any(probe.kind == "livenessProbe" for probe in probes)


def _problem(programs: list[Call], keeper: _Keeper, container: ContainerView) -> Problem:
    first, *others = programs
    if others:
        message = f'"{container.name}" runs {len(programs)} programs in the background'
        message += ", and nobody notices when one of them ends"
    else:
        message = f'"{container.name}" runs "{first.name}" in the background, and nobody notices when it ends'
    keeps = "waits until all of them have ended" if keeper.waits else "keeps the container running"
    return Problem(
        message,
        Note(first, "runs in the background"),
        outcome="the container runs on without it, and the kubelet restarts nothing",
        notes=(
            *(Note(other, "so does this") for other in others[: _MOST - 1]),
            Note(keeper.call, keeps),
        ),
        help="give each program a container of its own, or end with the first that ends (`wait -n` of bash)",
        container=container,
        certain=keeper.waits or any(_serves(program, container) for program in programs),
    )


def _serves(program: Call, container: ContainerView) -> bool:
    """Whether a program surely runs until it is stopped."""
    image = container.image
    own = image is not None and image.program == program.name and image.role not in _MADE_OF
    return own or program.command.listens is not None
