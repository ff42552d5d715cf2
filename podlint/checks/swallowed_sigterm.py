"""swallowed-sigterm: process 1 is a shell that neither ends by SIGTERM nor passes it on."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from podlint.checks._sleeping import sleeping_time
from podlint.knowledge.command import Command as Known
from podlint.knowledge.knowledge import Knowledge
from podlint.manifest.model import Pod
from podlint.manifest.workloads import JOBS, SPEC_PATHS
from podlint.shell.endpoints import Pid1, Trap
from podlint.shell.grammar import parse
from podlint.shell.syntax import (
    AndOr,
    Case,
    Command,
    For,
    Function,
    If,
    LiteralPart,
    Pipeline,
    Redirected,
    Sequence,
    SimpleCommand,
    While,
)
from podlint.shell.traversal import command_names, literal_word
from podlint.source.text import Text
from podlint.vocabulary import (
    Call,
    Claim,
    ContainerView,
    Duration,
    Note,
    PodView,
    Problem,
    Process,
    Repeats,
    Span,
    rule,
)

_SHORT = 5
"""Seconds of grace after which nobody minds SIGKILL."""
_ENDING = frozenset({"HUP", "TERM", "USR1", "USR2"})
"""Signals for which bash has handlers of its own with a trap of EXIT: measured with bash 5.2 as process 1."""


class _Stay(Struct, frozen=True):
    """Why a container stays when it is told to end: in front of `program`, or ("") for its own `span`."""

    span: Span
    program: str
    reason: str
    trap: Trap | None = None
    waits_for: str = ""
    """What it waits for that has no handler, in short: `tail …`, `tail … | cat`; "" for what has no name."""
    piped: str = ""
    """The program in front of a pipe, in short: `server … | cat`; "" where there is none."""


@rule
def check(pod: PodView) -> Iterator[Problem]:
    """Report containers that run until they are stopped, and cannot be stopped but by SIGKILL."""
    spec = pod.spec
    if spec.share_process_namespace or spec.host_pid or spec.grace < 2 or _runs_once(spec):
        return
    for container in pod.running:
        main = container.main
        first = main.first
        if first is None or first.script is None or first.init:
            continue
        if first.is_shell is False and len(main.pid1) > 1:
            # Nobody knows which of several programs it is.
            continue
        if _may_have_an_init(container) or not _lasts(main, spec) or _stopped_by_hook(container):
            continue
        if _is_unread_script(first, first.script, main, pod.knowledge):
            continue
        stay = _stay(first, first.script, _stop_signal(container), main, pod.knowledge)
        if stay is not None:
            yield _problem(stay, first, container, spec.grace, _stop_signal(container))


def _runs_once(pod: Pod) -> bool:
    """Whether its containers come to their end by themselves, so that hardly anybody stops them."""
    return pod.kind in JOBS or (pod.kind not in SPEC_PATHS and pod.restart_policy in ("OnFailure", "Never"))


def _may_have_an_init(container: ContainerView) -> bool:
    """Whether an entrypoint that only the image knows comes first."""
    image = container.image
    return container.spec.command is None and not (image is not None and image.official and image.plain)


def _lasts(main: Process, pod: Pod) -> bool:
    """Whether a process is still there when the grace is over: for ever, or asleep for longer, or an unknown
    program that is to be restarted when it ends."""
    if main.duration is Duration.UNKNOWN:
        return pod.restart_policy == "Always"
    in_loop = any(call.name == "sleep" and call.repeats is not Repeats.ONCE for call in main.calls)
    return main.duration is Duration.ENDLESS or in_loop or sleeping_time(main) > pod.grace


def _stopped_by_hook(container: ContainerView) -> bool:
    """Whether a preStop hook may end it before the signal comes."""
    return any(
        process.kind == "preStop" and (process.signals or not process.understood)
        for process in container.processes
    )


def _stop_signal(container: ContainerView) -> str:
    image = container.image
    known = image.stop_signal if image is not None and image.official else "TERM"
    return container.spec.stop_signal or known


def _is_unread_script(first: Pid1, script: Text, main: Process, knowledge: Knowledge) -> bool:
    """Whether its last command is a shell with a script that nobody has read, which may handle signals and
    may not: no `exec` before it says which."""
    tree = parse(script.value)
    last = _last_of(tree) if tree.commands else None
    if not isinstance(last, SimpleCommand):
        return False
    names = [_name_of(last)]
    if names == ["exec"] and first.is_shell:
        names.append(first.program)
    if not knowledge.command(names[-1]).has("shell"):
        return False
    words = [literal_word(word) for word in last.words]
    return "-c" not in words and not any(call.text.value != script.value for call in main.calls[-1:])


def _stay(first: Pid1, script: Text, signal: str, main: Process, knowledge: Knowledge) -> _Stay | None:
    tree = parse(script.value)
    if not tree.commands or signal == "KILL":
        return None
    last = _last_of(tree)
    name = _name_of(last)
    if name.startswith("-"):
        # An option on a line of its own (option-as-command): the script ends with an error.
        return None
    inside = _program_inside(last, script, main)
    ignores = knowledge.command(name).has("ignores-term")
    if ignores and len(tree.commands) == 1 and tree.commands[0] is last:
        # Whoever writes a single `sleep` for a command needs no advice.
        return None
    if first.is_shell is False:
        stays = knowledge.command(first.program).has("ignores-term") and first.trapped(signal) is None
        reason = f'process 1 becomes "{first.program}", which has no handler for it'
        return _Stay(_whole(last, script), "", reason, waits_for=f"{first.program} …") if stays else None
    functions = {node.name for node in tree.commands if isinstance(node, Function)}
    program = name if _is_program(knowledge.command(name)) and name not in functions else ""
    span = _whole(last, script) if program or ignores else _body(tree, script)
    if inside is not None:
        program, span = inside.name, inside.span
    waits_for = f"{name} …" if ignores else _of_pipe(last, knowledge)
    trap = _trap_of(first, signal)
    if trap is None and signal in _ENDING and _ends_for_exit_trap(first):
        return None
    if trap is None or trap.action == "-":
        reason = f'process 1 is "{first.program}" without a trap'
        return _Stay(span, program, reason, waits_for=waits_for, piped=_before_pipe(last, knowledge))
    if trap.action == "":
        return None
    called = [knowledge.command(name) for name in command_names(parse(trap.action))]
    if all(command.has("passive") for command in called) and name != "wait":
        # A trapped signal ends `wait`, and a script that ends there has come to its end.
        return _Stay(span, program, "the trap of process 1 does not end it", trap)
    ends = any(command.has("leaves") or command.has("signals") for command in called)
    if ends and not first.waits and (program or ignores) and trap.certain:
        return _Stay(span, program, f'its trap has to wait until "{name}" ends', trap)
    return None


def _trap_of(first: Pid1, signal: str) -> Trap | None:
    """The last trap of a signal. What may take it back does so in its own handler, when it has run."""
    kept = (trap for trap in reversed(first.traps) if trap.signal == signal)
    return next((trap for trap in kept if trap.certain or trap.action != "-"), None)


def _ends_for_exit_trap(first: Pid1) -> bool:
    """Whether it may be a bash that was given something to do at its end: from then on it has handlers of its
    own, and a signal ends it at once, also in front of another command. In dash and ash there are none."""
    handles = first.dialect not in ("dash", "ash")
    return handles and any(trap.signal == "EXIT" and trap.action != "" for trap in first.traps)


def _program_inside(last: Command, script: Text, main: Process) -> Call | None:
    """The one unknown program that runs in the branches a script ends with."""
    if not isinstance(last, Case | If):
        return None
    calls = [call for call in main.calls if call.text.value == script.value and not call.known]
    inside = [call for call in calls if last.start <= call.start and call.end <= last.end]
    return inside[0] if len(inside) == 1 else None


def _is_program(command: Known) -> bool:
    """Whether it is a program that may get a signal to end, and no part of the shell or of its script."""
    if command.has("builtin"):
        return False
    return not command.known or command.script == "-c" or command.has("handles-term")


def _last_of(tree: Sequence) -> Command:
    last = tree.commands[-1]
    while isinstance(last, AndOr | Redirected):
        last = last.right if isinstance(last, AndOr) else last.body
    return last


def _name_of(command: Command) -> str:
    if not isinstance(command, SimpleCommand) or not command.words:
        return ""
    parts = [part.value if isinstance(part, LiteralPart) else "" for part in command.words[0].parts]
    return "".join(parts).rpartition("/")[2]


def _before_pipe(command: Command, knowledge: Knowledge) -> str:
    """A pipeline that begins with a program which a signal may end, in short, "" for another command."""
    names = [_name_of(one) for one in command.commands] if isinstance(command, Pipeline) else []
    if not all(names) or not names or not _is_program(knowledge.command(names[0])):
        return ""
    return f"{names[0]} … | {names[1]}"


def _of_pipe(command: Command, knowledge: Knowledge) -> str:
    """A pipeline of known programs in short, "" for another command."""
    names = [_name_of(one) for one in command.commands] if isinstance(command, Pipeline) else []
    if not names or not all(knowledge.command(name).known for name in names):
        return ""
    return f"{names[0]} … | {names[-1]}"


def _whole(command: Command, script: Text) -> Span:
    """A command without its redirections."""
    words = command.words if isinstance(command, SimpleCommand) else ()
    return script.span(command.start, words[-1].end if words else command.end)


def _body(tree: Sequence, script: Text) -> Span:
    """The first line of the loop that a script is for, else that of the script."""
    first = next((one for one in tree.commands if isinstance(one, While | For)), tree.commands[0])
    line = script.value.find("\n", first.start, first.end)
    return script.span(first.start, first.end if line < 0 else line)


def _problem(stay: _Stay, first: Pid1, container: ContainerView, grace: int, signal: str) -> Problem:
    name, program = container.name, stay.program
    if program and first.is_shell:
        message = f'program "{program}" of "{name}" never gets SIGTERM: {stay.reason}'
        outcome = f'each stop takes {grace} s, and then SIGKILL ends "{program}" in the middle of its work'
    elif program:
        message = f'program "{program}" of "{name}" may not get SIGTERM: process 1 is a shell'
        outcome = (
            f'if the shell stays process 1, each stop takes {grace} s, and then SIGKILL ends "{program}"'
        )
    else:
        message = f'"{name}" ignores SIGTERM: {stay.reason}'
        outcome = f"each stop takes {grace} s and ends in SIGKILL"
    return Problem(
        message,
        Note(stay.span, "SIGTERM does not end this"),
        outcome=outcome,
        notes=(Note(stay.trap, "this trap"),) if stay.trap is not None else (),
        help=_help(stay),
        container=container,
        certain=bool(program and first.is_shell) and grace > _SHORT,
        yields_to=(Claim("bashism-in-sh", (container, "trap", signal)), *_unread(first, container)),
    )


def _unread(first: Pid1, container: ContainerView) -> tuple[Claim, ...]:
    """A script that its shell does not read to the end has another mistake."""
    return () if first.script is None else (Claim("script-syntax", (container, first.script.span())),)


def _help(stay: _Stay) -> str:
    if stay.program:
        return f'put `exec` before "{stay.program}", so that it becomes process 1 and gets the signal'
    if stay.piped:
        program, _, reader = stay.piped.partition(" | ")
        alone, piped = f"`exec {program}` without the pipe", f"`exec {program} > >({reader} …)`"
        return f"let the program be process 1: {alone}, or in bash {piped}"
    waiting = stay.waits_for if stay.waits_for not in ("", "sleep …") else "sleep 60"
    return f"begin with `trap 'exit 0' TERM`, and wait with `{waiting} & wait $!`, which a trap interrupts"
