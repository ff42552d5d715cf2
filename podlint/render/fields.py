"""Fields of kustomizations, charts and objects: what stands there under a name, if of the right type."""

from __future__ import annotations

from collections.abc import Iterator

from podlint.source.nodes import MappingNode, ScalarNode, SequenceNode, YamlNode


def at(node: YamlNode | None, *fields: str) -> YamlNode | None:
    """What stands under a field, a field of that, and so on; None where there is none."""
    for field in fields:
        node = node.get(field) if isinstance(node, MappingNode) else None
    return node


def items(node: YamlNode | None, field: str) -> list[YamlNode]:
    """The items of a list in a mapping; none where there is no such list."""
    value = node.get(field) if isinstance(node, MappingNode) else None
    return value.items if isinstance(value, SequenceNode) else []


def scalar(node: YamlNode | None, field: str) -> ScalarNode | None:
    """A field of a mapping, where it is a scalar."""
    value = node.get(field) if isinstance(node, MappingNode) else None
    return value if isinstance(value, ScalarNode) else None


def word(node: YamlNode | None, field: str) -> str:
    """The text of a field; "" where there is none."""
    found = scalar(node, field)
    return found.value if found is not None else ""


def scalars(node: YamlNode | None, *fields: str) -> Iterator[ScalarNode]:
    """The scalars among the items of some lists."""
    for field in fields:
        yield from (one for one in items(node, field) if isinstance(one, ScalarNode))
