"""What a shell knows while it runs: variables, directory, descriptors, functions, and how sure it is to get
here."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from msgspec import Struct, field
from msgspec.structs import replace

from podlint.shell.effects import Duration, Output, Repeats
from podlint.shell.patterns import UNKNOWN, Pattern, join, literal
from podlint.shell.syntax import Command, Word
from podlint.source.text import Text


class Sink(Struct):
    """What a descriptor is connected to. `effects` are the indices of the effects that opened it.

    `captured` collects what is printed inside `$(…)`; `heredoc` is set where a here-document feeds the
    descriptor; `endless`: what is read from here never ends (a pipe behind `tail -F`).
    """

    output: Output = Output.CONTAINER
    path: Pattern | None = None
    downstream: tuple[str, ...] = ()
    effects: tuple[int, ...] = ()
    captured: list[Pattern] | None = None
    heredoc: Word | None = None
    endless: bool = False


class Definition(NamedTuple):
    """A function's body and the script in which it stands."""

    body: Command
    text: Text


class State(Struct):
    """A shell's state. `copy` makes that of a subshell; `merge` joins what two branches leave behind."""

    variables: dict[str, Pattern]
    directory: Pattern
    dialect: str
    sinks: dict[int, Sink] = field(default_factory=lambda: {0: Sink(), 1: Sink(), 2: Sink()})
    functions: dict[str, Definition] = field(default_factory=dict)
    arguments: tuple[Pattern, ...] | None = None
    """The positional parameters; None where they cannot be known."""
    name: Pattern = UNKNOWN
    """`$0`."""
    sure: bool = True
    repeats: Repeats = Repeats.ONCE
    jobs: list[Duration] = field(default_factory=list)
    """How long the jobs in the background run."""
    local: set[str] = field(default_factory=set)
    made: set[str] = field(default_factory=set)
    """Directories that the script has made."""

    def copy(self) -> State:
        """The state of a subshell."""
        return replace(
            self,
            variables=dict(self.variables),
            sinks=dict(self.sinks),
            functions=dict(self.functions),
            jobs=list(self.jobs),
            local=set(self.local),
            made=set(self.made),
        )

    def adopt(self, branches: list[State]) -> None:
        """Go on from where one of several branches ended."""
        first, *rest = branches
        self.variables = dict(first.variables)
        self.directory, self.arguments, self.name = first.directory, first.arguments, first.name
        self.functions, self.sinks = dict(first.functions), dict(first.sinks)
        self.made = set(first.made)
        for other in rest:
            for name in self.variables.keys() | other.variables.keys():
                mine, theirs = self.variables.get(name, UNKNOWN), other.variables.get(name, UNKNOWN)
                self.variables[name] = join(mine, theirs)
            self.directory = join(self.directory, other.directory)
            if self.arguments != other.arguments:
                self.arguments = None
            self.functions.update(other.functions)
            self.made &= other.made


class Flow(NamedTuple):
    """How a command ends. `falls`: what follows it may run; `breaks`: it may leave the loop around it.

    `status`: its exit status where known; `condition`: people run it to ask something; `open`: effects
    whose descriptor lives as long as the command does.
    """

    falls: bool = True
    breaks: bool = False
    duration: Duration = Duration.BRIEF
    status: bool | None = None
    condition: bool = False
    open: tuple[int, ...] = ()


def longest(*durations: Duration) -> Duration:
    """The longest of some durations."""
    return max(durations, key=lambda d: d.value, default=Duration.BRIEF)


class Surroundings(Struct, frozen=True):
    """What a process finds around it, as far as the manifest tells.

    `read_file` gives the text of a file that a ConfigMap of the run mounts at an absolute path;
    `directories` are paths known to be directories (mount points and what leads to them).
    """

    variables: dict[str, Pattern]
    directory: Pattern
    read_file: Callable[[str], Text | None] = lambda _path: None
    directories: frozenset[str] = frozenset()


ROOT = literal("/")
