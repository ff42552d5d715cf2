"""one-shot-container: a container that is to run for ever has a command that comes to its end."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import repeat

from podlint.checks._calls import holds
from podlint.checks._command_lines import command_lines, shell_line
from podlint.checks._sleeping import LONG, sleeping_time
from podlint.manifest.workloads import SPEC_PATHS
from podlint.regex import late
from podlint.shell.grammar import parse
from podlint.shell.syntax import While
from podlint.shell.traversal import walk
from podlint.vocabulary import (
    Action,
    Call,
    Claim,
    ContainerView,
    Duration,
    Effect,
    Note,
    PodView,
    Problem,
    Process,
    Repeats,
    Role,
    Span,
    cause_at,
    rule,
)

_BOTTOMLESS = frozenset({"/dev/zero", "/dev/urandom", "/dev/random", "/dev/kmsg", "/proc/kmsg"})
_OWN_LOOP = late(r"\bwhile\b|\bfor ?\( ?;")


@rule
def check(pod: PodView) -> Iterator[Problem]:
    """Report each container that is restarted for ever because its command ends each time."""
    for container in pod.running:
        main = container.main
        if container.is_restarted and container.spec.argv and not container.spec.interactive and _ends(main):
            yield Problem(
                f'the command of "{container.name}" {_how_it_ends(main)}',
                Note(_last(container), "nothing keeps it running after this"),
                outcome="it is started again and again, and the state of the container is CrashLoopBackOff",
                help=_advice(pod),
                container=container,
                certain=container.spec.role is Role.SIDECAR or _is_soon_restarted(main, pod),
                yields_to=(*_missing_script(container), *_refused_programs(container)),
            )


def _advice(pod: PodView) -> str:
    if pod.spec.kind == "Pod":
        return (
            "write restartPolicy: Never where it is to run once, or let the command end "
            "in the program that is to run"
        )
    return (
        "move what is to be done once to an init container, or let the command end "
        "in the program that is to run"
    )


def _ends(main: Process) -> bool:
    """Whether it certainly ends soon: it does not sleep for long, and has no loop that may go on for ever."""
    if not _is_followed(main) or main.duration is not Duration.BRIEF or sleeping_time(main) >= LONG:
        return False
    if any(map(_is_bottomless, repeat(main), main.effects)) or any(map(_may_wait, main.calls)):
        return False
    scripts = {call.text.value for call in main.calls}
    return not any(isinstance(node, While) for script in scripts for node in walk(parse(script)))


def _is_followed(main: Process) -> bool:
    """Whether everything is known of what it does itself. What runs in the background ends with it, where
    nobody waits for that."""
    if main.opaque or main.doubts:
        return False
    own = [call for call in main.calls if not call.job]
    waiting = (call for call in own if call.command.has("joins-job") or call.command.has("waits-for-jobs"))
    waits = _leaves_jobs(main) and any(waiting)
    return not waits and all(call.known for call in own)


def _leaves_jobs(main: Process) -> bool:
    """Whether something may still run in the background when it has done its own work."""
    return any(job.lasts is not Duration.BRIEF for job in main.jobs)


def _is_bottomless(main: Process, effect: Effect) -> bool:
    """Whether a command reads a device to its end, which never comes; `head` takes but a part of it."""
    if effect.action is not Action.READ or effect.path.literal not in _BOTTOMLESS:
        return False
    for call in main.calls:
        if call.name == effect.program and holds(call, effect):
            further = call.into if isinstance(call.into, tuple) else ()
            words = [field.value.prefix for field in call.fields]
            bounded = any(word.startswith(("count=", "of=")) and word != "of=/dev/null" for word in words)
            return not bounded and "head" not in (call.name, *further)
    return True


def _may_wait(call: Call) -> bool:
    """Whether a command makes a pipe, whose reader waits for a writer, or has a loop in a language of its
    own."""
    if call.command.has("makes-pipes"):
        return True
    return call.command.has("own-language") and any(
        _OWN_LOOP.search(str(field.value)) for field in call.fields[1:]
    )


def _last(container: ContainerView) -> Span:
    calls = container.main.calls
    return calls[-1].span if calls else container.spec.argv[-1].text.span()


def _is_soon_restarted(main: Process, pod: PodView) -> bool:
    """Whether a controller wants the pod for ever, and its command does not take a time that nobody knows."""
    return pod.spec.kind in SPEC_PATHS and pod.spec.kind != "Pod" and not _sleeps_in_loop(main)


def _missing_script(container: ContainerView) -> Iterator[Claim]:
    """`sh -c` with no script behind it, which is why it ends."""
    shell = shell_line(next(command_lines(container)).program)
    if shell is not None and shell.by_option and shell.script is None:
        yield Claim("argv-needs-shell", cause_at(container, shell.call.fields[-1]))


def _refused_programs(container: ContainerView) -> Iterator[Claim]:
    """A file of a ConfigMap that may not be executed, which is why it fails."""
    if container.main.status is False:
        for effect in container.effects.doing(Action.EXECUTE):
            yield Claim("script-not-executable", cause_at(container, effect))


def _sleeps_in_loop(main: Process) -> bool:
    """Whether it sleeps each time round a loop: how long that takes in all is not known."""
    return any(call.name == "sleep" and call.repeats is not Repeats.ONCE for call in main.calls)


def _how_it_ends(main: Process) -> str:
    ending = "fails" if main.status is False else "ends"
    if _leaves_jobs(main):
        return f"{ending}, and with it what it has started in the background"
    if _sleeps_in_loop(main):
        return f"{ending} when its loop is over"
    seconds = sleeping_time(main)
    if seconds:
        return f"{ending} after {seconds} s"
    return ending if main.status is False else "ends when its work is done"
