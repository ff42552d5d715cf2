"""Commands that work on files where they are: tail, sed, dd, rm and others."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from msgspec.structs import replace

from podlint.knowledge.command import Command
from podlint.regex import late
from podlint.shell.commands.lines import Line, as_written
from podlint.shell.commands.operations import FileOperation, PathResolver, by_roles, operations_of, replaced
from podlint.shell.effects import Action, Field
from podlint.shell.patterns import (
    ANY_NAME,
    Pattern,
    concat,
    from_pieces,
    hole,
    literal,
    normalised,
    split_last,
)


def _tail(command: Command, line: Line, paths: PathResolver) -> Iterable[FileOperation]:
    by_name = line.has("-F") or any(n == "--follow" and _is(v, "name") for n, v in line.options)
    follow = "name" if by_name else "descriptor" if line.has("-f", "--follow") else ""
    for field in line.operands:
        if field.value.prefix[:1] == "+" or field.value.literal == "-":
            continue
        yield FileOperation(Action.READ, paths.absolute(field.value), field, follow=follow)


def _is(field: Field | None, text: str) -> bool:
    return field is not None and field.value.literal == text


def _tee(command: Command, line: Line, paths: PathResolver) -> Iterable[FileOperation]:
    role = "append" if line.has("-a", "--append") else "replace"
    for field in line.operands:
        yield from operations_of(role, field, paths)


def _sed(command: Command, line: Line, paths: PathResolver) -> Iterable[FileOperation]:
    program_given = line.has("-e", "-f", "--expression", "--file")
    operands = line.operands if program_given else line.operands[1:]
    in_place = [n for n, _ in line.options if n.startswith("-i") or n == "--in-place"]
    suffix = next((n[2:] for n in in_place if n.startswith("-i") and len(n) > 2 and n[2] != "n"), "")
    for field in operands:
        if in_place:
            path = paths.absolute(field.value)
            yield FileOperation(Action.READ, path, field)
            yield from replaced(field, path, suffix)
        else:
            yield from operations_of("read", field, paths)
    script = line.value("-f", "--file")
    if script is not None:
        yield from operations_of("read", script, paths)


_AWK_OUTPUT = late(r'(>>?)\s*"([^"\\\s]+)"')


def _awk(command: Command, line: Line, paths: PathResolver) -> Iterable[FileOperation]:
    operands = line.operands if line.has("-f") else line.operands[1:]
    for field in operands:
        if "=" not in field.value.prefix.split("/")[0]:
            yield from operations_of("read", field, paths)
    if line.operands and not line.has("-f"):
        program = line.operands[0]
        for arrows, name in _AWK_OUTPUT.findall(str(program.value)):
            action = Action.APPEND if arrows == ">>" else Action.REPLACE
            yield FileOperation(action, paths.absolute(literal(name)), program, maybe=True)


def _dd(command: Command, line: Line, paths: PathResolver) -> Iterable[FileOperation]:
    keep = any(f.value.prefix.startswith("conv=") and "notrunc" in str(f.value) for f in line.operands)
    for field in line.operands:
        prefix = field.value.prefix
        if prefix.startswith(("if=", "of=")):
            path = paths.absolute(from_pieces((prefix[3:], *field.value.pieces[1:])))
            written = Action.WRITE if keep else Action.REPLACE
            yield FileOperation(Action.READ if prefix.startswith("if=") else written, path, field)


def _truncate(command: Command, line: Line, paths: PathResolver) -> Iterable[FileOperation]:
    size = line.value("-s", "--size")
    for field in line.operands:
        cut = "" if size is None else str(size.value)
        yield FileOperation(Action.TRUNCATE, paths.absolute(field.value), field, size=cut)


def _mkdir(command: Command, line: Line, paths: PathResolver) -> Iterable[FileOperation]:
    mode = as_written(line.value("-m", "--mode"))
    for field in line.operands:
        path = paths.absolute(field.value)
        whole = path.literal
        if line.has("-p", "--parents"):
            written = field.value.literal or ""
            parts = (written if written.startswith("/") else whole or "").split("/")
            for length in range(1, len(parts)):
                parent = normalised(literal("/".join(parts[:length]) or "/"))
                yield FileOperation(Action.MKDIR, parent, field, maybe=True, only_if_needed=True)
        parents = line.has("-p", "--parents")
        yield FileOperation(Action.MKDIR, path, field, maybe=parents, only_if_needed=parents, mode=mode)


def _chmod(command: Command, line: Line, paths: PathResolver) -> Iterable[FileOperation]:
    for change, given in _changed(line, paths):
        yield replace(change, mode=given)


def _chown(command: Command, line: Line, paths: PathResolver) -> Iterable[FileOperation]:
    for change, given in _changed(line, paths):
        # With `--from` it depends on whose it is.
        yield replace(change, new_owner="?" if line.has("--from") else given)


def _chgrp(command: Command, line: Line, paths: PathResolver) -> Iterable[FileOperation]:
    for change, given in _changed(line, paths):
        yield replace(change, new_owner=":" + given)


def _changed(line: Line, paths: PathResolver) -> Iterable[tuple[FileOperation, str]]:
    """The files whose mode or owner is changed, with what is given to them."""
    files, given = line.operands, "?"
    if not line.has("--reference"):
        given, files = as_written(files[0]) if files else "?", files[1:]
    recursive = line.has("-R", "--recursive")
    for field in files:
        path = paths.absolute(field.value)
        yield FileOperation(Action.CHMOD, path, field, recursive=recursive), given


def _rm(command: Command, line: Line, paths: PathResolver) -> Iterable[FileOperation]:
    """`rm -f` looks first whether there is anything to remove."""
    for field in line.operands:
        path = normalised(paths.absolute(field.value))
        recursive = line.has("-r", "-R", "--recursive")
        yield FileOperation(
            Action.DELETE, path, field, maybe=recursive, only_if_needed=line.has("-f", "--force")
        )
        if recursive:
            yield FileOperation(Action.DELETE, concat((path, literal("/"), ANY_NAME)), field, maybe=True)


def _mktemp(command: Command, line: Line, paths: PathResolver) -> Iterable[FileOperation]:
    """The file or the directory that it makes; without a template and `-p` no argument says where."""
    at = line.operands[0] if line.operands else line.value("-p", "--tmpdir")
    if at is not None and not line.has("-u", "--dry-run"):
        action = Action.MKDIR if line.has("-d", "--directory") else Action.WRITE
        yield FileOperation(action, paths.absolute(temporary_name(line)), at)


def temporary_name(line: Line) -> Pattern:
    """What `mktemp` prints: its template with the X of its end replaced, below the directory of `-p` or, with
    `-t` or without a template, below /tmp."""
    template = line.operands[0].value if line.operands else literal("tmp.XXXXXX")
    base = line.value("-p", "--tmpdir")
    below = base is not None or not line.operands or line.has("-p", "--tmpdir", "-t")
    ending = line.value("--suffix")
    if template.literal is None:
        name = hole("$(mktemp)")
    else:
        cut = template.literal.rstrip("X")
        name = concat(
            (literal(cut), hole("X" * (len(template.literal) - len(cut)), slash=False, empty=False))
        )
    if below:
        name = concat((base.value if base is not None else literal("/tmp"), literal("/"), name))
    return name if ending is None else concat((name, ending.value))


def _wget(command: Command, line: Line, paths: PathResolver) -> Iterable[FileOperation]:
    """What is fetched goes to the named file, else to one named by the address."""
    yield from by_roles(command, line, paths)
    if line.value("-O", "--output-document") is None and not line.has("--spider"):
        yield from _named_by_address(line, line.value("-P"), paths)


def _curl(command: Command, line: Line, paths: PathResolver) -> Iterable[FileOperation]:
    """What is fetched goes to standard output, but for `-o FILE` and `-O`."""
    yield from by_roles(command, line, paths)
    if line.has("-O", "--remote-name"):
        for operation in _named_by_address(line, line.value("--output-dir"), paths):
            known = operation.path.literal is not None and not line.vague
            yield replace(operation, action=Action.REPLACE, maybe=not known)


def _named_by_address(line: Line, base: Field | None, paths: PathResolver) -> Iterable[FileOperation]:
    """Files named by the last part of each address, below a directory."""
    for field in line.operands:
        address = field.value.prefix.partition("://")[2] or field.value.prefix
        bare = "/" not in address and len(field.value.pieces) == 1
        name = literal("") if bare else split_last(field.value)[1]
        directory = paths.absolute(base.value if base is not None else literal("."))
        path = concat((directory, literal("/"), name if name.pieces else literal("index.html")))
        yield FileOperation(Action.WRITE, normalised(path), field, maybe=True)


def _sleep(command: Command, line: Line, paths: PathResolver) -> Iterable[FileOperation]:
    return ()


HANDLERS: dict[str, Callable[[Command, Line, PathResolver], Iterable[FileOperation]]] = {
    "tail": _tail,
    "tee": _tee,
    "sed": _sed,
    "awk": _awk,
    "dd": _dd,
    "chmod": _chmod,
    "chown": _chown,
    "chgrp": _chgrp,
    "truncate": _truncate,
    "mkdir": _mkdir,
    "rm": _rm,
    "mktemp": _mktemp,
    "wget": _wget,
    "curl": _curl,
    "sleep": _sleep,
}
