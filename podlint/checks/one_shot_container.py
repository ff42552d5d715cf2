"""one-shot-container: a container that is to run for ever has a command that comes to its end."""

from __future__ import annotations

from collections.abc import Iterator

from podlint.checks._command_lines import command_lines, shell_line
from podlint.manifest.model import Role
from podlint.manifest.workloads import SPEC_PATHS
from podlint.regex import late
from podlint.shell.effects import Call, Duration, Repeats
from podlint.shell.grammar import parse
from podlint.shell.process import Process
from podlint.shell.syntax import While
from podlint.shell.traversal import walk
from podlint.source.span import Span
from podlint.storage.view import ContainerView, PodView
from podlint.vocabulary import Note, Problem, rule

_LONG = 600
"""Seconds after which the kubelet's back-off begins anew: who sleeps as long is kept alive on purpose."""
_UNITS = {"": 1, "s": 1, "m": 60, "h": 3600, "d": 86400}
_TIME = late(r"([0-9]{1,12})(?:\.[0-9]*)?([smhd]?)")


@rule
def check(pod: PodView) -> Iterator[Problem]:
    """Report each container that is restarted for ever because its command ends each time."""
    for container in pod.running:
        if _is_restarted(container, pod) and container.spec.argv and not container.spec.interactive:
            main = container.main
            ends = main.understood and main.duration is Duration.BRIEF and not _may_last(main)
            if ends and not _is_told(container):
                yield _finding(main, container, pod)


def _is_restarted(one: ContainerView, pod: PodView) -> bool:
    """Whether the kubelet restarts it whatever its exit code."""
    container = one.spec
    if container.restart_rules:
        return False
    if container.role is Role.SIDECAR:
        return True
    return (container.restart_policy or pod.spec.restart_policy) == "Always"


def _is_told(container: ContainerView) -> bool:
    """Whether argv-needs-shell reports why it ends: `sh -c` with no script behind it."""
    shell = shell_line(next(command_lines(container)).program)
    return shell is not None and shell.by_option and shell.script is None


def _may_last(main: Process) -> bool:
    """Whether it sleeps for long, or turns round in a loop of which nobody knows when it ends."""
    if sum(_seconds(call) for call in main.calls if call.name == "sleep") >= _LONG:
        return True
    scripts = {call.text.value for call in main.calls}
    return any(isinstance(node, While) for script in scripts for node in walk(parse(script)))


def _seconds(call: Call) -> int:
    """How long a `sleep` takes; long where that is not known."""
    seconds = 0
    for field in call.fields[1:]:
        found = _TIME.fullmatch(field.value.literal or "")
        if found is None:
            return _LONG
        seconds += int(found[1]) * _UNITS[found[2]]
    return seconds


def _finding(main: Process, container: ContainerView, pod: PodView) -> Problem:
    ending = "fails" if main.status is False else "ends"
    after = _after(main)
    sidecar = container.spec.role is Role.SIDECAR
    controlled = pod.spec.kind in SPEC_PATHS and pod.spec.kind != "Pod" and not _sleeps_in_loop(main)
    return Problem(
        certain=controlled or sidecar,
        message=(
            f'"{container.name}" {ending} {after}, and restartPolicy: Always starts it again each time: its state '
            f"is CrashLoopBackOff"
        ),
        at=Note(_last(main, container), "nothing keeps it running after this"),
        notes=(Note(container.spec.span, "this container is restarted whenever it ends"),),
        help=(
            "move what is to be done once to an init container, or let the command end in the program that "
            "is to run"
        ),
        container=container,
    )


def _sleeps_in_loop(main: Process) -> bool:
    """Whether it sleeps each time round a loop: how long that takes in all is not known."""
    return any(call.name == "sleep" and call.repeats is not Repeats.ONCE for call in main.calls)


def _after(main: Process) -> str:
    if _sleeps_in_loop(main):
        return "when its loop is over"
    seconds = sum(_seconds(call) for call in main.calls if call.name == "sleep")
    return f"after {seconds} s" if seconds else "as soon as it has run"


def _last(main: Process, container: ContainerView) -> Span:
    return main.calls[-1].span if main.calls else container.spec.argv[-1].text.span()
