"""Commands that take files from one place to another: cp, mv, ln, install, rsync."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from msgspec.structs import replace

from podlint.knowledge.command import Command
from podlint.shell.commands.lines import Line, as_written
from podlint.shell.commands.operations import FileOperation, PathResolver
from podlint.shell.effects import Action, Field
from podlint.shell.patterns import ANY_NAME, Hole, Pattern, concat, hole, literal, normalised, split_last


def _sources_and_target(line: Line) -> tuple[tuple[Field, ...], Field | None, bool]:
    """Sources, destination, and whether the destination is said to be a directory."""
    target = line.value("-t", "--target-directory")
    if target is not None:
        return line.operands, target, True
    if len(line.operands) < 2:
        return line.operands, None, False
    several = len(line.operands) > 2 or _is_globbed(line.operands[0])
    return line.operands[:-1], line.operands[-1], several


def _is_globbed(field: Field) -> bool:
    """Whether a word is itself a glob, which may stand for several files (a variable's value is none)."""
    written = field.text.value
    return any(isinstance(s.piece, Hole) and written[s.start : s.start + 1] in "*?[" for s in field.segments)


def _destination(source: Pattern, target: Field, directory: bool, paths: PathResolver) -> Pattern:
    """Where a source ends up: the target itself, or its own name below it."""
    path = paths.absolute(target.value)
    if (
        directory
        or target.value.suffix.endswith(("/", "/."))
        or target.value.literal in (".", "..")
        or paths.is_directory(path)
    ):
        _, name = split_last(source)
        if name.literal in (".", "..", ""):
            name = ANY_NAME
        return normalised(concat((path, literal("/"), name)))
    return path


def _cp(command: Command, line: Line, paths: PathResolver) -> Iterable[FileOperation]:
    return _copied(line, paths, recursive=_is_recursive(line))


def _rsync(command: Command, line: Line, paths: PathResolver) -> Iterable[FileOperation]:
    return _copied(line, paths, recursive=_is_recursive(line) or not line.has("-d"))


def _install(command: Command, line: Line, paths: PathResolver) -> Iterable[FileOperation]:
    """GNU install removes what is there first; with `-d` it makes directories."""
    mode, owner = (as_written(line.value(*names)) for names in (("-m", "--mode"), ("-o", "--owner")))
    if line.has("-d", "--directory"):
        done: Iterable[FileOperation] = (
            FileOperation(Action.MKDIR, paths.absolute(field.value), field) for field in line.operands
        )
    else:
        done = _copied(line, paths, recursive=_is_recursive(line), removes=True)
    return (replace(one, mode=mode or "0755", new_owner=owner) if _is_made(one) else one for one in done)


def _is_made(operation: FileOperation) -> bool:
    return operation.action in (Action.MKDIR, Action.REPLACE)


def _is_recursive(line: Line) -> bool:
    return line.has("-r", "-R", "-a", "--recursive", "--archive")


def _copied(
    line: Line, paths: PathResolver, *, recursive: bool, removes: bool = False
) -> Iterable[FileOperation]:
    """Sources read, and put to where they end up."""
    sources, target, directory = _sources_and_target(line)
    if target is None:
        return
    for field in sources:
        if ":" in field.value.prefix.split("/")[0]:
            continue
        path = paths.absolute(field.value)
        to = _destination(field.value, target, directory, paths)
        yield FileOperation(Action.READ, path, field, maybe=recursive)
        if recursive:
            whole = normalised(paths.absolute(target.value))
            for action in (Action.MKDIR, Action.TOUCH, Action.CHMOD):
                yield FileOperation(action, whole, target, maybe=True)
                yield FileOperation(action, to, target, maybe=True)
                yield FileOperation(
                    action, normalised(concat((to, literal("/"), ANY_NAME))), target, maybe=True
                )
            yield FileOperation(Action.READ, concat((path, literal("/"), ANY_NAME)), field, maybe=True)
            yield FileOperation(Action.REPLACE, to, target, maybe=True)
            yield FileOperation(
                Action.REPLACE, normalised(concat((to, literal("/"), ANY_NAME))), target, maybe=True
            )
        else:
            if removes:
                yield FileOperation(Action.DELETE, to, target, maybe=True)
            kept = line.has("-p", "-a", "--preserve", "--archive", "-P", "-X")
            yield FileOperation(Action.REPLACE, to, target, mode="?" if kept else "")


def _move(command: Command, line: Line, paths: PathResolver) -> Iterable[FileOperation]:
    sources, target, directory = _sources_and_target(line)
    if target is None:
        return
    for field in sources:
        to = _destination(field.value, target, directory, paths)
        path = normalised(paths.absolute(field.value))
        yield FileOperation(Action.RENAME, path, field, to=to)
        whole = paths.absolute(target.value)
        if whole != to:
            # GNU tries the directory's own name first.
            yield FileOperation(Action.RENAME, path, field, to=normalised(whole), maybe=True)


def _link(command: Command, line: Line, paths: PathResolver) -> Iterable[FileOperation]:
    sources, target, directory = _sources_and_target(line)
    symbolic = line.has("-s", "--symbolic")
    if target is None:
        if not sources:
            return
        target, directory = (
            Field(literal("."), None, text=sources[0].text, start=sources[0].start, end=sources[0].end),
            True,
        )
    for field in sources:
        to = _destination(field.value, target, directory and not line.has("-n", "-T"), paths)
        if symbolic:
            yield FileOperation(Action.SYMLINK, to, target, to=field.value)
        else:
            yield FileOperation(Action.LINK, to, target, to=paths.absolute(field.value))
        if line.has("-f", "--force"):
            # busybox removes the old name first; GNU makes the link beside it and renames that over it.
            temporary = concat((split_last(to)[0], literal("/Cu"), hole("XXXXXX", slash=False, empty=False)))
            yield FileOperation(Action.DELETE, to, target, maybe=True)
            yield FileOperation(Action.SYMLINK, temporary, target, to=field.value, maybe=True)
            yield FileOperation(Action.RENAME, temporary, target, to=to, maybe=True)


HANDLERS: dict[str, Callable[[Command, Line, PathResolver], Iterable[FileOperation]]] = {
    "copy": _cp,
    "install": _install,
    "rsync": _rsync,
    "move": _move,
    "link": _link,
}
