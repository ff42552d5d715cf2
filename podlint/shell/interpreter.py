"""The abstract shell: walks a script's syntax tree and writes down what running it would do."""

from __future__ import annotations

import re
from dataclasses import replace

from podlint.shell.effects import UNKNOWN_CHARACTER, Action, Call, Doubt, Duration, Effect, Field, Hold, Output, Repeats
from podlint.shell.expansion import Expander
from podlint.shell.grammar import parse
from podlint.shell.patterns import ANYTHING, Hole, Pattern, concat, from_pieces, hole, join, literal
from podlint.shell.redirection import Redirections
from podlint.shell.simple import SimpleCommands
from podlint.shell.state import Definition, Flow, Sink, State, Surroundings, longest
from podlint.shell.syntax import (
    AndOr,
    Arithmetically,
    Background,
    Case,
    Command,
    For,
    Function,
    Group,
    If,
    Not,
    Pipeline,
    Redirected,
    Sequence,
    Simple,
    Subshell,
    Substitution,
    Test,
    Unparsed,
    While,
    Word,
)
from podlint.shell.traversal import assigned_names, command_names
from podlint.source.text import Piece, Text

MAX_STEPS = 20_000
"""Commands followed in one process; what comes after is a doubt."""
MAX_NESTING = 24
"""Scripts inside scripts, and functions inside functions."""
MAX_TURNS = 64
"""Turns of a `for` loop that are followed one by one."""


class Interpreter:
    """Runs scripts abstractly. One interpreter serves one process; it collects what that process does."""

    def __init__(self, surroundings: Surroundings) -> None:
        self.surroundings = surroundings
        self.effects: list[Effect] = []
        self.calls: list[Call] = []
        self.doubts: list[Doubt] = []
        self.scripts = 0
        self.assigned: set[str] = set()
        self.order = 0
        self._steps = 0
        self._depth = 0
        self._texts: list[Text] = []
        self._trials = 0
        self._simple = SimpleCommands(self)
        self._redirections = Redirections(self)

    @property
    def text(self) -> Text:
        """The script being run."""
        return self._texts[-1]

    def command(self, fields: tuple[Field, ...], state: State) -> Flow:
        """Run an argument vector, as the kubelet does: no shell reads it unless it names one."""
        text = fields[0].text
        self._texts.append(text)
        flow = self._simple.run_fields(fields, state, 0, len(text))
        self._texts.pop()
        self._redirections.settle(flow.open, flow.duration, state)
        return flow

    def script(self, text: Text, state: State) -> Flow:
        """Run a script in a state of its own; its `exit` and `return` end here."""
        if self._depth >= MAX_NESTING:
            self.doubt("scripts nested too deeply", text, 0, len(text))
            return Flow(duration=Duration.UNKNOWN)
        self.scripts += not self._trials
        text = _without_placeholders(text)
        flow = self.run(text, parse(text.value), state)
        if not flow.falls and flow.duration is Duration.BRIEF:
            return flow._replace(falls=True)
        return flow

    def run(self, text: Text, command: Command, state: State) -> Flow:
        """Run a command of a script."""
        self._texts.append(text)
        self._depth += 1
        try:
            first = len(self.effects)
            flow = self.execute(command, state)
            self._redirections.settle_held(first, longest(flow.duration, *state.jobs))
            return flow
        finally:
            self._depth -= 1
            self._texts.pop()

    def call(self, definition: Definition, arguments: tuple[Pattern, ...] | None, state: State) -> Flow:
        """Call a function: positional parameters of its own, the rest of the state shared."""
        if self._depth >= MAX_NESTING:
            self.doubt("calls nested too deeply", definition.text, definition.body.start, definition.body.end)
            return Flow(duration=Duration.UNKNOWN)
        before, outer = state.arguments, state.local
        saved = dict(state.variables)
        state.arguments, state.local = arguments, set()
        flow = self.run(definition.text, definition.body, state)
        for name in state.local:
            if name in saved:
                state.variables[name] = saved[name]
            else:
                state.variables.pop(name, None)
        state.arguments, state.local = before, outer
        # `return` ends the function only; whether the shell went away with `exit` is told by the duration alone.
        return flow._replace(breaks=False)

    def doubt(self, reason: str, text: Text, start: int, end: int) -> None:
        """Write down what could not be understood."""
        if not self._trials:
            self.doubts.append(Doubt(reason, text, start, end))

    def execute(self, command: Command, state: State) -> Flow:
        """Run one command, whatever its kind."""
        self._steps += 1
        if self._steps > MAX_STEPS:
            if self._steps == MAX_STEPS + 1:
                self.doubt("too much to follow", self.text, command.start, command.end)
            return Flow(duration=Duration.UNKNOWN)
        match command:
            case Simple():
                return self._simple.run(command, state)
            case Sequence():
                return self._sequence(command, state)
            case AndOr():
                return self._and_or(command, state)
            case Pipeline():
                return self._pipeline(command, state)
            case While():
                return self._while(command, state)
            case For():
                return self._for(command, state)
            case If():
                return self._if(command, state)
            case Case():
                return self._case(command, state)
            case Redirected():
                return self._redirections.around(command, state)
            case Group():
                return self._sequence(command.body, state)
            case Subshell():
                return self._subshell(command.body, state)
            case Background():
                return self._background(command, state)
            case Not():
                flow = self.execute(command.command, state)
                return flow._replace(status=None if flow.status is None else not flow.status, condition=True)
            case Function():
                state.functions[command.name] = Definition(command.body, self.text)
                return Flow(status=True)
            case Test():
                return self._test(command, state)
            case Arithmetically():
                return self._arithmetic(command, state)
            case Unparsed():
                self.doubt(command.reason, self.text, command.start, command.end)
                return Flow(duration=Duration.UNKNOWN)

    def expander(self, state: State) -> Expander:
        """An expander of words of the current script in this state."""
        return Expander(self.text, state, lambda part: self._substitute(part, state))

    def _substitute(self, part: Substitution, state: State) -> Pattern:
        """Run the body of `$(…)` in a subshell and say what it prints."""
        source = self.text.value[part.start : part.end]
        if part.body is None:
            self.doubt("substitution nested too deeply", self.text, part.start, part.end)
            return hole(source)
        inner = state.copy()
        printed: list[Pattern] = []
        inner.sinks[1] = Sink(Output.CAPTURED, captured=printed)
        if self._depth >= MAX_NESTING:
            return hole(source)
        self._depth += 1
        self.execute(part.body, inner)
        self._depth -= 1
        return _captured(printed, source)

    def _sequence(self, sequence: Sequence, state: State) -> Flow:
        duration, breaks, last = Duration.BRIEF, False, Flow(status=True)
        for command in sequence.commands:
            last = self.execute(command, state)
            duration, breaks = longest(duration, last.duration), breaks or last.breaks
            if not last.falls:
                return Flow(False, breaks, duration, None, False, last.open)
        return Flow(True, breaks, duration, last.status, last.condition, last.open)

    def _subshell(self, body: Sequence, state: State) -> Flow:
        inner = state.copy()
        flow = self._sequence(body, inner)
        ended = flow.falls or flow.duration is not Duration.ENDLESS
        return flow._replace(falls=ended, breaks=False)

    def _background(self, command: Background, state: State) -> Flow:
        inner = state.copy()
        inner.sinks[0] = Sink()
        flow = self.execute(command.command, inner)
        self._redirections.settle(flow.open, flow.duration, inner)
        state.jobs.append(flow.duration)
        return Flow(status=True)

    def _and_or(self, command: AndOr, state: State) -> Flow:
        left = self.execute(command.left, state)
        if not left.falls:
            return left
        goes_on = command.operator == "&&"
        if left.status is not None and left.status != goes_on:
            return left
        sure = state.sure
        if left.status is None and (left.condition or not goes_on):
            state.sure = False
        before = state.copy()
        right = self.execute(command.right, state)
        certain_right = state.sure and sure
        if right.falls and not certain_right:
            state.adopt([before, state.copy()])
        elif not right.falls and left.status is None:
            state.adopt([before])
        # `cmd || exit 1`: who gets past it found cmd in order; `[ -f x ] && exit`: nobody knows.
        state.sure = sure and (right.falls or not goes_on or left.status is not None)
        falls = right.falls or left.status is None
        status = right.status if left.status is not None else (True if left.status is None and right.status is True and not goes_on else None)
        duration = longest(left.duration, right.duration) if right.falls else left.duration
        if not right.falls and right.duration is Duration.ENDLESS:
            duration = right.duration if left.status is not None else Duration.UNKNOWN
            if not left.condition and goes_on:
                # `prepare && run-for-ever`: the way it is meant to go.
                falls, duration = False, Duration.ENDLESS
        return Flow(falls, left.breaks or right.breaks, duration, status, left.condition, (*left.open, *right.open))

    def _pipeline(self, command: Pipeline, state: State) -> Flow:
        """Run all commands of a pipeline in subshells; each lasts as long as the longest, and reads what comes before."""
        names = [command_names(c) for c in command.commands]
        duration, flows, last = Duration.BRIEF, [], len(command.commands) - 1
        for index, part in enumerate(command.commands):
            inner = state.copy()
            if index:
                inner.sinks[0] = Sink(Output.PIPE, endless=duration is Duration.ENDLESS)
            if index < last:
                downstream = tuple(name for later in names[index + 1 :] for name in later)
                inner.sinks[1] = Sink(Output.PIPE, downstream=downstream)
            flow = self.execute(part, inner)
            flows.append((flow, inner))
            duration = longest(duration, flow.duration)
        for flow, inner in flows:
            self._redirections.settle(flow.open, duration, inner)
        final = flows[-1][0]
        opened = tuple(i for flow, _ in flows for i in flow.open)
        return Flow(duration is not Duration.ENDLESS, False, duration, final.status, final.condition, opened)

    def _test(self, command: Test, state: State) -> Flow:
        expander = self.expander(state)
        for word in command.words:
            expander.value(word)
        status = True if command.text.strip("\"' ") in ("1", "true", "1 = 1", "1 == 1", "1 -eq 1") else None
        return Flow(status=status, condition=True)

    def _arithmetic(self, command: Arithmetically, state: State) -> Flow:
        for name in assigned_names(command):
            self.assign(name, hole("$" + name, slash=False), state)
        inner = command.text.strip("() \t")
        return Flow(status=inner != "0" if inner.isdigit() else None, condition=True)

    def assign(self, name: str, value: Pattern, state: State) -> None:
        """Give a variable a value."""
        self.assigned.add(name)
        state.variables[name] = value

    def _if(self, command: If, state: State) -> Flow:
        sure = state.sure
        ends: list[tuple[Flow, State]] = []
        decided = False
        for condition, body in command.branches:
            asked = self._sequence(condition, state)
            if not asked.falls:
                return asked
            if asked.status is False:
                continue
            inner = state.copy()
            inner.sure = state.sure and asked.status is True
            ends.append((self._sequence(body, inner), inner))
            decided = asked.status is True
            if decided:
                break
            state.sure = False
        if not decided:
            inner = state.copy()
            otherwise = command.otherwise
            ends.append((self._sequence(otherwise, inner) if otherwise else Flow(), inner))
        return self._joined(ends, state, sure)

    def _joined(self, ends: list[tuple[Flow, State]], state: State, sure: bool) -> Flow:
        """What several branches, of which one is taken, come to."""
        passed = [inner for flow, inner in ends if flow.falls]
        breaks = any(flow.breaks for flow, _ in ends)
        duration = longest(*(flow.duration for flow, _ in ends)) if ends else Duration.BRIEF
        if len({flow.duration for flow, _ in ends}) > 1 and duration is Duration.ENDLESS:
            duration = Duration.UNKNOWN
        for _, inner in ends:
            state.jobs += inner.jobs[len(state.jobs) :]
        if not passed:
            return Flow(False, breaks, duration)
        state.adopt(passed)
        state.sure = sure and len(passed) == len(ends) and not breaks
        statuses = {flow.status for flow, _ in ends}
        return Flow(True, breaks, duration, statuses.pop() if len(statuses) == 1 else None)

    def _case(self, command: Case, state: State) -> Flow:
        expander = self.expander(state)
        subject, sure = expander.value(command.subject), state.sure
        known = subject.literal
        ends: list[tuple[Flow, State]] = []
        open_ended = True
        for arm in command.arms:
            patterns = [_case_pattern(expander.value(p)) for p in arm.patterns]
            if known is not None and not any(p.may_be(subject) for p in patterns):
                continue
            everything = any(p.pieces == (ANYTHING,) for p in patterns)
            exact = known is not None and any(p.literal == known for p in patterns)
            inner = state.copy()
            inner.sure = sure and (exact or (everything and not ends))
            ends.append((self._sequence(arm.body, inner), inner))
            if exact or everything:
                open_ended = False
                break
        if open_ended:
            ends.append((Flow(), state.copy()))
        return self._joined(ends, state, sure)

    def _for(self, command: For, state: State) -> Flow:
        values: list[Pattern] | None = None
        if command.words is not None:
            values = [f.value for f in self.expander(state).fields(command.words)]
        elif not command.c_style and state.arguments is not None:
            values = list(state.arguments)
        known = values is not None and len(values) <= MAX_TURNS and all(v.literal is not None for v in values)
        sure = state.sure
        if not known:
            each = join_all(values) if values else hole("$" + command.name)
            state.sure = False
            return self._turns(command, state, sure, [each], widen=True)
        assert values is not None
        return self._turns(command, state, sure, values, widen=False) if values else Flow(status=True)

    def _turns(self, command: For, state: State, sure: bool, values: list[Pattern], *, widen: bool) -> Flow:
        """The turns of a `for` loop, one for each value."""
        repeats, duration, before = state.repeats, Duration.BRIEF, state.copy()
        if state.repeats is Repeats.ONCE:
            state.repeats = Repeats.SOME
        for value in values:
            if command.name:
                self.assign(command.name, value, state)
            if widen:
                self._widen(command.body, state)
            flow = self._sequence(command.body, state)
            duration = longest(duration, flow.duration)
            if flow.breaks or not flow.falls:
                state.sure = False
            if not flow.falls and not flow.breaks and not widen:
                state.repeats = repeats
                return Flow(False, False, flow.duration)
            if not flow.falls and flow.duration is Duration.ENDLESS:
                break
        state.repeats, state.sure = repeats, sure
        if widen:
            state.adopt([before, state.copy()])
            state.sure = sure
        return Flow(True, False, duration)

    def _while(self, command: While, state: State) -> Flow:
        sure, repeats, before = state.sure, state.repeats, state.copy()
        reads_endlessly = state.sinks[0].endless
        self._widen(command, state)
        marks = (len(self.effects), len(self.calls))
        if state.repeats is Repeats.ONCE:
            state.repeats = Repeats.SOME
        asked = self._sequence(command.condition, state)
        status = asked.status
        if status is not None and command.negated:
            status = not status
        if not asked.falls:
            return asked
        if status is False:
            state.repeats = repeats
            return Flow(True, False, asked.duration)
        state.sure = sure and status is True
        body = self._sequence(command.body, state)
        endless = status is True and not body.breaks
        state.repeats = repeats
        if endless and (body.falls or body.duration is Duration.ENDLESS):
            self._mark_endless(marks)
            return Flow(False, False, Duration.ENDLESS)
        if endless:
            # The body always ends the shell: one turn at most.
            return Flow(False, False, longest(asked.duration, body.duration))
        if reads_endlessly and asked.condition:
            self._mark_endless(marks)
            return Flow(False, False, Duration.ENDLESS)
        state.adopt([before, state.copy()])
        state.sure = sure
        duration = longest(asked.duration, body.duration)
        if status is True:
            duration = longest(duration, Duration.UNKNOWN)
        elif not asked.duration.value and body.duration is Duration.ENDLESS:
            duration = Duration.UNKNOWN
        return Flow(True, False, duration, condition=asked.condition)

    def _mark_endless(self, marks: tuple[int, int]) -> None:
        """What was written down since the marks happens for ever."""
        for index in range(marks[0], len(self.effects)):
            effect = self.effects[index]
            hold = Hold.REOPENED if effect.hold in (Hold.BRIEF, Hold.UNKNOWN) else effect.hold
            self.effects[index] = replace(effect, repeats=Repeats.FOREVER, hold=hold)
        for index in range(marks[1], len(self.calls)):
            self.calls[index] = replace(self.calls[index], repeats=Repeats.FOREVER)

    def _widen(self, loop: Command, state: State) -> None:
        """Give up what a loop's turns change: after this, the state describes every turn."""
        names = assigned_names(loop)
        changed = [n for n in names if n in state.variables or n == "?cd" or n == "?set"]
        if not changed:
            return
        if self._trials >= 2:
            for name in names:
                state.variables[name] = hole("$" + name)
            return
        after = state.copy()
        marks = (len(self.effects), len(self.calls), self.order)
        self._trials += 1
        self.execute(loop.body if isinstance(loop, While) else loop, after)
        self._trials -= 1
        del self.effects[marks[0] :], self.calls[marks[1] :]
        for name in names & after.variables.keys() & state.variables.keys():
            if after.variables[name] != state.variables[name]:
                joined = join(state.variables[name], after.variables[name])
                state.variables[name] = joined if len(str(joined)) < 200 else hole("$" + name)
        state.directory = join(state.directory, after.directory)
        if state.arguments != after.arguments:
            state.arguments = None

    def record(
        self,
        action: Action,
        path: Pattern,
        state: State,
        at: tuple[Text, int, int],
        *,
        to: Pattern | None = None,
        certain: bool = True,
        by: str = "",
        program: str = "",
        follow: str = "",
        size: str = "",
    ) -> int:
        """Write down an effect; its index, so that how long it is held can be settled later."""
        self.order += 1
        globbed = any(isinstance(p, Hole) and p.name[:1] in "*?[" for p in path.pieces)
        effect = Effect(
            action, path, to, certain and state.sure and not globbed, state.repeats, Hold.BRIEF, by, program, follow, size,
            self.order, *at,
        )  # fmt: skip
        self.effects.append(effect)
        return len(self.effects) - 1

    def word_value(self, word: Word, state: State) -> Pattern:
        """The value of a word in this state."""
        return self.expander(state).value(word)


_PLACEHOLDER = re.compile(r"<[A-Z][A-Z0-9_-]*>")


def _without_placeholders(text: Text) -> Text:
    """`<DB_NAME>` in a manifest waits to be filled in by a person; to the shell it would be two redirections."""
    if "<" not in text.value or not _PLACEHOLDER.search(text.value):
        return text
    masked = _PLACEHOLDER.sub(lambda match: UNKNOWN_CHARACTER * len(match.group()), text.value)
    return text.derive(masked, (Piece(len(masked), 0, len(masked)),))


def join_all(values: list[Pattern]) -> Pattern:
    """A pattern that describes all of some values."""
    joined = values[0]
    for value in values[1:]:
        joined = join(joined, value)
    return joined


def _captured(printed: list[Pattern], source: str) -> Pattern:
    """What `$(…)` stands for, from what was printed inside."""
    if not printed:
        return Pattern()
    value = concat(printed)
    whole = value.literal
    if whole is not None:
        return literal(whole.rstrip("\n"))
    slash = any(isinstance(p, Hole) and p.slash for p in value.pieces)
    empty = all(isinstance(p, Hole) and p.empty for p in value.pieces)
    if any(isinstance(p, str) and p.strip("\n") for p in value.pieces):
        pieces = list(value.pieces)
        if isinstance(pieces[-1], str):
            pieces[-1] = pieces[-1].rstrip("\n")
        return from_pieces(pieces)
    return hole(source, slash=slash, empty=empty)


def _case_pattern(value: Pattern) -> Pattern:
    """A `case` pattern: `*` and `?` stand for anything, slashes too."""
    pieces: list[str | Hole] = []
    for piece in value.pieces:
        if isinstance(piece, Hole):
            pieces.append(ANYTHING)
            continue
        for char in piece:
            pieces.append(ANYTHING if char in "*?[]" else char)
    return from_pieces(pieces)
