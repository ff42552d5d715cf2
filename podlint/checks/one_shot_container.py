"""one-shot-container: a container that is to run for ever has a command that comes to its end."""

from __future__ import annotations

from collections.abc import Iterator

from podlint.checks._command_lines import command_lines, shell_line
from podlint.findings import Finding, Label, Severity
from podlint.manifest.model import Role
from podlint.manifest.workloads import SPEC_PATHS
from podlint.regex import late
from podlint.shell.effects import Call, Duration, Repeats
from podlint.shell.grammar import parse
from podlint.shell.outcome import Process
from podlint.shell.syntax import While
from podlint.shell.traversal import walk
from podlint.source.span import Span
from podlint.storage.view import ContainerView, PodView

RULE = "one-shot-container"

_LONG = 600
"""Seconds after which the kubelet's back-off begins anew: who sleeps as long is kept alive on purpose."""
_UNITS = {"": 1, "s": 1, "m": 60, "h": 3600, "d": 86400}
_TIME = late(r"([0-9]{1,12})(?:\.[0-9]*)?([smhd]?)")


def check(view: PodView) -> Iterator[Finding]:
    """Report each container that is restarted for ever because its command ends each time."""
    if view.pod.partial:
        return
    for one in view.concurrent:
        if _is_restarted(one, view) and one.container.argv and not one.container.interactive:
            main = one.processes[0]
            ends = main.understood and main.duration is Duration.BRIEF and not _may_last(main)
            if ends and not _is_told(one):
                yield _finding(main, one, view)


def _is_restarted(one: ContainerView, view: PodView) -> bool:
    """Whether the kubelet restarts it whatever its exit code."""
    container = one.container
    if container.restart_rules:
        return False
    if container.role is Role.SIDECAR:
        return True
    return (container.restart_policy or view.pod.restart_policy) == "Always"


def _is_told(one: ContainerView) -> bool:
    """Whether argv-needs-shell reports why it ends: `sh -c` with no script behind it."""
    shell = shell_line(next(command_lines(one)).program)
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


def _finding(main: Process, one: ContainerView, view: PodView) -> Finding:
    ending = "fails" if main.status is False else "ends"
    after = _after(main)
    sidecar = one.container.role is Role.SIDECAR
    controlled = view.pod.kind in SPEC_PATHS and view.pod.kind != "Pod" and not _sleeps_in_loop(main)
    return Finding(
        rule=RULE,
        severity=Severity.ERROR if controlled or sidecar else Severity.WARNING,
        message=(
            f'"{one.name}" {ending} {after}, and restartPolicy: Always starts it again each time: its state '
            f"is CrashLoopBackOff"
        ),
        primary=Label(_last(main, one).region(), "nothing keeps it running after this"),
        related=(Label(one.container.span.region(), "this container is restarted whenever it ends"),),
        help=(
            "move what is to be done once to an init container, or let the command end in the program that "
            "is to run"
        ),
        pod=view.pod.title,
        container=one.name,
    )


def _sleeps_in_loop(main: Process) -> bool:
    """Whether it sleeps each time round a loop: how long that takes in all is not known."""
    return any(call.name == "sleep" and call.repeats is not Repeats.ONCE for call in main.calls)


def _after(main: Process) -> str:
    if _sleeps_in_loop(main):
        return "when its loop is over"
    seconds = sum(_seconds(call) for call in main.calls if call.name == "sleep")
    return f"after {seconds} s" if seconds else "as soon as it has run"


def _last(main: Process, one: ContainerView) -> Span:
    return main.calls[-1].span if main.calls else one.container.argv[-1].text.span()
