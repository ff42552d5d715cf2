"""What a process does outside itself: effects, the commands it calls, and how it ends."""

from __future__ import annotations

from enum import Enum
from typing import TypeAlias

from msgspec import Struct

from podlint.knowledge.command import NOTHING_KNOWN, Command
from podlint.shell.patterns import Hole, Pattern
from podlint.shell.syntax import Word
from podlint.source.extract import Extract
from podlint.source.text import Piece, Text


class Action(Enum):
    """What is done to a file."""

    READ = "read"
    APPEND = "append"
    REPLACE = "replace"
    """Opened with O_TRUNC."""
    WRITE = "write"
    """Opened for writing, or made, without truncation."""
    RENAME = "rename"
    DELETE = "delete"
    MKDIR = "mkdir"
    RMDIR = "rmdir"
    LINK = "link"
    SYMLINK = "symlink"
    TRUNCATE = "truncate"
    CHMOD = "chmod"
    TOUCH = "touch"
    EXECUTE = "execute"

    @property
    def writes(self) -> bool:
        """Whether content goes into the file."""
        return self in (Action.APPEND, Action.REPLACE, Action.WRITE)

    @property
    def makes(self) -> bool:
        """Whether a file or a directory may be there afterwards that was not before."""
        return self.writes or self in _MAKING


_MAKING = (Action.TOUCH, Action.MKDIR, Action.LINK, Action.SYMLINK, Action.RENAME)


class Hold(Enum):
    """How long a descriptor is kept on the file."""

    BRIEF = "brief"
    """Opened, used and closed, once or a bounded number of times."""
    REOPENED = "reopened"
    """Opened anew each time round an endless loop."""
    HELD = "held"
    """Opened once and kept for the life of the process."""
    UNKNOWN = "unknown"
    """Kept as long as a program runs that is not known."""


class Repeats(Enum):
    """How often something happens."""

    ONCE = "once"
    SOME = "some"
    """In a loop that ends, or may end."""
    FOREVER = "forever"
    """In a loop that ends only with its shell: never, or where something inside may `exit`."""


class Duration(Enum):
    """How long a command runs. Ordered: a pipeline lasts as long as its longest command."""

    BRIEF = 0
    UNKNOWN = 1
    ENDLESS = 2


class Redirection(Struct, frozen=True):
    """A redirection does it: its operator, and whether the shell itself holds the file (`exec >> f`)."""

    operator: str
    held_by_shell: bool = False


class Invocation(Struct, frozen=True):
    """A command does it, by its base name."""

    name: str


class ImageDefault(Struct, frozen=True):
    """A program does it by itself, as its image is made."""

    program: str


class Configuration(Struct, frozen=True):
    """A program does it because its configuration says so."""

    program: str


Maker: TypeAlias = Redirection | Invocation | ImageDefault | Configuration
"""What brings an effect about."""


class Effect(Extract, frozen=True):
    """One thing done to a path.

    `path` and `to` (the new name of a rename, what a link points at) are absolute where the directory was
    known. `certain`: it happens when each command before it does its work; conditions that could go either
    way make it uncertain. `made_by` says what does it, `program` is the command (for a redirection the one
    whose output is redirected). `follow` is "descriptor" or "name" for a reader that waits for more
    (`tail -f`, `tail -F`). `size` is what TRUNCATE cuts to, where known. `only_if_needed`: the command
    succeeds where there is nothing to do (`rm -f`, `mkdir -p`). `failure_handled`: the script goes on as
    planned when it fails (`|| true`, the condition of an `if`).
    """

    action: Action
    path: Pattern
    to: Pattern | None
    certain: bool
    repeats: Repeats
    hold: Hold
    made_by: Maker
    program: str
    follow: str
    size: str
    only_if_needed: bool
    order: int
    failure_handled: bool = False
    mode: str = ""
    """The mode that its command asks for, as written (`chmod 0750`, `mkdir -m g+w`)."""
    new_owner: str = ""
    """The owner and the group that its command gives, as `chown` takes them (`999:999`, `:2000`)."""
    recursive: bool = False
    """Whether a change of mode or owner is for all that lies below, too."""
    umask: int | None = None
    """The mask of modes with which it is done, None where that is not known."""
    as_another: bool = False
    """Whether a command such as `su-exec` has changed the user before."""

    @property
    def is_redirection(self) -> bool:
        """Whether a redirection does it."""
        return isinstance(self.made_by, Redirection)

    @property
    def is_held_by_shell(self) -> bool:
        """Whether `exec` has opened it for the shell itself."""
        return isinstance(self.made_by, Redirection) and self.made_by.held_by_shell

    @property
    def operator(self) -> str:
        """The operator of the redirection that does it, "" where none does."""
        return self.made_by.operator if isinstance(self.made_by, Redirection) else ""

    @property
    def command(self) -> str:
        """The base name of the command that does it, "" where none does."""
        return self.made_by.name if isinstance(self.made_by, Invocation) else ""

    @property
    def is_image_default(self) -> bool:
        """Whether nothing but the image says so."""
        return isinstance(self.made_by, ImageDefault)

    @property
    def by(self) -> str:
        """What does it, in a word: an operator (`exec >>` where the shell holds the file), a command, or the
        program that the image or a configuration is for."""
        match self.made_by:
            case Redirection(operator, held_by_shell):
                return ("exec " if held_by_shell else "") + operator
            case Invocation(name):
                return name
            case ImageDefault(program) | Configuration(program):
                return program


class Segment(Struct, frozen=True):
    """A piece of an expanded word and the characters of the script that it came from."""

    piece: str | Hole
    start: int
    end: int


UNKNOWN_CHARACTER = "\ue000"
"""Stands for text that cannot be known where one string of fixed length is needed (a private-use
character)."""


class Field(Extract, frozen=True):
    """One argument after expansion: its value, the word it came from, and where that stands in the script
    `text`."""

    value: Pattern
    word: Word | None
    segments: tuple[Segment, ...] = ()

    def as_text(self) -> Text:
        """The value as a text of its own (a nested script): every character still knows its place; holes
        become one `UNKNOWN_CHARACTER` each."""
        segments = self.segments or tuple(Segment(p, self.start, self.end) for p in self.value.pieces)
        chars = [s.piece if isinstance(s.piece, str) else UNKNOWN_CHARACTER for s in segments]
        pieces = tuple(Piece(len(c), s.start, s.end) for c, s in zip(chars, segments, strict=True))
        return self.text.derive("".join(chars), pieces)


Fields: TypeAlias = tuple[Field, ...]


class Output(Enum):
    """Where a command's standard output goes."""

    CONTAINER = "container"
    FILE = "file"
    PIPE = "pipe"
    CAPTURED = "captured"
    UNKNOWN = "unknown"


class Call(Extract, frozen=True):
    """A command that the shell runs (wrappers and the shell itself taken away): `name` is the base name of
    the program.

    `fields[0]` is the program as written. `output` says where its standard output goes, `into` the file or
    the names of the commands further down the pipe. `known`: podlint knows what this command does with
    files. `heredoc` is the body of a here-document on its standard input.
    """

    name: str
    fields: tuple[Field, ...]
    certain: bool
    repeats: Repeats
    output: Output
    into: Pattern | tuple[str, ...] | None
    known: bool
    heredoc: Word | None
    order: int
    failure_handled: bool = False
    """See `Effect.failure_handled`."""
    command: Command = NOTHING_KNOWN
    """What is known of the program."""
    aborts: bool = False
    """Whether the script ends when it fails (`set -e`)."""
    job: int = 0
    """The job in the background in which it runs (`&`), counted from 1; 0 in the foreground."""


class Job(Extract, frozen=True):
    """A command that a shell has started in the background (`&`). `number` is that of its calls
    (`Call.job`), `lasts` how long it runs."""

    number: int
    lasts: Duration
    certain: bool
    repeats: Repeats


class Doubt(Extract, frozen=True):
    """Something that could not be understood."""

    reason: str
