"""Values: where the values of a chart are written."""

from __future__ import annotations

from collections.abc import Sequence

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


def values_file(source: Source) -> ValuesFile | None:
    """The values in a file; None where it holds none, or cannot be read."""
    try:
        root = compose(Document(source, 0, len(source.text)))
    except InvalidYaml:
        return None
    return ValuesFile(root) if root is not None else None


def setting(action: str, files: Sequence[ValuesFile]) -> Setting | None:
    """The value that an action of a template emits, in the first of the files that has it."""
    found = _VALUE.search(action)
    if found is None:
        return None
    names = tuple(found[1].split(".")[1:])
    for file in files:
        written = _find(file.root, names if names[0] == "global" else (*file.below, *names))
        if written is not None:
            key, value = written
            name = ".".join(names if names[0] == "global" else (*file.below, *names))
            return Setting(Key(Span(key.source, key.start, key.end), name), value.span.raw)
    return None


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
