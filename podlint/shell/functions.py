"""Calls of the script's own functions; one that would only repeat an earlier one is not run again."""

from __future__ import annotations

from typing import TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from podlint.shell.effects import Duration, Field
from podlint.shell.evaluator import Evaluator
from podlint.shell.flow import Flow
from podlint.shell.patterns import Pattern
from podlint.shell.printing import captured_by, joined
from podlint.shell.state import Definition, State
from podlint.shell.syntax import Command
from podlint.shell.trace import Mark, Stretch
from podlint.shell.traversal import command_names, read_names

MAX_VISITS = 8
"""Calls of one function that are remembered."""
MAX_CALLED = 100
"""Functions that a function may call, itself or through others, before it is taken to read any variable."""


class Visit(Struct, frozen=True):
    """A call of a function: what it found, and what it left behind. A later call that finds the same does
    the same.

    Of variables it keeps those that can make a difference, and what the call has changed: there may be many,
    and many calls.
    """

    arguments: tuple[Pattern, ...] | None
    before: State
    after: State
    flow: Flow
    reads: frozenset[str] | None
    """The variables that can make a difference; None where any may."""
    found: dict[str, Pattern]
    """The values of these variables before the call."""
    changed: dict[str, Pattern]
    """The variables that the call has set."""
    removed: frozenset[str]
    """The variables that it has unset."""
    trials: int
    """How many trial runs were under way."""
    written: Stretch
    """What the call has written down."""
    printed: list[Field]
    """What it has printed into `$(…)`."""

    def is_again(self, arguments: tuple[Pattern, ...] | None, state: State, trials: int) -> bool:
        """Whether a call with these arguments in this state would only repeat the visit."""
        before = self.before
        return (
            trials == self.trials
            and arguments == self.arguments
            and state.certain == before.certain
            and state.checked == before.checked
            and state.errexit == before.errexit
            and state.repeats is before.repeats
            and bool(state.job) == bool(before.job)
            and state.directory == before.directory
            and state.dialect == before.dialect
            and state.first is before.first
            and state.umask == before.umask
            and state.as_another == before.as_another
            and self.found == _chosen(state.variables, self.reads)
            and state.sinks.keys() == before.sinks.keys()
            and all(sink.is_like(before.sinks[number]) for number, sink in state.sinks.items())
            and state.functions == before.functions
            and _values(state.contents) == _values(before.contents)
        )

    def repeat(self, state: State) -> None:
        """Leave behind in another state what the call left behind."""
        state.variables.update(self.changed)
        for name in self.removed:
            state.variables.pop(name, None)
        state.directory, state.sure, state.alive = self.after.directory, self.after.sure, self.after.alive
        state.umask = self.after.umask
        state.functions.update(self.after.functions)
        state.made |= self.after.made
        state.contents = dict(self.after.contents)
        state.jobs += self.after.jobs[len(self.before.jobs) :]


def _chosen(variables: dict[str, Pattern], names: frozenset[str] | None) -> dict[str, Pattern]:
    """The variables of some names; all of them for None."""
    if names is None:
        return dict(variables)
    return {name: variables[name] for name in names if name in variables}


def _values(contents: dict[str, Field]) -> dict[str, Pattern]:
    return {path: content.value for path, content in contents.items()}


Arguments: TypeAlias = tuple[Pattern, ...] | None
"""Positional parameters; None where they cannot be known."""
Visits: TypeAlias = dict[int, tuple[Command, list[Visit]]]
"""Earlier calls by the identity of the function's body, kept with them so that no other can take it."""


def call(
    shell: Evaluator,
    visited: Visits,
    definition: Definition,
    arguments: tuple[Pattern, ...] | None,
    state: State,
) -> Flow:
    """Call a function: positional parameters of its own, the rest of the state shared."""
    trace, body = shell.trace, definition.body
    if shell.too_deep(definition.text, body):
        return Flow(duration=Duration.UNKNOWN)
    _, visits = visited.setdefault(id(body), (body, []))
    for visit in visits:
        if visit.is_again(arguments, state, trace.trials):
            visit.repeat(state)
            trace.replays.append(visit.written)
            captured_by(state).extend(visit.printed)
            return visit.flow
    before, begin, since = state.copy(), trace.mark(), len(captured_by(state))
    flow = _call(shell, definition, arguments, state)
    if len(visits) < MAX_VISITS:
        visits.append(_visit(shell, definition, arguments, before, state, flow, begin, since))
    return flow


def _visit(
    shell: Evaluator,
    definition: Definition,
    arguments: Arguments,
    before: State,
    after: State,
    flow: Flow,
    begin: Mark,
    since: int,
) -> Visit:
    """The call that began at a mark, when `since` fields had been printed."""
    trace, old, new = shell.trace, before.variables, after.variables
    reads = _names_read(definition, after)
    found = _chosen(old, reads)
    shell.budget.spend(len(found) + (after.size - len(new)) // 2)
    printed = captured_by(before)[since:]
    whole = joined(printed) if len(printed) > 1 else None
    return Visit(
        arguments=arguments,
        before=replace(before, variables={}),
        after=replace(after.copy(), variables={}),
        flow=flow,
        reads=reads,
        found=found,
        changed={name: value for name, value in new.items() if old.get(name) is not value},
        removed=frozenset(old.keys() - new.keys()),
        trials=trace.trials,
        written=Stretch(begin, trace.mark(), tuple(trace.replays[begin.replays :])),
        printed=printed if whole is None else [whole],
    )


def _names_read(definition: Definition, state: State) -> frozenset[str] | None:
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


def _call(shell: Evaluator, definition: Definition, arguments: Arguments, state: State) -> Flow:
    before, outer = state.arguments, state.local
    saved = dict(state.variables)
    state.arguments, state.local, state.succeeded = arguments, set(), None
    sure = state.sure
    flow = shell.run(definition.text, definition.body, state)
    for name in state.local:
        if name in saved:
            state.variables[name] = saved[name]
        else:
            state.variables.pop(name, None)
    state.arguments, state.local = before, outer
    # `return` ends the function and no more.
    state.sure = sure
    after = flow.returned()
    if after.falls_through and not flow.falls_through and not flow.jumps:
        state.alive = False
    return replace(after, breaks=0, jumps=False, errexit_exempt=False)
