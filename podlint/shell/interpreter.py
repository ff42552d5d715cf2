"""The abstract shell: walks a script's syntax tree and writes down what running it would do."""

from __future__ import annotations

from msgspec.structs import replace

from podlint.budget import PROCESS
from podlint.digits import is_number
from podlint.regex import late
from podlint.shell import control, functions, redirection, simple
from podlint.shell.arithmetic import holds
from podlint.shell.effects import UNKNOWN_CHARACTER, Duration, Field, Fields, Output
from podlint.shell.endpoints import Pid1
from podlint.shell.expansion import Expander
from podlint.shell.flow import Exit, Flow, longest
from podlint.shell.globs import matches
from podlint.shell.grammar import READING, read_script
from podlint.shell.patterns import Pattern, Zero, hole, literal
from podlint.shell.printing import substituted
from podlint.shell.state import Definition, ExecutionEnvironment, Sink, State
from podlint.shell.syntax import (
    AndOr,
    ArithmeticCommand,
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
    SimpleCommand,
    Subshell,
    Substitution,
    Test,
    Unparsed,
    While,
)
from podlint.shell.trace import MAX_EFFECTS, Trace
from podlint.shell.traversal import changes_of
from podlint.source.text import Text

STEP = 50
"""What following one command costs, in units of `podlint.budget`. The longest real scripts take hundreds of
steps."""
MAX_NESTING = 24
"""Scripts inside scripts, and functions inside functions."""
MAX_DEPTH = 64
"""Commands inside commands, all scripts and functions together."""


class Interpreter:
    """Runs scripts abstractly. One interpreter serves one process, and its trace says what that does."""

    def __init__(self, environment: ExecutionEnvironment) -> None:
        self.environment = environment
        self.budget = environment.budget.part(PROCESS)
        self.trace = Trace(environment.knowledge, self.budget, environment.budget)
        self.substituted = Flow()
        self._visits: functions.Visits = {}
        self._texts: list[Text] = []
        self._depth = 0
        self._inside = 0

    @property
    def text(self) -> Text:
        """The script being run."""
        return self._texts[-1]

    def command(self, fields: Fields, state: State, pid1: Pid1 | None = None) -> Flow:
        """Run an argument vector, as the kubelet does: no shell reads it unless it names one. `pid1` is given
        where it becomes process 1."""
        text = fields[0].text
        self._texts.append(text)
        flow = simple.run_fields(self, fields, state, 0, len(text), pid1)
        self._texts.pop()
        self.end(flow, text, state)
        return flow

    def end(self, flow: Flow, text: Text, state: State) -> None:
        """Settle what is only known at the end of the process, whose script or command `text` is."""
        self.trace.settle(flow.open, flow.duration, state.repeats)
        if self.budget.is_spent:
            self.trace.give_up(text, 0, len(text))

    def script(self, text: Text, state: State, file: Pattern | None = None) -> Flow:
        """Run a script in a shell of its own: its `exit` and `return` end here. `file` is where it stands."""
        self.trace.scripts += not self.trace.trials
        text = _without_placeholders(text)
        self.trace.start_reading(text, state, state.started_by)
        if file is not None:
            state.sources[id(text)] = (text, file)
        tree = self.parse(text)
        if state.first is not None:
            state.first.begin(text, tree)
        flow = self.run(text, tree, state)
        if state.first is not None:
            state.first.replaced = flow.replaced
        return flow.outside()

    def parse(self, text: Text) -> Sequence:
        """The syntax tree of a script; an empty one where nothing more is followed."""
        least = READING * len(text)
        # Before the parser sees it, whose work on one script has bounds of its own.
        if self.budget.is_spent or not self.budget.spend(least):
            return Sequence((), 0, len(text))
        parsed = read_script(text.value)
        self.budget.spend(parsed.cost - least)
        return parsed.tree

    def too_deep(self, text: Text, command: Command) -> bool:
        """Whether scripts and calls are nested so deeply that this one is not followed."""
        deep = self._depth >= MAX_NESTING
        if deep:
            self.trace.doubt("scripts nested too deeply", text, command.start, command.end)
        return deep

    def run(self, text: Text, command: Command, state: State) -> Flow:
        """Run a command of a script."""
        if self.too_deep(text, command):
            return Flow(duration=Duration.UNKNOWN)
        self._texts.append(text)
        self._depth += 1
        try:
            first = len(self.trace.effects)
            flow = self.execute(command, state)
            self.trace.settle_held(first, longest(flow.duration, *state.jobs))
            return flow
        finally:
            self._depth -= 1
            self._texts.pop()

    def execute(self, command: Command, state: State) -> Flow:
        """Run one command, whatever its kind."""
        if not self.budget.spend(STEP + state.size // 16) or len(self.trace.effects) >= MAX_EFFECTS:
            self.trace.give_up(self.text, command.start, command.end)
            return Flow(duration=Duration.UNKNOWN)
        if self._inside >= MAX_DEPTH:
            self.trace.doubt("nested too deeply", self.text, command.start, command.end)
            return Flow(duration=Duration.UNKNOWN)
        self._inside += 1
        flow = self._execute(command, state)
        self._inside -= 1
        return flow

    def _execute(self, command: Command, state: State) -> Flow:
        if type(command) in _TOLD:
            self.trace.follow(command, self.text, state)
        match command:
            case SimpleCommand():
                return simple.run(self, command, state)
            case Sequence():
                return self.sequence(command, state)
            case AndOr():
                return control.and_or(self, command, state)
            case Pipeline():
                return control.pipeline(self, command, state)
            case While():
                return control.while_(self, command, state)
            case For():
                return control.for_(self, command, state)
            case If():
                return control.if_(self, command, state)
            case Case():
                return control.case(self, command, state)
            case Redirected():
                return redirection.around(self, command, state)
            case Group():
                return self.sequence(command.body, state)
            case Subshell():
                return self._subshell(command, state)
            case Background():
                return self._background(command, state)
            case Not():
                flow = control.checked(self, command.command, state)
                status = None if flow.status is None else not flow.status
                return replace(flow, status=status, condition=True, errexit_exempt=True)
            case Function():
                state.functions[command.name] = Definition(command.body, self.text)
                return Flow(status=True)
            case Test():
                return self._test(command, state)
            case ArithmeticCommand():
                return self._arithmetic(command, state)
            case Unparsed():
                self.trace.doubt(command.reason, self.text, command.start, command.end)
                return Flow(duration=Duration.UNKNOWN)

    def run_fields(
        self, fields: Fields, state: State, start: int, end: int, pid1: Pid1 | None = None
    ) -> Flow:
        """Run a simple command given by its expanded words."""
        return simple.run_fields(self, fields, state, start, end, pid1)

    def call(self, function: Definition, arguments: tuple[Pattern, ...] | None, state: State) -> Flow:
        """Call a function of the script."""
        return functions.call(self, self._visits, function, arguments, state)

    def expander(self, state: State) -> Expander:
        """An expander of words of the current script in this state."""
        return Expander(self.text, state, lambda part: self._substitute(part, state), self.budget)

    def _substitute(self, part: Substitution, state: State) -> Pattern:
        """Run the body of `$(…)` in a subshell and say what it prints."""
        source = self.text.value[part.start : part.end]
        if part.body is None:
            why = "backquotes with escapes inside" if source[:1] == "`" else "substitution nested too deeply"
            self.trace.doubt(why, self.text, part.start, part.end)
            return hole(source)
        inner = state.beside()
        printed: list[Field] = []
        inner.sinks[1] = Sink(Output.CAPTURED, captured=printed)
        if self._depth >= MAX_NESTING:
            return hole(source)
        self._depth += 1
        before = self.substituted.duration
        flow = self.execute(part.body, inner).outside()
        self._depth -= 1
        self.trace.settle(flow.open, flow.duration, inner.repeats)
        if not part.direction:
            if flow.duration is Duration.ENDLESS:
                state.alive = False
            self.substituted = replace(flow, duration=longest(before, flow.duration))
            if not flow.falls_through:
                return hole(source)
        return substituted(printed, source)

    def sequence(self, sequence: Sequence, state: State) -> Flow:
        """Run commands one after another, as far as control gets."""
        duration, breaks, continues, last = Duration.BRIEF, 0, False, Flow(status=True)
        replaced = False
        for command in sequence.commands:
            last = self.execute(command, state).after(last)
            # With `set -e` nobody gets past a command that has failed.
            passed = state.errexit and not state.checked and isinstance(command, SimpleCommand | Pipeline)
            state.succeeded = Zero(errexit=True) if passed else None
            duration, breaks = longest(duration, last.duration), max(breaks, last.breaks)
            continues = continues or last.continues
            # What is done quickly behind `prepare && exec run` is done where that has failed.
            replaced = last.replaced or (replaced and last.duration is Duration.BRIEF)
            if (
                last.falls_through
                and last.status is False
                and state.errexit
                and not state.checked
                and not last.errexit_exempt
            ):
                last = replace(last, falls_through=False, jumps=False, exits=max(last.exits, Exit.FAILED))
            if not last.falls_through:
                last = replace(last, condition=False, errexit_exempt=False)
                break
        return replace(last, breaks=breaks, duration=duration, continues=continues, replaced=replaced)

    def _subshell(self, command: Subshell, state: State) -> Flow:
        first = state.first
        if first is None or not first.runs_last_in(command.start, command.end):
            return self.sequence(command.body, state.beside()).outside()
        # The subshell that a script ends with may be no process of its own.
        flow = self.sequence(command.body, state.copy())
        return replace(flow.outside(), replaced=flow.replaced)

    def _background(self, command: Background, state: State) -> Flow:
        inner = state.beside()
        inner.sinks[0] = Sink()
        inner.job = state.job or self.trace.next_job()
        flow = self.execute(command.command, inner)
        self.trace.settle(flow.open, flow.duration, inner.repeats)
        state.jobs.append(flow.lifetime)
        if not state.job:
            at = (self.text, command.start, command.end)
            self.trace.record_job(inner.job, flow.lifetime, state, at)
        return Flow(status=True)

    def _test(self, command: Test, state: State) -> Flow:
        expander = self.expander(state)
        double = command.text.startswith("[[")
        words = command.words
        fields = tuple(expander.field(word) for word in words) if double else expander.fields(words)
        values = [field.value.literal for field in fields]
        bracket = Field(literal("["), None, text=self.text, start=command.start, end=command.start + 1)
        at = (self.text, command.start, command.end)
        self.trace.record_call("[", (bracket, *fields), state, at, known=True)
        if double and len(values) == 3 and values[1] in ("=", "==", "!="):
            # In `[[ … ]]` the right side of a comparison is a pattern.
            same = None if values[0] is None else matches(expander.glob(words[2]), values[0], self.budget)
            return Flow(status=None if same is None else same != (values[1] == "!="), condition=True)
        return Flow(status=holds(values), condition=True)

    def _arithmetic(self, command: ArithmeticCommand, state: State) -> Flow:
        for name in changes_of(command).names:
            self.assign(name, hole("$" + name, slash=False), state)
        inner = command.text.strip("() \t")
        return Flow(status=inner != "0" if is_number(inner) else None, condition=True)

    def assign(self, name: str, value: Pattern, state: State) -> None:
        """Give a variable a value."""
        self.trace.assigned.add(name)
        state.variables[name] = value


_TOLD = frozenset({SimpleCommand, Test, ArithmeticCommand, For, Case, Redirected, Unparsed})
"""Commands with words of their own, and what could not be read."""
_PLACEHOLDER = late(r"<[A-Z][A-Z0-9_-]*>")


def _without_placeholders(text: Text) -> Text:
    """`<DB_NAME>` in a manifest waits to be filled in by a person; to the shell it would be two
    redirections."""
    if "<" not in text.value:
        return text
    return text.masked(_PLACEHOLDER.sub(lambda match: UNKNOWN_CHARACTER * len(match.group()), text.value))
