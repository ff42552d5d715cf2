"""A team's own knowledge: its rows about commands and images, before those that come with podlint."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

import msgspec

from podlint.config.errors import Fault, Route
from podlint.config.model import Config
from podlint.config.reading import Table
from podlint.knowledge.command import Command
from podlint.knowledge.image import Entry, Image
from podlint.knowledge.knowledge import Commands, Knowledge, built_in
from podlint.knowledge.rows import CommandRow, ImageRow, command_faults, image_faults, known_of, with_ports
from podlint.shell.commands.operations import ROLES

_Row = TypeVar("_Row", bound=msgspec.Struct)


def extended(config: Config, table: Table, faults: list[Fault]) -> Knowledge | None:
    """What is known with the rows of a configuration; None where it has none. What is wrong with a row is
    added to `faults`."""
    if not config.commands and not config.images:
        return None
    known = built_in()
    rows, aliases = dict(known.commands.rows), dict(known.commands.aliases)
    for name, raw in config.commands.items():
        row = _command(name, raw, known, table, faults)
        if row is not None:
            rows[name] = known_of(row, Command)
            aliases |= dict.fromkeys(row.aliases, name)
    images = dict(known.images)
    for repository, raw in config.images.items():
        found = _image(repository, raw, table, faults)
        if found is not None:
            image = known_of(found, Image)
            last = repository.rpartition("/")[2]
            images[last] = (Entry(repository, image, found.tags), *images.get(last, ()))
    return Knowledge(Commands(rows, aliases), images, known.libraries, known.toolsets)


def _command(
    name: str, raw: Mapping[str, Any], known: Knowledge, table: Table, faults: list[Fault]
) -> CommandRow | None:
    route = ("commands", name)
    like = raw.get("like")
    if isinstance(like, str):
        other = known.commands.rows.get(known.program(like))
        if other is None:
            faults.append(table.fault(f"nothing is known of a command {like!r}", (*route, "like")))
            return None
        raw = {**msgspec.to_builtins(other), **raw}
    elif "handler" in raw:
        faults.append(table.fault("cannot be given; say `like` which command it is", (*route, "handler")))
        return None
    row = _converted(raw, CommandRow, table, route, faults)
    if row is not None:
        faults += [table.fault(fault, route) for fault in command_faults(row, ROLES)]
    return row


def _image(repository: str, raw: Mapping[str, Any], table: Table, faults: list[Fault]) -> ImageRow | None:
    route = ("images", repository)
    row = _converted(with_ports(raw, raw.get("certain") is not False), ImageRow, table, route, faults)
    if row is not None:
        faults += [table.fault(fault, route) for fault in image_faults(row, (_without_host(repository),))]
    return row


def _without_host(repository: str) -> str:
    """The repository without a registry, which a team may name: `registry.acme.org:5000/tools/agent`."""
    host, slash, rest = repository.partition("/")
    return rest if slash and ("." in host or ":" in host) else repository


def _converted(
    raw: Mapping[str, Any], kind: type[_Row], table: Table, route: Route, faults: list[Fault]
) -> _Row | None:
    try:
        return msgspec.convert(raw, kind)
    except msgspec.ValidationError as error:
        message, _, at = str(error).partition(" - at `$.")
        key = at.rstrip("`").partition(".")[0].partition("[")[0]
        faults.append(table.fault(message, (*route, key) if key else route))
        return None
