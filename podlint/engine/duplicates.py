"""Keys that stand twice in one mapping of a document."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from podlint.source.nodes import MappingNode, ScalarNode, SequenceNode, YamlNode

_MERGE = "<<"


class Repeated(Struct, frozen=True):
    """A key that repeats the `first` one of a mapping; `same`: with a value that is written alike."""

    key: ScalarNode
    first: ScalarNode
    holder: MappingNode
    same: bool


def duplicate_keys(root: YamlNode) -> Iterator[Repeated]:
    """The keys that stand twice in one mapping, in the order of the document.

    kubectl keeps the last value without a word, as its conversion to JSON does. A merge key may stand more
    than once.
    """
    pending: list[YamlNode] = [root]
    walked: set[int] = set()
    while pending:
        node = pending.pop()
        if id(node) in walked:
            continue
        if isinstance(node, MappingNode):
            walked.add(id(node))
            # Counting is quick, and hardly any mapping has fewer names than keys.
            if len({key.value for key, _ in node.pairs if isinstance(key, ScalarNode)}) < len(node.pairs):
                yield from _repeated(node)
            pending += [value for _, value in reversed(node.pairs) if not isinstance(value, ScalarNode)]
        elif isinstance(node, SequenceNode):
            walked.add(id(node))
            pending += [item for item in reversed(node.items) if not isinstance(item, ScalarNode)]


def _repeated(mapping: MappingNode) -> Iterator[Repeated]:
    seen: dict[str, tuple[ScalarNode, list[str]]] = {}
    for key, value in mapping.pairs:
        if isinstance(key, ScalarNode) and key.value != _MERGE:
            words = value.span.raw.split()
            first, first_words = seen.setdefault(key.value, (key, words))
            if first is not key:
                yield Repeated(key, first, mapping, words == first_words)
