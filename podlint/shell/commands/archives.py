"""Commands that pack and unpack: gzip and its like, tar, unzip, split."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from podlint.knowledge.command import Command
from podlint.shell.commands.lines import Line
from podlint.shell.commands.operations import FileOperation, PathResolver, operations_of
from podlint.shell.effects import Action
from podlint.shell.patterns import ANY_NAME, GLOB, concat, hole, literal, normalised


def _compress(command: Command, line: Line, paths: PathResolver) -> Iterable[FileOperation]:
    for field in line.operands:
        path = paths.absolute(field.value)
        yield FileOperation(Action.READ, path, field)
        if line.has("-c", "--stdout", "--to-stdout", "-t", "-l"):
            continue
        to = concat((path, hole(".gz", slash=False)))
        yield FileOperation(Action.WRITE, to, field, maybe=True)
        if line.has("-f", "--force"):
            yield FileOperation(Action.DELETE, to, field, maybe=True)
        if not line.has("-k", "--keep"):
            yield FileOperation(Action.DELETE, path, field)


def _tar(command: Command, line: Line, paths: PathResolver) -> Iterable[FileOperation]:
    operands = list(line.operands)
    letters = "".join(n.lstrip("-") for n, _ in line.options if not n.startswith("--"))
    archive = line.value("-f", "--file")
    if operands and not any(c in letters for c in "cxtrufA") and operands[0].value.literal:
        letters = str(operands.pop(0).value)
        if "f" in letters and operands:
            archive = operands.pop(0)
    creating = any(c in letters for c in "cru") or line.has("--create", "--append", "--update")
    if archive is not None and archive.value.literal != "-":
        path = paths.absolute(archive.value)
        yield FileOperation(Action.REPLACE if creating else Action.READ, path, archive)
    directory = line.value("-C", "--directory")
    base = paths.absolute(directory.value if directory is not None else literal("."))
    for field in operands if creating else ():
        path = normalised(concat((base, literal("/"), field.value)))
        path = paths.absolute(field.value) if field.value.prefix.startswith("/") else path
        yield FileOperation(Action.READ, path, field, maybe=True)
        yield FileOperation(Action.READ, concat((path, literal("/"), ANY_NAME)), field, maybe=True)
    if not creating and "t" not in letters:
        at = directory or archive or (operands[0] if operands else None)
        if at is not None:
            below = concat((base, literal("/"), ANY_NAME))
            for action in (Action.WRITE, Action.MKDIR, Action.DELETE):
                yield FileOperation(action, below, at, maybe=True)


def _unpack(command: Command, line: Line, paths: PathResolver) -> Iterable[FileOperation]:
    if not line.operands:
        return
    yield FileOperation(Action.READ, paths.absolute(line.operands[0].value), line.operands[0])
    if line.has("-l", "-p", "-t", "-v", "-z", "-Z"):
        return
    directory = line.value("-d")
    if directory is not None:
        made = normalised(paths.absolute(directory.value))
        yield FileOperation(Action.MKDIR, made, directory, maybe=True, only_if_needed=True)
    base = paths.absolute(directory.value if directory is not None else literal("."))
    yield FileOperation(
        Action.WRITE, concat((base, literal("/"), ANY_NAME)), directory or line.operands[0], maybe=True
    )


def _split(command: Command, line: Line, paths: PathResolver) -> Iterable[FileOperation]:
    if line.operands:
        yield from operations_of("read", line.operands[0], paths)
        prefix = line.operands[1].value if len(line.operands) > 1 else literal("x")
        to = concat((paths.absolute(prefix), hole("??", slash=False, empty=False, origin=GLOB)))
        yield FileOperation(Action.REPLACE, to, line.operands[-1], maybe=True)


HANDLERS: dict[str, Callable[[Command, Line, PathResolver], Iterable[FileOperation]]] = {
    "compress": _compress,
    "tar": _tar,
    "unpack": _unpack,
    "split": _split,
}
