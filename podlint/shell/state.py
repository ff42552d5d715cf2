"""What a shell knows while it runs: variables, directory, descriptors, functions, and how sure it is to get
here."""

from __future__ import annotations

from collections.abc import Callable

from msgspec import Struct, field
from msgspec.structs import replace

from podlint.budget import Budget
from podlint.knowledge.knowledge import Knowledge, built_in
from podlint.shell.commands.operations import PathResolver
from podlint.shell.effects import Duration, Field, Output, Repeats
from podlint.shell.patterns import UNKNOWN, Pattern, Zero, absolute, from_pieces, join, normalised
from podlint.shell.pid1 import FirstShell
from podlint.shell.syntax import Command, Word
from podlint.source.text import Text

UMASK = 0o022
"""The mask with which a container's processes start: that of the runtime, which systemd starts with 0022."""


class Sink(Struct):
    """What a descriptor is connected to. `effects` are the indices of the effects that opened it.

    `captured` collects what is printed inside `$(…)` or into a new file; `heredoc` is set where a
    here-document feeds the descriptor, and `fed` is its text; `endless`: what is read from here never ends
    (a pipe behind `tail -F`); `piped`: what was printed into the pipe that is read from here.
    """

    output: Output = Output.CONTAINER
    path: Pattern | None = None
    downstream: tuple[str, ...] = ()
    effects: tuple[int, ...] = ()
    captured: list[Field] | None = None
    heredoc: Word | None = None
    fed: Field | None = None
    endless: bool = False
    piped: list[Field] = field(default_factory=list)

    def is_like(self, other: Sink) -> bool:
        """Whether writing here and there is the same, but for what was written already."""
        if self is other:
            return True
        return self._nature() == other._nature()

    def _nature(self) -> tuple[object, ...]:
        fed = None if self.fed is None else self.fed.value
        return (
            self.output, self.path, self.downstream, self.heredoc, fed, self.endless, self.captured is None,
            tuple(field.value for field in self.piped),
        )  # fmt: skip


class Definition(Struct, frozen=True):
    """A function's body and the script in which it stands."""

    body: Command
    text: Text


class State(Struct):
    """A shell's state. `copy` makes that of a subshell; `adopt` goes on from where branches ended."""

    variables: dict[str, Pattern]
    directory: Pattern
    dialect: str
    """What the shell is (`dash`, `ash`, `bash`), or `sh` where that is not known."""
    started_by: str = "sh"
    """The name by which the shell was started."""
    sinks: dict[int, Sink] = field(default_factory=lambda: {0: Sink(), 1: Sink(), 2: Sink()})
    functions: dict[str, Definition] = field(default_factory=dict)
    arguments: tuple[Pattern, ...] | None = None
    """The positional parameters; None where they cannot be known."""
    name: Pattern = UNKNOWN
    """`$0`."""
    sure: bool = True
    """Whether this point of the function or loop is reached whenever its shell gets that far."""
    alive: bool = True
    """Whether nothing before can have ended the shell: an `exit` on some way, an unset name with `set -u`."""
    repeats: Repeats = Repeats.ONCE
    jobs: list[Duration] = field(default_factory=list)
    """How long the jobs in the background run."""
    job: int = 0
    """The job in which this runs (see `Call.job`)."""
    local: set[str] = field(default_factory=set)
    made: set[str] = field(default_factory=set)
    """Directories that the script has made."""
    links: dict[str, str] = field(default_factory=dict)
    """Symbolic links that the script has made, to absolute paths."""
    contents: dict[str, Field] = field(default_factory=dict)
    """What the script has written into files, by absolute path (see `Written`)."""
    exported: set[str] = field(default_factory=set)
    """Variables and functions that the script has put into the environment of what it runs."""
    sources: dict[int, tuple[Text, Pattern]] = field(default_factory=dict)
    """The files that scripts were read from, by the identity of the script's text, of all shells of the
    process."""
    stack: list[Pattern] = field(default_factory=list)
    """Directories put aside by `pushd`."""
    errexit: bool = False
    checked: bool = False
    """Whether somebody looks at the status of what runs here (`if`, `&&`, `!`): `set -e` is ignored."""
    nounset: bool = False
    pipefail: bool = False
    succeeded: Zero | None = None
    """Why `$?` can only be 0, None where it may be anything."""
    noclobber: bool = False
    umask: int | None = UMASK
    """The mask of modes; None where it is not known."""
    as_another: bool = False
    """Whether it runs as another user than its container."""
    first: FirstShell | None = None
    """What this shell is as process 1 of its container; None where it is not."""

    @property
    def certain(self) -> bool:
        """Whether what is done here is done when each command before it does its work."""
        return self.sure and self.alive

    @property
    def size(self) -> int:
        """How many things it knows, all of which a copy holds."""
        return (
            len(self.variables) + len(self.functions) + len(self.made) + len(self.links) + len(self.contents)
        )

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
            links=dict(self.links),
            contents=dict(self.contents),
            exported=set(self.exported),
            stack=list(self.stack),
        )

    def beside(self) -> State:
        """The state of a process of its own beside the shell: in a pipe, in the background, in `$(…)`."""
        inner = self.copy()
        inner.first = None
        return inner

    def child(self, dialect: str, inherited: frozenset[str]) -> State:
        """The state in which a new shell starts: of the variables and functions only those in the
        environment."""
        inner = self.copy()
        visible = inherited | self.exported
        inner.variables = {name: value for name, value in self.variables.items() if name in visible}
        inner.functions = {name: body for name, body in self.functions.items() if name in self.exported}
        inner.dialect, inner.jobs, inner.stack, inner.first = dialect, [], [], None
        inner.succeeded = None
        inner.errexit = inner.nounset = inner.pipefail = inner.noclobber = inner.checked = False
        return inner

    def set_option(self, name: str, on: bool) -> None:
        """Turn a shell option on or off, by its letter or its name."""
        if name in ("e", "errexit"):
            self.errexit = on
        elif name in ("u", "nounset"):
            self.nounset = on
        elif name == "pipefail":
            self.pipefail = on
        elif name in ("C", "noclobber"):
            self.noclobber = on

    def path(self, written: Pattern) -> Pattern:
        """A path as the kernel walks it: absolute, through the symbolic links that the script has made."""
        path = absolute(written, self.directory)
        for link, target in self.links.items():
            if path.prefix.startswith(link + "/"):
                path = normalised(from_pieces((target + path.prefix[len(link) :], *path.pieces[1:])))
        return path

    def adopt(self, branches: list[State]) -> None:
        """Go on from where one of several branches ended."""
        first, *rest = branches
        self.variables = dict(first.variables)
        self.directory, self.arguments, self.name = first.directory, first.arguments, first.name
        self.functions, self.sinks = dict(first.functions), dict(first.sinks)
        self.made, self.links, self.exported = set(first.made), dict(first.links), set(first.exported)
        self.contents = dict(first.contents)
        self.alive = all(branch.alive for branch in branches)
        self.errexit, self.nounset, self.pipefail = first.errexit, first.nounset, first.pipefail
        self.noclobber = first.noclobber
        self.umask = first.umask if all(other.umask == first.umask for other in rest) else None
        for other in rest:
            theirs = other.variables
            differing = [name for name, value in self.variables.items() if theirs.get(name) is not value]
            for name in (*differing, *(theirs.keys() - self.variables.keys())):
                self.variables[name] = join(self.variables.get(name, UNKNOWN), theirs.get(name, UNKNOWN))
            self.directory = join(self.directory, other.directory)
            if self.arguments != other.arguments:
                self.arguments = None
            self.functions.update(other.functions)
            self.made &= other.made
            self.links = {link: to for link, to in self.links.items() if other.links.get(link) == to}
            self.contents = {path: c for path, c in self.contents.items() if other.contents.get(path) is c}
            self.exported |= other.exported


class ExecutionEnvironment(Struct, frozen=True):
    """What a process finds around it, as far as the manifest tells.

    `read_file` gives the text of a file that a ConfigMap of the run mounts at an absolute path;
    `directories` are paths known to be directories (mount points and what leads to them).
    """

    variables: dict[str, Pattern]
    directory: Pattern
    read_file: Callable[[str], Text | None] = lambda _path: None
    directories: frozenset[str] = frozenset()
    complete: bool = False
    """Whether `directories` are all there are, but for what lies below mounts and what scripts make."""
    mounted: tuple[str, ...] = ()
    """Where volumes are mounted."""
    is_executable: Callable[[str], bool] = lambda _path: True
    """Whether the file that `read_file` gives may be executed."""
    library: Callable[[str], str | None] = lambda _path: None
    """A script that does what one of the image does, which others source from that path."""
    shell: str = "sh"
    """What `sh` is: `ash`, `dash` or `bash` where that is known."""
    new_dash: bool = False
    """Whether its dash, if it has one, surely knows `set -o pipefail`."""
    knowledge: Knowledge = field(default_factory=built_in)
    budget: Budget = field(default_factory=Budget)
    """What the document may still cost in which the process stands."""

    def may_exist(self, directory: str) -> bool:
        """Whether a directory may be there when the container starts."""
        below = any(directory == m or directory.startswith(m.rstrip("/") + "/") for m in self.mounted)
        return not self.complete or below or directory in self.directories

    def resolver(self, state: State) -> PathResolver:
        """What a command that runs in a state sees of the file system."""

        def is_directory(path: Pattern) -> bool:
            whole = path.literal
            return whole is not None and (whole in self.directories or whole in state.made)

        return PathResolver(state.path, is_directory)
