"""What running one kind of command needs of whoever runs all of them."""

from __future__ import annotations

from typing import Protocol

from podlint.budget import Budget
from podlint.shell.effects import Fields
from podlint.shell.endpoints import Pid1
from podlint.shell.expansion import Expander
from podlint.shell.flow import Flow
from podlint.shell.patterns import Pattern
from podlint.shell.state import Definition, ExecutionEnvironment, State
from podlint.shell.syntax import Command, Sequence
from podlint.shell.trace import Trace
from podlint.source.text import Text


class Evaluator(Protocol):
    """A shell that runs commands abstractly and writes down in `trace` what they do."""

    environment: ExecutionEnvironment
    budget: Budget
    """What the process may still cost."""
    trace: Trace
    substituted: Flow
    """How the last `$(…)` ended, and how long all of the present command lasted."""

    @property
    def text(self) -> Text:
        """The script being run; offsets of commands are offsets in it."""
        ...

    def execute(self, command: Command, state: State) -> Flow:
        """Run one command, whatever its kind."""
        ...

    def sequence(self, sequence: Sequence, state: State) -> Flow:
        """Run commands one after another, as far as control gets."""
        ...

    def run(self, text: Text, command: Command, state: State) -> Flow:
        """Run a command of another script in this shell."""
        ...

    def script(self, text: Text, state: State, file: Pattern | None = None) -> Flow:
        """Run a script in a shell of its own: its `exit` and `return` end there. `file`: where it stands."""
        ...

    def run_fields(
        self, fields: Fields, state: State, start: int, end: int, pid1: Pid1 | None = None
    ) -> Flow:
        """Run a simple command given by its expanded words; `start` and `end` are where it stands.

        Where it takes the place of process 1, `pid1` is what is known of that so far.
        """
        ...

    def call(self, function: Definition, arguments: tuple[Pattern, ...] | None, state: State) -> Flow:
        """Call a function of the script."""
        ...

    def expander(self, state: State) -> Expander:
        """An expander of words of the current script in this state."""
        ...

    def assign(self, name: str, value: Pattern, state: State) -> None:
        """Give a variable a value."""
        ...

    def parse(self, text: Text) -> Sequence:
        """The syntax tree of a script; an empty one where nothing more is followed."""
        ...

    def too_deep(self, text: Text, command: Command) -> bool:
        """Whether scripts and calls are nested so deeply that this one is not followed."""
        ...
