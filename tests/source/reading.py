"""Reads the examples of these tests, and what they ask of every scalar."""

from __future__ import annotations

from podlint.source.compose import compose
from podlint.source.documents import split
from podlint.source.nodes import ScalarNode, YamlNode
from podlint.source.scalars import pieces_of
from podlint.source.span import Source


def roots(text: str) -> list[YamlNode]:
    """The root nodes of a stream, empty documents left out."""
    return [root for document in split(Source("pod.yaml", text)) if (root := compose(document)) is not None]


def is_exact(node: ScalarNode) -> bool:
    """Whether the map of a scalar rebuilds its value; where it does not, `text_of` locates the whole node."""
    return pieces_of(node) is not None
