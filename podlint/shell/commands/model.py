"""What a command does to files, by what is known of it and by its command line."""

from __future__ import annotations

from msgspec.structs import replace

from podlint.knowledge.command import Command
from podlint.regex import late
from podlint.shell.commands import archives, files, outputs, sockets, transfers
from podlint.shell.commands.lines import Line, read_line
from podlint.shell.commands.operations import CommandModel, FileOperation, PathResolver, by_roles
from podlint.shell.effects import Action, Duration, Field
from podlint.shell.patterns import Pattern, from_pieces

_HANDLERS = {
    **archives.HANDLERS, **files.HANDLERS, **outputs.HANDLERS, **sockets.HANDLERS, **transfers.HANDLERS,
}  # fmt: skip
HANDLER_NAMES = frozenset({*_HANDLERS, "find", "xargs", "elsewhere"})
"""All that `Command.handler` may be; commands that run others are read where the shell runs them."""


def model_of(name: str, command: Command, fields: tuple[Field, ...], paths: PathResolver) -> CommandModel:
    """What a command (`fields[0]` is its name as written) does to files.

    A command of which that is not known may read and write every path it is handed, and run as long as it
    likes.
    """
    if not command.known:
        return _stranger(fields, paths)
    line = read_line(command, fields[1:])
    handler = _HANDLERS.get(command.handler)
    operations = list(handler(command, line, paths) if handler else by_roles(command, line, paths))
    if line.vague:
        operations = [replace(operation, maybe=True) for operation in operations]
    duration = _own_duration(command, fields)
    if any(operation.follow for operation in operations) or _is_endless(command.handler, line):
        duration = Duration.ENDLESS
    elif command.handler in sockets.DURATIONS:
        duration = sockets.DURATIONS[command.handler](name, line)
    if sockets.runs_another(command.handler, line):
        stranger = _stranger(fields, paths)
        return CommandModel((*operations, *stranger.operations), duration, None, command.condition, False)
    return CommandModel(tuple(operations), duration, command.status, command.condition, not command.partly)


def _own_duration(command: Command, fields: tuple[Field, ...]) -> Duration:
    """How long a command runs with these arguments, by its row."""
    words = tuple(str(field.value) for field in fields[1:])
    if command.is_called_with(command.ends_with, words):
        return Duration.BRIEF
    if command.is_called_with(command.lasts_with, words):
        return Duration.UNKNOWN
    return Duration[command.lasts.upper()]


def _stranger(fields: tuple[Field, ...], paths: PathResolver) -> CommandModel:
    """What a program may do that podlint does not know: read and write whatever path stands on its command
    line."""
    operations: list[FileOperation] = []
    for field in fields[1:]:
        path = _path_in(field.value)
        if path is not None:
            where = paths.absolute(path)
            operations.append(FileOperation(Action.READ, where, field, maybe=True))
            operations.append(FileOperation(Action.WRITE, where, field, maybe=True))
    return CommandModel(tuple(operations), Duration.UNKNOWN, None, False, False)


_NO_PATH = late(r"[\s|;()<>\[\]{}\"']|\A[\w.-]+:[0-9]+\Z|\A[0-9]{1,3}(?:\.[0-9]{1,3}){3}(?:/[0-9]+)?\Z")
"""What a path that is not absolute does not hold: text, queries, filters; an address, or a network."""
_SUBJECT = late(r"/(?:C|CN|O|OU|ST|L)=")
"""A distinguished name, as `openssl -subj` takes it."""


def _path_in(value: Pattern) -> Pattern | None:
    """The path that an argument of an unknown program may hold: `/x`, `./x`, `a/b`, `--log=/x`, `-f/x`,
    `key=/x`."""
    prefix = value.prefix
    if _SUBJECT.match(prefix):
        return None
    if prefix.startswith(("/", "./", "../")):
        return value
    cut = min((i for i in (prefix.find("=/"), prefix.find("=./")) if i >= 0), default=-1)
    if cut >= 0:
        return from_pieces((prefix[cut + 1 :], *value.pieces[1:]))
    if "://" in prefix or (value.literal is not None and _NO_PATH.search(value.literal)):
        return None
    if prefix.startswith("-"):
        cut = prefix.find("/")
        return from_pieces((prefix[cut:], *value.pieces[1:])) if cut >= 0 else None
    whole = value.literal
    if whole is not None and "\n" in whole:
        return None  # a script, or some other text
    looks_like_file = whole is None or "/" in whole or ("." in whole.strip(".") and " " not in whole)
    return value if looks_like_file else None


_BOTTOMLESS = frozenset({"if=/dev/zero", "if=/dev/urandom", "if=/dev/random"})


def _is_endless(handler: str, line: Line) -> bool:
    """Whether `sleep` sleeps for ever, or `dd` copies without end what takes no room."""
    words = {field.value.literal for field in line.operands}
    if handler == "sleep":
        return not words.isdisjoint(("infinity", "inf"))
    counted = any(field.value.prefix.startswith("count=") for field in line.operands)
    return handler == "dd" and "of=/dev/null" in words and not words.isdisjoint(_BOTTOMLESS) and not counted
