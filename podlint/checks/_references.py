"""What several rules ask about `$(NAME)`: who declares the name, and whether a shell reads the argument."""

from __future__ import annotations

from collections.abc import Iterator

from podlint.manifest.model import Argument, Container, EnvVar
from podlint.regex import late
from podlint.shell.commands.table import COMMANDS, SHELLS
from podlint.vocabulary import Note

NAME = late(r"[A-Za-z_][A-Za-z0-9_-]*")
"""A name that a variable may have, and that no command line with blanks or brackets has."""
CONVENTIONAL = late(r"[A-Z_][A-Z0-9_]*")
"""A name as people give it to an environment variable, and hardly ever to a command."""

_ASKING_FOR_SCRIPTS = SHELLS | {"su", "runuser", "flock", "watch", "eval", "ssh", "nsenter", "chroot"}
_COMMAND_OPTION = late(r"-[a-zA-Z]*c|--command")


def is_command(name: str) -> bool:
    """Whether a shell would take the name for a command that podlint knows."""
    return name in COMMANDS or name in SHELLS


def entry_of(container: Container, name: str) -> EnvVar | None:
    """The entry of `env` that sets a variable: the last one of its name."""
    return next((entry for entry in reversed(container.env) if entry.name == name), None)


def declared_at(container: Container, name: str) -> tuple[Note, ...]:
    """A label on the entry that declares a variable, where there is one."""
    entry = entry_of(container, name)
    return (Note(entry.span, f'"{name}" is declared here'),) if entry is not None else ()


def arguments_of(argv: tuple[Argument, ...]) -> Iterator[tuple[Argument, bool]]:
    """The arguments, each with whether a shell reads it as a script (or as a parameter of one)."""
    by_shell = by_option = False
    for argument in argv:
        yield argument, by_shell and by_option
        value = argument.text.value
        base = value.rpartition("/")[2]
        by_option = by_option or (by_shell and _COMMAND_OPTION.fullmatch(value) is not None)
        by_option = by_option or base in ("watch", "eval")
        by_shell = by_shell or base in _ASKING_FOR_SCRIPTS
