"""What a command does to files: its operations, by the roles of its operands."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from msgspec import Struct

from podlint.knowledge.command import Command
from podlint.shell.commands.lines import Line
from podlint.shell.effects import Action, Duration, Field
from podlint.shell.patterns import Pattern, concat, hole, literal, normalised, split_last


class FileOperation(Struct, frozen=True):
    """One thing that a command does to a path, before the interpreter gives it its circumstances."""

    action: Action
    path: Pattern
    at: Field
    to: Pattern | None = None
    maybe: bool = False
    follow: str = ""
    size: str = ""
    only_if_needed: bool = False
    """The command looks first whether there is anything to do, and is content where there is not."""
    mode: str = ""
    new_owner: str = ""
    recursive: bool = False
    """See the fields of `Effect` of these names."""


class CommandModel(Struct, frozen=True):
    """All that a command line does: operations, how long it runs, and its exit status where known."""

    operations: tuple[FileOperation, ...]
    duration: Duration
    status: bool | None
    condition: bool
    known: bool


class PathResolver(Struct, frozen=True):
    """What a command can see of the file system: `absolute` resolves a path as written, `is_directory`
    knows mounts."""

    absolute: Callable[[Pattern], Pattern]
    is_directory: Callable[[Pattern], bool]


_ACTIONS = {
    "read": Action.READ,
    "append": Action.APPEND,
    "replace": Action.REPLACE,
    "write": Action.WRITE,
    "delete": Action.DELETE,
    "rmdir": Action.RMDIR,
    "mkdir": Action.MKDIR,
    "touch": Action.TOUCH,
    "truncate": Action.TRUNCATE,
    "chmod": Action.CHMOD,
    "execute": Action.EXECUTE,
}
ROLES = frozenset({*_ACTIONS, "data", "edit", "source", "into"})
"""The roles that operands and the values of options may have, see `Command.operands`."""


def by_roles(command: Command, line: Line, paths: PathResolver) -> Iterable[FileOperation]:
    """Operations by the roles of operands and option values."""
    for option, role in command.option_roles.items():
        field = line.value(option)
        if field is not None:
            yield from operations_of(role, field, paths)
    instead = (roles for option, roles in command.instead.items() if line.has(option))
    roles = next(instead, command.operands)
    for index, field in enumerate(line.operands):
        if not roles:
            return
        role = roles[min(index, len(roles) - 1)]
        if index >= len(roles) and not role.endswith("*"):
            return
        yield from operations_of(role.rstrip("*"), field, paths)


def operations_of(role: str, field: Field, paths: PathResolver) -> Iterable[FileOperation]:
    """What a role of `Command.operands` does to the path that a field names."""
    if role in ("data", "") or field.value.literal in ("-", ""):
        return
    path = paths.absolute(field.value)
    if role == "edit":
        yield FileOperation(Action.READ, path, field)
        yield from replaced(field, path)
        return
    action = _ACTIONS[role]
    if action is Action.DELETE:
        path = normalised(path)
    yield FileOperation(action, path, field)


def replaced(field: Field, path: Pattern, suffix: str = "") -> Iterable[FileOperation]:
    """A file rewritten by a new one beside it that takes its name."""
    directory, _ = split_last(path)
    temporary = concat((directory, literal("/"), hole("sedXXXXXX", slash=False, empty=False)))
    yield FileOperation(Action.DELETE, temporary, field, maybe=True)
    if suffix:
        yield FileOperation(Action.RENAME, path, field, to=path + literal(suffix))
    yield FileOperation(Action.WRITE, temporary, field)
    yield FileOperation(Action.RENAME, temporary, field, to=path)
