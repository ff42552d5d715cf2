"""Redirections: which file a descriptor is connected to, and how long it is kept open."""

from __future__ import annotations

from msgspec.structs import replace

from podlint.digits import number_of
from podlint.shell.effects import Action, Output, Redirection, Repeats
from podlint.shell.evaluator import Evaluator
from podlint.shell.flow import Flow
from podlint.shell.printing import joined
from podlint.shell.state import Sink, State
from podlint.shell.syntax import Redirect, Redirected
from podlint.shell.trace import Trace

_ACTIONS = {
    ">": Action.REPLACE,
    ">|": Action.REPLACE,
    "&>": Action.REPLACE,
    ">&": Action.REPLACE,
    ">>": Action.APPEND,
    "&>>": Action.APPEND,
    "<": Action.READ,
    "<>": Action.WRITE,
}


MAX_REDIRECTS = 256
"""Redirections of one command that are followed."""


def around(shell: Evaluator, command: Redirected, state: State) -> Flow:
    """A compound command inside its redirections."""
    before = dict(state.sinks)
    opened = open_files(shell, command.redirects, state, "")
    flow = shell.execute(command.body, state)
    close(shell.trace, before, state)
    shell.trace.settle(opened, flow.duration, state.repeats)
    return replace(flow, open=(*flow.open, *opened))


def close(trace: Trace, before: dict[int, Sink], state: State) -> None:
    """Go back to the descriptors from before; what went into a new file is now known."""
    sink = state.sinks.get(1)
    if sink is not None and sink is not before.get(1) and sink.path is not None:
        printed = sink.captured
        content = None if printed is None else joined(printed)
        if not trace.written.put(sink.path, content, state):
            at = trace.effects[sink.effects[0]] if sink.effects else None
            if at is not None and at.repeats is not Repeats.ONCE:
                trace.doubt(f"{sink.path} is run and written anew", at.text, at.start, at.end)
    state.sinks = before


def open_files(
    shell: Evaluator, redirects: tuple[Redirect, ...], state: State, program: str
) -> tuple[int, ...]:
    """Do some redirections in order; the indices of the effects that they are."""
    opened: list[int] = []
    sure = state.sure
    if len(redirects) > MAX_REDIRECTS:
        last = redirects[-1]
        shell.trace.doubt("too many redirections", shell.text, last.start, last.end)
    for redirect in redirects[:MAX_REDIRECTS]:
        index = _one(shell, redirect, state, program)
        if index is not None:
            opened.append(index)
            # Where a file to read from is missing, what follows is not opened.
            state.sure = state.sure and shell.trace.effects[index].action is not Action.READ
    state.sure = sure
    return tuple(opened)


def _one(shell: Evaluator, redirect: Redirect, state: State, program: str) -> int | None:
    operator, target = redirect.operator, redirect.target
    reads = operator.startswith("<")
    number = redirect.descriptor if redirect.descriptor is not None else (0 if reads else 1)
    if operator.endswith("-") or target is None:
        state.sinks[number] = Sink(Output.UNKNOWN)
        return None
    if operator in ("<<", "<<-"):
        fed = shell.expander(state).field(target)
        state.sinks[number] = Sink(Output.FILE, heredoc=target, fed=fed)
        return None
    if operator == "<<<":
        fed = shell.expander(state).field(target)
        state.sinks[number] = Sink(Output.FILE, fed=fed)
        return None
    field = shell.expander(state).field(target)
    whole = field.value.literal
    if operator in (">&", "<&"):
        source = None if whole is None else number_of(whole.rstrip("-"))
        if source is not None:
            state.sinks[number] = state.sinks.get(source, Sink(Output.UNKNOWN))
            return None
        if whole == "-" or operator == "<&":
            state.sinks[number] = Sink(Output.UNKNOWN)
            return None
    path = state.path(field.value)
    at = (shell.text, redirect.start, redirect.end)
    action = _ACTIONS.get(operator, Action.WRITE)
    if state.noclobber and operator == ">":
        action = Action.WRITE
    before = shell.trace.written.content(path, state) if operator == ">>" else None
    index = shell.trace.record(action, path, state, at, made_by=Redirection(operator), program=program)
    output = Output.CONTAINER if path.literal in _STANDARD else Output.FILE
    sink = Sink(output, path, effects=(index,))
    if operator in (">", ">|") or before is not None:
        sink.captured = [before] if before is not None else []
    state.sinks[number] = sink
    if operator in ("&>", "&>>", ">&"):
        state.sinks[2] = sink
    return index


_STANDARD = (
    "/dev/stdout",
    "/dev/stderr",
    "/dev/fd/1",
    "/dev/fd/2",
    "/proc/self/fd/1",
    "/proc/self/fd/2",
    "/proc/1/fd/1",
    "/proc/1/fd/2",
)
