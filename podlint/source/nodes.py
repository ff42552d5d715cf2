"""YAML nodes: what the composer makes of a document. Values stay text until somebody asks for a type."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias

from podlint.source.span import Source, Span

# The five scalar styles, as PyYAML's events name them.
PLAIN, SINGLE, DOUBLE, LITERAL, FOLDED = "", "'", '"', "|", ">"


class Node:
    """A YAML node. `start` and `end` are code-point offsets in `source`; `start` is the value's own first
    character (behind a tag or an anchor) where the composer could tell."""

    __slots__ = ("end", "source", "start", "tag")

    def __init__(self, source: Source, start: int, end: int, tag: str | None) -> None:
        self.source = source
        self.start = start
        self.end = end
        self.tag = tag

    @property
    def span(self) -> Span:
        """Where the node stands."""
        return Span(self.source, self.start, self.end)


class ScalarNode(Node):
    """A scalar: its decoded `value` and the `style` it was written in."""

    __slots__ = ("style", "value")

    def __init__(self, source: Source, start: int, end: int, tag: str | None, value: str, style: str) -> None:
        # Spelt out rather than delegated: most nodes are scalars, and the call costs as much as the rest.
        self.source = source
        self.start = start
        self.end = end
        self.tag = tag
        self.value = value
        self.style = style


class SequenceNode(Node):
    """A sequence of nodes."""

    __slots__ = ("items",)

    def __init__(self, source: Source, start: int, end: int, tag: str | None) -> None:
        super().__init__(source, start, end, tag)
        self.items: list[YamlNode] = []


class MappingNode(Node):
    """A mapping: its pairs in order, duplicates kept. `get` answers as kubectl would: the last of equal
    keys wins, and keys merged by `<<` count where the mapping does not say otherwise."""

    __slots__ = ("_index", "_values", "pairs")

    def __init__(self, source: Source, start: int, end: int, tag: str | None) -> None:
        super().__init__(source, start, end, tag)
        self.pairs: list[tuple[YamlNode, YamlNode]] = []
        self._index: dict[str, tuple[ScalarNode, YamlNode]] | None = None
        self._values: dict[str, YamlNode] | None = None

    def _table(self) -> dict[str, tuple[ScalarNode, YamlNode]]:
        if self._index is None:
            table: dict[str, tuple[ScalarNode, YamlNode]] = {}
            merged: list[MappingNode] = []
            for key, value in self.pairs:
                if not isinstance(key, ScalarNode):
                    continue
                if key.value == "<<" and key.style == PLAIN:
                    sources = value.items if isinstance(value, SequenceNode) else [value]
                    merged += [node for node in sources if isinstance(node, MappingNode)]
                else:
                    table[key.value] = (key, value)
            for mapping in merged:
                for name, pair in mapping._table().items():
                    table.setdefault(name, pair)
            self._index = table
        return self._index

    def get(self, name: str) -> YamlNode | None:
        """The value of a key, or None."""
        values = self._values
        if values is None:
            values = self._values = self._read_values()
        return values.get(name)

    def _read_values(self) -> dict[str, YamlNode]:
        """What `get` answers from: most mappings are asked for nothing but values, and merge nothing."""
        values = {key.value: value for key, value in self.pairs if isinstance(key, ScalarNode)}
        if "<<" in values:
            return {name: value for name, (_, value) in self._table().items()}
        return values

    def key(self, name: str) -> ScalarNode | None:
        """The node of a key itself, or None."""
        pair = self._table().get(name)
        return pair[0] if pair else None

    def entries(self) -> Iterator[tuple[ScalarNode, YamlNode]]:
        """Keys (scalars only) with their values, after merging."""
        yield from self._table().values()


YamlNode: TypeAlias = ScalarNode | SequenceNode | MappingNode
