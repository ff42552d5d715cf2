"""Trees: an object as patches leave it, each part of it with the place where it was written."""

from __future__ import annotations

from typing import TypeAlias

from msgspec import Struct

from podlint.source.nodes import ScalarNode, SequenceNode, YamlNode
from podlint.source.scalars import text_of
from podlint.source.span import Span
from podlint.source.text import Text


class Leaf(Struct, frozen=True, eq=False):
    """A scalar: the text that was written for it, and its node, where it is one of YAML."""

    text: Text
    node: ScalarNode | None = None

    @property
    def at(self) -> Span:
        """Where it stands."""
        return self.node.span if self.node is not None else self.text.span()


class Field(Struct, frozen=True, eq=False):
    """A pair of a mapping."""

    key: Leaf
    value: Tree


class Branch(Struct, eq=False):
    """A mapping; `at` is where the first that was said of it stands."""

    at: Span
    fields: dict[str, Field]

    def get(self, name: str) -> Tree | None:
        """The value of a key, or None."""
        field = self.fields.get(name)
        return field.value if field is not None else None

    def word(self, name: str) -> str:
        """A field that is a scalar; "" where there is none."""
        value = self.get(name)
        return value.text.value if isinstance(value, Leaf) else ""


class Row(Struct, eq=False):
    """A list."""

    at: Span
    items: list[Tree]


Tree: TypeAlias = Leaf | Branch | Row


def leaf(node: ScalarNode) -> Leaf:
    """A scalar as a tree."""
    return Leaf(text_of(node), node)


def tree_of(node: YamlNode) -> Tree:
    """A node with all below it; what is written by an alias is there as often as it is used."""
    if isinstance(node, ScalarNode):
        return leaf(node)
    if isinstance(node, SequenceNode):
        return Row(node.span, [tree_of(item) for item in node.items])
    return Branch(
        node.span,
        {key.value: Field(leaf(key), tree_of(value)) for key, value in node.entries()},
    )


def copied(tree: Tree) -> Tree:
    """Another tree of the same leaves, to be changed by itself."""
    if isinstance(tree, Branch):
        fields = {name: Field(one.key, copied(one.value)) for name, one in tree.fields.items()}
        return Branch(tree.at, fields)
    return Row(tree.at, [copied(item) for item in tree.items]) if isinstance(tree, Row) else tree
