"""Values: where the values of a chart are written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeAlias

from msgspec import Struct

from podlint.regex import late
from podlint.render.fitting import Setting
from podlint.source.compose import InvalidYaml, compose
from podlint.source.documents import Document
from podlint.source.nodes import MappingNode, ScalarNode, YamlNode
from podlint.source.origin import Key
from podlint.source.span import Source, Span

_VALUE = late(r"\.Values((?:\.\w+)+)")


class ValuesFile(Struct, frozen=True):
    """A file of values, which holds those of a chart below some names: its own below none, those of a chart
    in it below its name."""

    root: YamlNode
    below: tuple[str, ...] = ()

    def find(self, names: Sequence[str]) -> Setting | None:
        """The value that some names lead to."""
        written = _find(self.root, names)
        return _setting(written[0].span, written[1].span, names) if written is not None else None


class SetValues(Struct, frozen=True):
    """Values that are set one by one, as of `helm --set`: where each stands, by the names that lead to it,
    joined by dots; None for what stands in no file."""

    places: Mapping[str, Span | None]
    below: tuple[str, ...] = ()

    def find(self, names: Sequence[str]) -> Setting | None:
        """The value that some names lead to, without a key where it stands in no file."""
        name = ".".join(names)
        if name not in self.places:
            return None
        place = self.places[name]
        return _setting(place, place, names) if place is not None else Setting(None, "")


Values: TypeAlias = ValuesFile | SetValues


def values_file(source: Source) -> ValuesFile | None:
    """The values in a file; None where it holds none, or cannot be read."""
    try:
        root = compose(Document(source, 0, len(source.text)))
    except InvalidYaml:
        return None
    return ValuesFile(root) if root is not None else None


def setting(action: str, values: Sequence[Values]) -> Setting | None:
    """The value that an action of a template emits, in the first of the values that have it."""
    found = _VALUE.search(action)
    if found is None:
        return None
    names = tuple(found[1].split(".")[1:])
    for one in values:
        written = one.find(names if names[0] == "global" else (*one.below, *names))
        if written is not None:
            return written
    return None


def _setting(key: Span, value: Span, names: Sequence[str]) -> Setting:
    return Setting(Key(key, ".".join(names)), value.raw)


def _find(root: YamlNode, names: Sequence[str]) -> tuple[YamlNode, YamlNode] | None:
    """The key and the value that some names lead to."""
    node: YamlNode = root
    found: tuple[YamlNode, YamlNode] | None = None
    for name in names:
        if not isinstance(node, MappingNode):
            return None
        pairs = (
            (key, value) for key, value in node.pairs if isinstance(key, ScalarNode) and key.value == name
        )
        found = next(pairs, None)
        if found is None:
            return None
        node = found[1]
    return found
