"""Redirections: which file a descriptor is connected to, and how long it is kept open."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from podlint.shell.effects import Action, Duration, Hold, Output, Repeats
from podlint.shell.printing import joined
from podlint.shell.state import Flow, Sink, State
from podlint.shell.syntax import Redirect, Redirected

if TYPE_CHECKING:
    from podlint.shell.interpreter import Interpreter

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


class Redirections:
    """Opens files for one interpreter and settles how long they stay open."""

    def __init__(self, interpreter: Interpreter) -> None:
        self._interpreter = interpreter

    def around(self, command: Redirected, state: State) -> Flow:
        """A compound command inside its redirections."""
        before = dict(state.sinks)
        opened = self.open(command.redirects, state, "")
        flow = self._interpreter.execute(command.body, state)
        self.close(before, state)
        self.settle(opened, flow.duration, state)
        return replace(flow, open=(*flow.open, *opened))

    def close(self, before: dict[int, Sink], state: State) -> None:
        """Go back to the descriptors from before; what went into a new file is now known."""
        sink = state.sinks.get(1)
        if sink is not None and sink is not before.get(1) and sink.path is not None:
            printed = sink.captured
            content = None if printed is None else joined(printed)
            if not self._interpreter.written.put(sink.path, content, state):
                at = self._interpreter.effects[sink.effects[0]] if sink.effects else None
                if at is not None and at.repeats is not Repeats.ONCE:
                    self._interpreter.doubt(f"{sink.path} is run and written anew", at.text, at.start, at.end)
        state.sinks = before

    def open(self, redirects: tuple[Redirect, ...], state: State, program: str) -> tuple[int, ...]:
        """Do some redirections in order; the indices of the effects that they are."""
        opened: list[int] = []
        sure = state.sure
        if len(redirects) > MAX_REDIRECTS:
            last = redirects[-1]
            self._interpreter.doubt("too many redirections", self._interpreter.text, last.start, last.end)
        for redirect in redirects[:MAX_REDIRECTS]:
            index = self._one(redirect, state, program)
            if index is not None:
                opened.append(index)
                # Where a file to read from is missing, what follows is not opened.
                state.sure = state.sure and self._interpreter.effects[index].action is not Action.READ
        state.sure = sure
        return tuple(opened)

    def _one(self, redirect: Redirect, state: State, program: str) -> int | None:
        operator, target = redirect.operator, redirect.target
        reads = operator.startswith("<")
        number = redirect.descriptor if redirect.descriptor is not None else (0 if reads else 1)
        if operator.endswith("-") or target is None:
            state.sinks[number] = Sink(Output.UNKNOWN)
            return None
        if operator in ("<<", "<<-"):
            fed = self._interpreter.expander(state).field(target)
            state.sinks[number] = Sink(Output.FILE, heredoc=target, fed=fed)
            return None
        if operator == "<<<":
            fed = self._interpreter.expander(state).field(target)
            state.sinks[number] = Sink(Output.FILE, fed=fed)
            return None
        field = self._interpreter.expander(state).field(target)
        whole = field.value.literal
        if operator in (">&", "<&"):
            if whole is not None and whole.rstrip("-").isdigit():
                state.sinks[number] = state.sinks.get(int(whole.rstrip("-")[:4]), Sink(Output.UNKNOWN))
                return None
            if whole == "-" or operator == "<&":
                state.sinks[number] = Sink(Output.UNKNOWN)
                return None
        path = state.path(field.value)
        at = (self._interpreter.text, redirect.start, redirect.end)
        action = _ACTIONS.get(operator, Action.WRITE)
        before = self._interpreter.written.content(path, state) if operator == ">>" else None
        index = self._interpreter.record(action, path, state, at, by=operator, program=program)
        output = Output.CONTAINER if path.literal in _STANDARD else Output.FILE
        sink = Sink(output, path, effects=(index,))
        if operator in (">", ">|") or before is not None:
            sink.captured = [before] if before is not None else []
        state.sinks[number] = sink
        if operator in ("&>", "&>>", ">&"):
            state.sinks[2] = sink
        return index

    def settle(self, opened: tuple[int, ...], duration: Duration, state: State) -> None:
        """Say how long the descriptors of some effects are kept, now that it is known how long their
        command runs."""
        effects = self._interpreter.effects
        for index in opened:
            if index >= len(effects):
                continue
            if duration is Duration.ENDLESS:
                hold = Hold.HELD
            elif state.repeats is not Repeats.ONCE:
                hold = Hold.REOPENED
            else:
                hold = Hold.UNKNOWN if duration is Duration.UNKNOWN else Hold.BRIEF
            if effects[index].hold is not Hold.HELD:
                effects[index] = replace(effects[index], hold=hold)

    def keep(self, opened: tuple[int, ...]) -> None:
        """`exec >> f`: the shell itself keeps the descriptor; how long is settled when its script is at its
        end."""
        for index in opened:
            self._interpreter.effects[index] = replace(
                self._interpreter.effects[index], by="exec " + self._interpreter.effects[index].by
            )

    def settle_held(self, first: int, duration: Duration) -> None:
        """Settle what `exec` has opened since the effect `first`."""
        effects = self._interpreter.effects
        for index in range(first, len(effects)):
            if effects[index].by.startswith("exec ") and effects[index].hold is Hold.BRIEF:
                hold = {Duration.ENDLESS: Hold.HELD, Duration.UNKNOWN: Hold.UNKNOWN}.get(duration, Hold.BRIEF)
                effects[index] = replace(effects[index], hold=hold)


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
