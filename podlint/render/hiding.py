"""Hiding: what a kustomization says of Secrets, which no report may show where a finding points into it."""

from __future__ import annotations

from collections.abc import Iterator

from podlint.render.fields import items, scalar, word
from podlint.source.nodes import MappingNode, ScalarNode
from podlint.source.scalars import text_of
from podlint.source.secrets import hidden, hide
from podlint.source.span import Source

_PATCHES = ("patches", "patchesStrategicMerge", "patchesJson6902")


def hide_secrets(root: MappingNode) -> None:
    """Have the literals of its Secret generators masked wherever its file is shown, and the secret values in
    the patches that it holds itself."""
    ranges = [*_literals(root), *_in_patches(root)]
    if ranges:
        hide(root.source, ranges)


def _literals(root: MappingNode) -> Iterator[tuple[int, int]]:
    for generator in items(root, "secretGenerator"):
        for node in items(generator, "literals"):
            if isinstance(node, ScalarNode):
                key, equals, _ = node.value.partition("=")
                value = text_of(node).span(len(key) + len(equals))
                yield (value.start, value.end) if equals else (node.start, node.end)


def _in_patches(root: MappingNode) -> Iterator[tuple[int, int]]:
    for field in _PATCHES:
        for item in items(root, field):
            node = item if isinstance(item, ScalarNode) else scalar(item, "patch")
            if node is None or "\n" not in node.value:
                continue
            target = item.get("target") if isinstance(item, MappingNode) else None
            if word(target, "kind") == "Secret":
                yield node.start, node.end
                continue
            text = text_of(node)
            for start, end in hidden(Source(root.source.path, node.value)):
                span = text.span(start, end)
                yield span.start, span.end
