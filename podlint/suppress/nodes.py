"""The nodes of a document by their places."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator

from podlint.source.nodes import FOLDED, LITERAL, MappingNode, ScalarNode, SequenceNode, YamlNode
from podlint.source.span import Source, Span


def walk(root: YamlNode | None) -> Iterator[YamlNode]:
    """Every node, each once: an alias stands where its anchor does."""
    pending: list[YamlNode] = [] if root is None else [root]
    seen = {id(root)}
    while pending:
        node = pending.pop()
        yield node
        for child in children_of(node):
            if id(child) not in seen:
                seen.add(id(child))
                pending.append(child)


def children_of(node: YamlNode) -> list[YamlNode]:
    """The items of a sequence; the keys and values of a mapping."""
    if isinstance(node, SequenceNode):
        return node.items
    if isinstance(node, MappingNode):
        return [child for pair in node.pairs for child in pair]
    assert isinstance(node, ScalarNode)
    return []


class Nodes:
    """The scalars of a document, and what a comment above may mean: items of sequences and pairs of mappings,
    each with its value, and the whole."""

    def __init__(self, root: YamlNode | None) -> None:
        scalars: list[ScalarNode] = []
        ends: dict[int, int] = {}
        self._texts: set[int] = set()
        for node in walk(root):
            if isinstance(node, ScalarNode):
                scalars.append(node)
            elif isinstance(node, MappingNode):
                self._texts.update(map(id, _texts_in(node)))
            for start, end in _targets(node):
                ends[start] = max(ends.get(start, 0), end)
        if root is not None:
            ends[root.start] = root.end
        self._scalars = sorted(scalars, key=lambda scalar: scalar.start)
        self._starts = [scalar.start for scalar in self._scalars]
        self._ends = ends
        self._begins = sorted(ends)

    def scalar_at(self, at: int) -> ScalarNode | None:
        """The scalar that holds a character."""
        index = bisect_right(self._starts, at) - 1
        return self._scalars[index] if index >= 0 and at < self._scalars[index].end else None

    def inside(self, at: int) -> ScalarNode | None:
        """The scalar whose text holds a character: behind the indicator of a block scalar there is none."""
        scalar = self.scalar_at(at)
        if scalar is None or scalar.style not in (LITERAL, FOLDED):
            return scalar
        position = scalar.source.position
        return None if position(scalar.start).line == position(at).line else scalar

    def may_be_script(self, scalar: ScalarNode) -> bool:
        """Whether a shell may get to see a scalar, for all that its place tells."""
        return id(scalar) not in self._texts

    def next_target(self, source: Source, at: int) -> Span:
        """The item or pair that begins next; nothing where there is none."""
        index = bisect_left(self._begins, at)
        if index == len(self._begins):
            return Span(source, at, at)
        return Span(source, self._begins[index], self._ends[self._begins[index]])

    def line(self, source: Source, at: int) -> Span:
        """The line of an offset, with the scalars of which a part stands on it."""
        start, end = source.line_bounds(source.position(at).line)
        first = self.scalar_at(start)
        last = bisect_right(self._starts, end) - 1
        return Span(
            source,
            min(start, first.start) if first is not None else start,
            max(end, self._scalars[last].end) if last >= 0 else end,
        )


def _targets(node: YamlNode) -> Iterator[tuple[int, int]]:
    """What can be meant by a comment above it: items and pairs. What an alias names stands elsewhere."""
    if isinstance(node, SequenceNode):
        yield from ((item.start, item.end) for item in node.items if item.start >= node.start)
    elif isinstance(node, MappingNode):
        for key, value in node.pairs:
            yield key.start, value.end if value.start >= key.start else key.end


def _texts_in(node: MappingNode) -> Iterator[YamlNode]:
    """What is text and no script: keys, and the values of annotations."""
    for key, value in node.pairs:
        yield key
        if isinstance(key, ScalarNode) and key.value == "annotations" and isinstance(value, MappingNode):
            yield from (text for _, text in value.pairs)
