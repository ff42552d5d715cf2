"""Calls of the script's own functions; one that would only repeat an earlier one is not run again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from podlint.shell.effects import Duration
from podlint.shell.patterns import Pattern
from podlint.shell.printing import captured_by
from podlint.shell.state import Definition, Flow, State, Visit
from podlint.shell.syntax import Command
from podlint.shell.traversal import command_names, read_names

if TYPE_CHECKING:
    from podlint.shell.interpreter import Interpreter

MAX_VISITS = 8
"""Calls of one function that are remembered."""
MAX_CALLED = 100
"""Functions that a function may call, itself or through others, before it is taken to read any variable."""


class Functions:
    """Calls functions for one interpreter."""

    def __init__(self, interpreter: Interpreter) -> None:
        self._interpreter = interpreter
        # The body is kept with its visits, so that no other can take its identity.
        self._visits: dict[int, tuple[Command, list[Visit]]] = {}

    def call(self, definition: Definition, arguments: tuple[Pattern, ...] | None, state: State) -> Flow:
        """Call a function: positional parameters of its own, the rest of the state shared."""
        inner, body = self._interpreter, definition.body
        if inner.too_deep(definition.text, body):
            return Flow(duration=Duration.UNKNOWN)
        _, visits = self._visits.setdefault(id(body), (body, []))
        for visit in visits:
            if visit.is_again(arguments, state, inner.trials):
                visit.repeat(state)
                inner.echoes += visit.written
                captured_by(state).extend(visit.printed)
                return visit.flow
        found, begin, before = state.copy(), inner.mark(), len(captured_by(state))
        flow = self._call(definition, arguments, state)
        if len(visits) < MAX_VISITS:
            visits.append(
                Visit(
                    arguments,
                    found,
                    state.copy(),
                    flow,
                    self._names_read(definition, state),
                    inner.trials,
                    [(begin, inner.mark()), *inner.echoes[begin.echoes :]],
                    captured_by(found)[before:],
                )
            )
        return flow

    def _names_read(self, definition: Definition, state: State) -> frozenset[str] | None:
        """The variables that a function may read, itself or through those it calls; None: it may read any."""
        names: set[str] = set()
        bodies, seen = [definition.body], {id(definition.body)}
        while bodies:
            if len(seen) > MAX_CALLED:
                return None
            body = bodies.pop()
            called = frozenset(command_names(body))
            if called & {"eval", ".", "source", "?"}:
                return None
            names |= read_names(body)
            for name in called & state.functions.keys():
                inner = state.functions[name].body
                if id(inner) not in seen:
                    seen.add(id(inner))
                    bodies.append(inner)
        return frozenset(names)

    def _call(self, definition: Definition, arguments: tuple[Pattern, ...] | None, state: State) -> Flow:
        before, outer = state.arguments, state.local
        saved = dict(state.variables)
        state.arguments, state.local = arguments, set()
        sure = state.sure
        flow = self._interpreter.run(definition.text, definition.body, state)
        for name in state.local:
            if name in saved:
                state.variables[name] = saved[name]
            else:
                state.variables.pop(name, None)
        state.arguments, state.local = before, outer
        # `return` ends the function and no more.
        state.sure = sure
        after = flow.returned()
        if after.falls and not flow.falls and not flow.leaves:
            state.alive = False
        return replace(after, breaks=0, leaves=False, excused=False)
