"""One thing that a configuration file says, with its place in that file."""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum
from typing import TYPE_CHECKING

from msgspec import Struct

from podlint.digits import number_of
from podlint.regex import late
from podlint.shell.patterns import EMPTY, Hole, Pattern, from_pieces, literal
from podlint.shell.wildcards import from_glob
from podlint.source.extract import Extract
from podlint.source.text import Text

if TYPE_CHECKING:
    from podlint.configs.logrotate import Section

_OPENING = late(r"\$\{|\$\(|\{\{|%\{|#\{|<%|\$[A-Za-z_]\w*")
_CLOSING = {"${": "}", "$(": ")", "{{": "}}", "%{": "}", "#{": "}", "<%": "%>"}


class Kind(Enum):
    """What a program does with a path or a port."""

    INPUT = "input"
    """Files that it follows, by their names."""
    OUTPUT = "output"
    """Files that it appends to."""
    STATE = "state"
    """Files and directories in which it remembers how far it has come."""
    ROTATE = "rotate"
    """Files that it rotates."""
    LISTEN = "listen"
    CONNECT = "connect"
    """A server that it hands requests on to."""
    SCRIPTS = "scripts"
    """The directory in which the server that it hands requests on to is to find the scripts."""
    ROOT = "root"
    """A directory that it serves."""
    INCLUDE = "include"
    """Further configuration files."""


class Setting(Extract, frozen=True):
    """A path or a port that a configuration names.

    `path` is a pattern: `*` and what is filled in later are holes. For LISTEN and CONNECT `path` is the
    address (empty for every one) and `port` the port, None where not known; SCRIPTS has those of the server
    in `options` and `port`. `options` are the words that go with it: for
    ROTATE `copytruncate`, `postrotate`, `su`, … as written, for the others the plugin's name. `section` is
    the section of logrotate's configuration that a ROTATE stands in. `positions`: a STATE is how far the
    program has read its inputs, and nothing else. `from_start`: an INPUT that the program does not remember
    is read from its first line, and not from its end.
    """

    program: str
    kind: Kind
    path: Pattern
    port: int | None = None
    protocol: str = "tcp"
    options: tuple[str, ...] = ()
    section: Section | None = None
    positions: bool = False
    from_start: bool = False

    @property
    def is_input(self) -> bool:
        """Whether the program follows the files of that path."""
        return self.kind is Kind.INPUT

    @property
    def is_memory(self) -> bool:
        """Whether the program remembers at that path how far it has read."""
        return self.kind is Kind.STATE and self.positions


class Line(Struct, frozen=True):
    """A line of a configuration file without the blanks around it and without its comment."""

    value: str
    start: int

    @property
    def end(self) -> int:
        """The offset behind its last character."""
        return self.start + len(self.value)


def lines_of(text: Text) -> Iterator[Line]:
    """The lines that are neither empty nor a comment (`#` at their beginning)."""
    at = 0
    for raw in text.value.split("\n"):
        value = raw.strip()
        if value and value[0] != "#":
            yield Line(value, at + raw.index(value[0]))
        at += len(raw) + 1


def path_pattern(written: str) -> Pattern:
    """A path or glob of a configuration file; what is filled in later is a hole."""
    pieces: list[str | Hole] = []
    at = 0
    for start, end in _filled_in(written):
        pieces += from_glob(written[at:start]).pieces
        pieces.append(Hole(written[start : min(end, start + 60)]))
        at = end
    pieces += from_glob(written[at:]).pieces
    return from_pieces(pieces)


def _filled_in(written: str) -> Iterator[tuple[int, int]]:
    """Where something stands that is filled in when the program starts or runs: variables, templates, Ruby
    in fluentd."""
    at = 0
    missing: set[str] = set()
    while opening := _OPENING.search(written, at):
        start, end = opening.span()
        closing = _CLOSING.get(opening[0])
        if closing is not None:
            # Looked for once: where none follows, none follows what opens later.
            found = -1 if closing in missing else written.find(closing, end)
            if found < 0:
                missing.add(closing)
                at = start + 1
                continue
            end = found + len(closing)
        yield start, end
        at = end


def address_pattern(written: str) -> Pattern:
    """An address to listen on; empty for every one."""
    if written in ("", "0.0.0.0", "::", "[::]", "*"):
        return EMPTY
    return path_pattern(written) if any(_filled_in(written)) else literal(written.strip("[]"))


def port_number(written: str) -> int | None:
    """A port as a plain number."""
    number = number_of(written.strip().strip("\"'"))
    return number if number is not None and number < 100_000 else None
