"""Rows about commands and images as people write them, and what may be wrong with one."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any, TypeVar

from msgspec import Struct

from podlint.knowledge.command import Command
from podlint.knowledge.image import Image, is_one_of
from podlint.regex import late

Row = dict[str, Any]
_Record = TypeVar("_Record", bound=Struct)
_TAG = late(r"[A-Za-z0-9_.]++|>=\d++(?:\.\d++)*+")
_MOVING = late(r"-\S++|/[^\s*]*+(?<!/)|[A-Z][A-Z0-9_*]*+|[^\s/*]*+\*\S*+")
_NAME = r"[a-z0-9]++(?:[._-]++[a-z0-9]++)*+"
_REPOSITORY = late(rf"{_NAME}(?:/{_NAME})*+")


class CommandRow(Command, frozen=True, eq=False, kw_only=True, forbid_unknown_fields=True):
    """A row about a command. `like`: another command, of which all holds that this row does not say itself.
    `aliases`: other names of the same program."""

    like: str = ""
    aliases: tuple[str, ...] = ()


class ImageRow(Image, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A row about an image. `tags`: parts of a tag, of which one must be there, or versions (`>=1.31`)."""

    tags: tuple[str, ...] = ()


def known_of(row: Struct, kind: type[_Record]) -> _Record:
    """What of a row is of use when podlint runs: the record of a kind whose fields the row has."""
    return kind(**{field: getattr(row, field) for field in kind.__struct_fields__})


def with_ports(row: Mapping[str, Any], certain: bool) -> Row:
    """The row of an image in which each port is a table, also where it is a number; a port is `certain` where
    the row does not say otherwise."""
    ports = row.get("ports", ())
    if not isinstance(ports, list | tuple):
        return dict(row)
    tables = [{"number": one} if isinstance(one, int) else one for one in ports]
    return {**row, "ports": [{"certain": certain} | one if isinstance(one, dict) else one for one in tables]}


def command_faults(row: CommandRow, roles: Collection[str]) -> Iterator[str]:
    """What is wrong with a row about a command, beyond its types; `roles` are those that there are."""
    named = (
        *row.operands,
        *row.option_roles.values(),
        *(one for some in row.instead.values() for one in some),
    )
    for role in named:
        if role.removesuffix("*") not in roles:
            yield f'"{role}" is no role; there are {", ".join(sorted(roles))}'
    for option in (*row.option_roles, *row.instead, *row.values):
        if option[:1] not in ("-", "+"):
            yield f'"{option}" is no option'
    for shell in {*row.absent, *row.refused, *row.printed} - {"dash", "old-dash", "ash"}:
        yield f'"{shell}" is no shell that differs from bash; there are ash, dash and old-dash'
    if not set(row.option_roles) <= set(row.values):
        yield "an option of `option_roles` is not in `values`"


def image_faults(row: ImageRow, repositories: Collection[str]) -> Iterator[str]:
    """What is wrong with a row about an image, beyond its types."""
    if not row.certain and any(port.certain for port in row.ports):
        yield "a port is certain, and the image is not"
    if not row.certain and row.doubtful:
        yield "nothing is certain, so nothing has to be called doubtful"
    if not row.official:
        yield "`official` is found out from the reference"
    for field in row.doubtful:
        if field not in Image.__struct_fields__:
            yield f'"{field}" in `doubtful` is no field of an image'
    kept = (*row.state, *row.volumes, *row.needs, *row.scratch, *row.directories)
    for one in (*row.logs, *row.files, *kept):
        if not one.startswith("/") or (one != "/" and one.endswith("/")):
            yield f'"{one}" is no absolute path, or ends with "/"'
    for repository in repositories:
        if not _REPOSITORY.fullmatch(repository):
            yield f'"{repository}" is no repository (without registry and tag)'
    for tag in row.tags:
        if not _TAG.fullmatch(tag):
            yield f'"{tag}" is no part of a tag (between "-") and no version (">=1.2")'
    for demand in row.demands:
        if not demand.one_of:
            yield "a demand has no variable"
        if demand.unless_filled and not demand.unless_filled.startswith("/"):
            yield f'"{demand.unless_filled}" is no absolute path'
        for one in demand.unless:
            if not _MOVING.fullmatch(one):
                yield f'"{one}" in a demand is no option, operand, variable or absolute path'
    for port in row.ports:
        for option in port.options:
            if not option.startswith("-"):
                yield f'"{option}" in the `options` of a port is no option'
        for one in (*port.options, *port.variables):
            if is_one_of(one, row.moved_by or ()):
                yield f'"{one}" gives one port, and `moved_by` says that it may move any'
    for name, words in (("moved_by", row.moved_by), ("configured_by", row.configured_by)):
        for one in words or ():
            if not _MOVING.fullmatch(one):
                yield f'"{one}" in `{name}` is no option, operand, variable or absolute path'
