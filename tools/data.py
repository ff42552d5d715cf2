"""`python -m tools.data [--check]`: check the tables of `podlint/data` and compile them.

Prints each mistake with its file and row; exits with 1 where there is one, or (`--check`) where what was
compiled is stale.
"""

from __future__ import annotations

import re
import sys
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import msgspec

from podlint.engine.needs import FILE, NEEDS
from podlint.knowledge.command import Command
from podlint.knowledge.image import Entry, Image
from podlint.knowledge.knowledge import DATA, Commands, Library, Toolset
from podlint.knowledge.rows import (
    CommandRow,
    ImageRow,
    Row,
    command_faults,
    image_faults,
    known_of,
    with_ports,
)
from podlint.pages import RulePage, heads
from podlint.shell.commands.model import HANDLER_NAMES
from podlint.shell.commands.operations import ROLES
from podlint.shell.grammar import parse
from podlint.shell.syntax import Unparsed
from podlint.shell.traversal import walk

NOT_READ = "not read"
"""The source of a row for which no document was read and nothing was measured; of an image nothing is then
certain."""

_ENCODE = msgspec.json.Encoder(order="deterministic").encode
_READ = re.compile(r"20\d\d-(?:0[1-9]|1[0-2])")


class Example(msgspec.Struct, array_like=True, forbid_unknown_fields=True):
    """A command and what it does with busybox and with GNU's programs ("" where that is the same): run by
    `tests/oracle/test_commands.py`."""

    command: str
    busybox: str
    gnu: str = ""


class SourcedCommand(CommandRow, frozen=True, eq=False, kw_only=True, forbid_unknown_fields=True):
    """A row of `data/commands`. `source`: the document that was read, or the measurement."""

    source: str
    examples: tuple[Example, ...] = ()


class SourcedImage(ImageRow, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A row of `data/images`. `read`: the month in which the source was read."""

    repositories: tuple[str, ...]
    source: str
    read: str = ""


class SourcedLibrary(Library, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A row of `data/libraries`: a script at a path of certain images."""

    path: str
    source: str
    read: str = ""


class SourcedToolset(Toolset, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A row of `data/toolsets`."""

    source: str
    read: str = ""


class Mistake(ValueError):
    """A row that is not in order: its file, its name, and what is wrong."""

    def __init__(self, path: Path, row: str, what: str) -> None:
        super().__init__(f"{path.name}: {row}: {what}")


def compile_data(directory: Path) -> dict[str, bytes]:
    """The compiled files of a directory with `commands/*.toml`, `images/*.toml`, `libraries/*.toml` and
    `toolsets/*.toml`.

    Raises `Mistake` at the first row that is not in order.
    """
    commands, images = read_commands(directory / "commands"), read_images(directory / "images")
    aliases = {alias: name for name, row in commands.items() for alias in row.aliases}
    compiled = Commands({name: known_of(row, Command) for name, row in commands.items()}, aliases)
    entries: dict[str, list[Entry]] = {}
    for one in images:
        for repository in one.repositories:
            entry = Entry(repository, known_of(one, Image), one.tags)
            entries.setdefault(repository.rpartition("/")[2], []).append(entry)
    rows = b'{"aliases":%b,"rows":%b}' % (_ENCODE(compiled.aliases), _lines(compiled.rows))
    libraries = {one.path: known_of(one, Library) for one in read_libraries(directory / "libraries")}
    toolsets = read_toolsets(directory / "toolsets")
    for one in images:
        if one.base and one.base not in toolsets:
            raise Mistake(directory / "images", one.repositories[0], f'there is no toolset "{one.base}"')
    return {
        "commands.json": rows + b"\n",
        "images.json": _lines(entries) + b"\n",
        "libraries.json": _lines(libraries) + b"\n",
        "toolsets.json": _lines({name: known_of(row, Toolset) for name, row in toolsets.items()}) + b"\n",
    }


def compile_needs(pages: Mapping[str, RulePage]) -> bytes:
    """What the rules need, from the heads of their pages.

    Raises `Mistake` for a need that there is not.
    """
    for rule, page in pages.items():
        for need in page.needs:
            if need not in NEEDS:
                raise Mistake(Path(page.path), rule, f'"{need}" is none of {", ".join(NEEDS)}')
    return _lines({rule: sorted(page.needs) for rule, page in pages.items() if page.needs}) + b"\n"


def _lines(table: Mapping[str, object]) -> bytes:
    """A table as JSON with one row on each line, so that changes can be read."""
    rows = (_ENCODE(name) + b":" + _ENCODE(row) for name, row in table.items())
    return b"{\n" + b",\n".join(rows) + b"\n}"


def read_commands(directory: Path) -> dict[str, SourcedCommand]:
    """The rows of all commands by name, each with what it takes from another."""
    raw: dict[str, tuple[Path, Row]] = {}
    for path, table in _tables(directory):
        for name, row in table.items():
            if name in raw:
                raise Mistake(path, name, f"is in {raw[name][0].name} too")
            raw[name] = (path, row)
    return {name: _command(name, raw) for name in sorted(raw)}


def _command(name: str, raw: dict[str, tuple[Path, Row]]) -> SourcedCommand:
    path, row = raw[name]
    if "like" in row:
        _, other = raw.get(row["like"], (path, None))
        if other is None or "like" in other:
            raise Mistake(path, name, f'"{row["like"]}" is no row of its own')
        own = ("aliases", "examples", "source")
        row = {key: value for key, value in other.items() if key not in own} | row
    found: SourcedCommand = _converted(row, SourcedCommand, path, name)
    program, blank, _ = name.partition(" ")
    if blank and "sub-commands" not in raw.get(program, (path, {}))[1].get("traits", ()):
        raise Mistake(path, name, f'"{program}" has not the trait "sub-commands"')
    _check(command_faults(found, ROLES), path, name)
    if found.handler and found.handler not in HANDLER_NAMES:
        raise Mistake(path, name, f'there is no handler "{found.handler}" in podlint/shell/commands')
    for alias in found.aliases:
        if alias in raw or sum(alias in other.get("aliases", ()) for _, other in raw.values()) > 1:
            raise Mistake(path, name, f'"{alias}" is a name of another row too')
    _check_source(found.source, path, name)
    return found


def read_images(directory: Path) -> list[SourcedImage]:
    """The rows of all images, in the order of files and rows."""
    found: list[SourcedImage] = []
    taken: set[tuple[str, tuple[str, ...]]] = set()
    for path, table in _tables(directory):
        if set(table) != {"image"}:
            raise Mistake(path, ", ".join(table), "a file of images holds nothing but [[image]]")
        for row in table["image"]:
            name = " ".join(row.get("repositories", ["a row without repositories"]))
            found.append(_image(row, path, name))
            for repository in found[-1].repositories:
                if (repository, ()) in taken or (repository, found[-1].tags) in taken:
                    raise Mistake(path, name, f'an earlier row holds for all of "{repository}"')
                taken.add((repository, found[-1].tags))
    return found


def _image(row: Row, path: Path, name: str) -> SourcedImage:
    certain = row.get("certain", True) and row.get("source") != NOT_READ
    row = with_ports(row, certain) | {"certain": certain}
    found: SourcedImage = _converted(row, SourcedImage, path, name)
    _check(image_faults(found, found.repositories), path, name)
    if found.read and not _READ.fullmatch(found.read):
        raise Mistake(path, name, f'read = "{found.read}" is no month such as "2026-04"')
    _check_source(found.source, path, name)
    return found


def read_libraries(directory: Path) -> list[SourcedLibrary]:
    """The rows of all libraries, in the order of files and rows."""
    found: list[SourcedLibrary] = []
    for path, table in _tables(directory):
        for row in table.get("library", ()):
            one: SourcedLibrary = _converted(row, SourcedLibrary, path, str(row.get("path")))
            if any(other.path == one.path for other in found):
                raise Mistake(path, one.path, "is in an earlier row too")
            if any(isinstance(node, Unparsed) for node in walk(parse(one.script))):
                raise Mistake(path, one.path, "the script cannot be read")
            _check_source(one.source, path, one.path)
            found.append(one)
    return found


def read_toolsets(directory: Path) -> dict[str, SourcedToolset]:
    """The sets of programs by name."""
    found: dict[str, SourcedToolset] = {}
    for path, table in _tables(directory):
        for name, row in table.items():
            if name in found:
                raise Mistake(path, name, "is in an earlier file too")
            one: SourcedToolset = _converted(row, SourcedToolset, path, name)
            if bool(one.programs) == bool(one.lacks) and not (one.links and not one.programs):
                raise Mistake(path, name, "either `programs` are all that there are, or some are in `lacks`")
            _check_source(one.source, path, name)
            found[name] = one
    return found


def _check(faults: Iterator[str], path: Path, name: str) -> None:
    for fault in faults:
        raise Mistake(path, name, fault)


def _check_source(source: str, path: Path, name: str) -> None:
    if not source.strip():
        raise Mistake(path, name, f'the source is empty; where nothing was read write "{NOT_READ}"')


def _tables(directory: Path) -> Iterator[tuple[Path, Row]]:
    for path in sorted(directory.glob("*.toml")):
        try:
            yield path, tomllib.loads(path.read_text(encoding="utf-8"))
        except tomllib.TOMLDecodeError as error:
            raise Mistake(path, "no TOML", str(error)) from None


def _converted(row: Row, kind: type[Any], path: Path, name: str) -> Any:
    try:
        return msgspec.convert(row, kind)
    except msgspec.ValidationError as error:
        raise Mistake(path, name, str(error)) from None


def main(arguments: list[str]) -> int:
    """Check and compile; returns the exit code."""
    data = Path(DATA)
    try:
        compiled = {**compile_data(data), FILE: compile_needs(heads())}
    except Mistake as mistake:
        print(mistake, file=sys.stderr)
        return 1
    stale = [name for name, content in compiled.items() if not _is_fresh(data / name, content)]
    if "--check" in arguments:
        for name in stale:
            print(f"podlint/data/{name} is stale: run `python3 dev.py data`", file=sys.stderr)
        return 1 if stale else 0
    for name in stale:
        (data / name).write_bytes(compiled[name])
        print(f"wrote podlint/data/{name}")
    return 0


def _is_fresh(path: Path, content: bytes) -> bool:
    return path.is_file() and path.read_bytes() == content


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
