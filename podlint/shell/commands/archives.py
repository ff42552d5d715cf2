"""Commands that pack and unpack: gzip and its like, tar, unzip, split."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from podlint.knowledge.command import Command
from podlint.shell.commands.lines import Line
from podlint.shell.commands.operations import Deed, Place, deeds_of
from podlint.shell.effects import Action
from podlint.shell.patterns import ANY_NAME, GLOB, concat, hole, literal, normalised


def _compress(command: Command, line: Line, place: Place) -> Iterable[Deed]:
    for field in line.operands:
        path = place.absolute(field.value)
        yield Deed(Action.READ, path, field)
        if line.has("-c", "--stdout", "--to-stdout", "-t", "-l"):
            continue
        to = concat((path, hole(".gz", slash=False)))
        yield Deed(Action.WRITE, to, field, maybe=True)
        if line.has("-f", "--force"):
            yield Deed(Action.DELETE, to, field, maybe=True)
        if not line.has("-k", "--keep"):
            yield Deed(Action.DELETE, path, field)


def _tar(command: Command, line: Line, place: Place) -> Iterable[Deed]:
    operands = list(line.operands)
    letters = "".join(n.lstrip("-") for n, _ in line.options if not n.startswith("--"))
    archive = line.value("-f", "--file")
    if operands and not any(c in letters for c in "cxtrufA") and operands[0].value.literal:
        letters = str(operands.pop(0).value)
        if "f" in letters and operands:
            archive = operands.pop(0)
    creating = any(c in letters for c in "cru") or line.has("--create", "--append", "--update")
    if archive is not None and archive.value.literal != "-":
        path = place.absolute(archive.value)
        yield Deed(Action.REPLACE if creating else Action.READ, path, archive)
    directory = line.value("-C", "--directory")
    base = place.absolute(directory.value if directory is not None else literal("."))
    for field in operands if creating else ():
        path = normalised(concat((base, literal("/"), field.value)))
        path = place.absolute(field.value) if field.value.prefix.startswith("/") else path
        yield Deed(Action.READ, path, field, maybe=True)
        yield Deed(Action.READ, concat((path, literal("/"), ANY_NAME)), field, maybe=True)
    if not creating and "t" not in letters:
        at = directory or archive or (operands[0] if operands else None)
        if at is not None:
            below = concat((base, literal("/"), ANY_NAME))
            for action in (Action.WRITE, Action.MKDIR, Action.DELETE):
                yield Deed(action, below, at, maybe=True)


def _unpack(command: Command, line: Line, place: Place) -> Iterable[Deed]:
    if not line.operands:
        return
    yield Deed(Action.READ, place.absolute(line.operands[0].value), line.operands[0])
    directory = line.value("-d")
    base = place.absolute(directory.value if directory is not None else literal("."))
    yield Deed(
        Action.WRITE, concat((base, literal("/"), ANY_NAME)), directory or line.operands[0], maybe=True
    )


def _split(command: Command, line: Line, place: Place) -> Iterable[Deed]:
    if line.operands:
        yield from deeds_of("read", line.operands[0], place)
        prefix = line.operands[1].value if len(line.operands) > 1 else literal("x")
        to = concat((place.absolute(prefix), hole("??", slash=False, empty=False, origin=GLOB)))
        yield Deed(Action.REPLACE, to, line.operands[-1], maybe=True)


HANDLERS: dict[str, Callable[[Command, Line, Place], Iterable[Deed]]] = {
    "compress": _compress,
    "tar": _tar,
    "unpack": _unpack,
    "split": _split,
}
