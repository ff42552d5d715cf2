"""From a file to plain data: YAML with the place of each value, or the table of a pyproject.toml."""

from __future__ import annotations

import os
from typing import TypeAlias

from msgspec import Struct

from podlint.config.errors import ConfigurationError, Fault, Route
from podlint.engine.duplicates import duplicate_keys
from podlint.regex import late
from podlint.source.compose import InvalidYaml, compose
from podlint.source.decode import UndecodableError, decode, read
from podlint.source.documents import split
from podlint.source.nodes import PLAIN, MappingNode, ScalarNode, YamlNode
from podlint.source.span import Position, Source

NAME = ".podlint.yaml"
PYPROJECT = "pyproject.toml"

Plain: TypeAlias = "dict[str, Plain] | list[Plain] | str | int | bool | None"

_INTEGER = late(r"-?[0-9]{1,9}")
_WORDS: dict[str, Plain] = {"": None, "~": None, "null": None, "true": True, "false": False}


class Table(Struct, frozen=True):
    """What a file says. `path` is its name as it is shown; `root` is None where no places are known."""

    path: str
    data: dict[str, Plain]
    root: YamlNode | None = None

    def fault(self, message: str, route: Route) -> Fault:
        """Something that is wrong at a place."""
        return Fault(self.path, message, route, self.position(route))

    def position(self, route: Route) -> Position | None:
        """Where a value stands, or the last key or item on the way to it."""
        node, at = self.root, self.root
        for step in route:
            if isinstance(node, MappingNode):
                at, node = node.key(str(step)) or at, node.get(str(step))
            elif node is not None and not isinstance(node, ScalarNode) and isinstance(step, int):
                node = at = node.items[step]
        return at.span.position if at is not None else None


def read_table(path: str) -> Table | None:
    """What a file says of podlint; None for a pyproject.toml that says nothing.

    Raises `ConfigurationError`.
    """
    shown = os.path.relpath(path)
    try:
        data = read(path)
        if os.path.basename(path).endswith(".toml"):
            return _toml(shown, data)
        return _yaml(Source(shown, decode(data)))
    except UndecodableError as error:
        raise ConfigurationError([Fault(shown, error.reason)]) from None


def _yaml(source: Source) -> Table:
    documents = list(split(source))
    try:
        roots = [root for document in documents if (root := compose(document)) is not None]
    except InvalidYaml as error:
        fault = Fault(source.path, error.message, position=error.span.position)
        raise ConfigurationError([fault]) from None
    if not roots:
        return Table(source.path, {})
    root = roots[0]
    if len(roots) > 1:
        fault = Fault(source.path, "a configuration is one document", position=roots[1].span.position)
        raise ConfigurationError([fault])
    if not isinstance(root, MappingNode):
        fault = Fault(source.path, "a configuration is a mapping", position=root.span.position)
        raise ConfigurationError([fault])
    faults = [
        Fault(source.path, f"{one.key.value!r} appears twice in one mapping", position=one.key.span.position)
        for one in duplicate_keys(root)
    ]
    if faults:
        raise ConfigurationError(faults)
    data = _plain(root)
    assert isinstance(data, dict)
    return Table(source.path, data, root)


def _plain(node: YamlNode) -> Plain:
    """The value of a node. What is not quoted is one of `_WORDS`, a whole number, or text, such as a version
    (1.30). A key without a value says nothing."""
    if isinstance(node, MappingNode):
        pairs = ((key.value, _plain(value)) for key, value in node.entries())
        return {key: value for key, value in pairs if value is not None}
    if not isinstance(node, ScalarNode):
        return [_plain(item) for item in node.items]
    if node.style != PLAIN:
        return node.value
    if node.value in _WORDS:
        return _WORDS[node.value]
    return int(node.value) if _INTEGER.fullmatch(node.value) else node.value


def _toml(path: str, data: bytes) -> Table | None:
    if b"podlint" not in data:
        return None
    import tomllib

    try:
        document = tomllib.loads(data.decode("utf-8"))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError) as error:
        raise ConfigurationError([Fault(path, f"cannot be read as TOML: {error}")]) from None
    tool = document.get("tool", {})
    table = tool.get("podlint") if isinstance(tool, dict) else None
    if table is None:
        return None
    if not isinstance(table, dict):
        raise ConfigurationError([Fault(path, "a configuration is a table", ("tool", "podlint"))])
    return Table(path, table)
