"""The old way to what is known of commands, for modules that do not yet get it handed in."""

from __future__ import annotations

from podlint.knowledge.command import Command
from podlint.knowledge.knowledge import built_in

# To be removed with the last module that imports it: see `Knowledge.command` and `Command.has`.
_TABLE = built_in().commands
COMMANDS = {name: row for name, row in _TABLE.rows.items() if row.known}
SHELLS = frozenset(name for name, row in _TABLE.rows.items() if row.has("shell"))
ALIASES = _TABLE.aliases


def command_named(name: str) -> Command:
    """The row of a command by its base name; one of which nothing is known where there is none."""
    return built_in().command(name)


def spec_of(name: str) -> Command | None:
    """The row of a command by its base name, None where it is not known what it does to files."""
    command = built_in().command(name)
    return command if command.known else None
