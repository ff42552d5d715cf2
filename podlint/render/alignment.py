"""Alignment: where each part of an object that kustomize has built was written."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import SequenceMatcher

from msgspec import Struct

from podlint.render.changes import ITEM, Changed, Route, keys_made
from podlint.render.fields import word
from podlint.render.merging import MERGE_KEYS
from podlint.render.tree import Branch, Leaf, Row, Tree
from podlint.source.nodes import MappingNode, ScalarNode, SequenceNode, YamlNode
from podlint.source.span import Span
from podlint.source.text import Text
from podlint.source.values import as_bool, as_int, is_null

_MOST_COMPARED = 400
"""Items of lists without keys that are compared with one another."""


class Written(Struct, frozen=True, eq=False):
    """Where a part of an object was written. `text` is what stands there, where it is, character by
    character, what was built. `sure`: what stands there made it, and not only something around it."""

    node: YamlNode
    at: Span
    text: Text | None = None
    sure: bool = False


def written(node: YamlNode, tree: Tree, changed: Changed) -> Iterator[Written]:
    """The parts of a built object, in no order, with the places where they were written."""
    yield from _Aligning(changed).parts(node, tree, tree.at, ())


class _Aligning:
    """One alignment."""

    def __init__(self, changed: Changed) -> None:
        self._changed = changed

    def parts(self, node: YamlNode, tree: Tree | None, around: Span, route: Route) -> Iterator[Written]:
        """`tree` is what is known of a node, None where nothing is; `around` is the place around it."""
        if isinstance(node, ScalarNode):
            yield self._scalar(node, tree, around, route)
        elif isinstance(node, SequenceNode):
            row = tree if isinstance(tree, Row) else None
            yield Written(node, row.at if row else around, sure=row is not None)
            matched = _matched(node, row.items, route) if row else [None] * len(node.items)
            for item, known in zip(node.items, matched, strict=True):
                yield from self.parts(item, known, row.at if row else around, (*route, ITEM))
        else:
            branch = tree if isinstance(tree, Branch) else None
            yield Written(node, branch.at if branch else around, sure=branch is not None)
            yield from self._pairs(node, branch, branch.at if branch else around, route)

    def _pairs(
        self, node: MappingNode, branch: Branch | None, around: Span, route: Route
    ) -> Iterator[Written]:
        for key, value in node.pairs:
            if not isinstance(key, ScalarNode):
                continue
            field = branch.fields.get(key.value) if branch is not None else None
            known = field.key if field is not None else keys_made(self._changed.layers, route, key.value)
            below = field.value if field is not None else None
            inside = list(self.parts(value, below, around, (*route, key.value)))
            if known is not None:
                yield Written(key, known.at, known.text if known.text.value == key.value else None, sure=True)
            else:
                # Whatever made the value made its key.
                made = next((one for one in inside if one.sure), None)
                yield Written(key, made.at if made else around, sure=made is not None)
            yield from inside

    def _scalar(self, node: ScalarNode, tree: Tree | None, around: Span, route: Route) -> Written:
        below = tree if isinstance(tree, Leaf) else None
        if below is not None and below.text.value == node.value:
            return Written(node, below.at, below.text, sure=True)
        if below is not None and below.text.value.rstrip("\n") == node.value:
            # The last line break of a patch that stands in a kustomization is cut off.
            return Written(node, below.at, below.text.slice(0, len(node.value)), sure=True)
        if below is not None and below.node is not None and _same(node, below.node):
            return Written(node, below.at, sure=True)
        made = self._changed.maker(route, node.value, below)
        if made is not None:
            exact = made.text.value == node.value
            return Written(node, made.at, made.text if exact else None, sure=True)
        if below is not None:
            # A name with a prefix, or a reference to a ConfigMap whose name has got a hash.
            kept = bool(below.text.value) and below.text.value in node.value
            return Written(node, below.at, sure=kept)
        return Written(node, around, sure=self._changed.generated)


def _same(one: ScalarNode, other: ScalarNode) -> bool:
    """Whether two scalars mean the same, however they are spelt."""
    if is_null(one) or is_null(other):
        return is_null(one) and is_null(other)
    number, truth = as_int(one), as_bool(one)
    return (number is not None and number == as_int(other)) or (truth is not None and truth == as_bool(other))


def _matched(node: SequenceNode, items: list[Tree], route: Route) -> list[Tree | None]:
    """For each item of a list what is known of it: by the key that tells items apart, else by what is equal,
    in order."""
    for key in MERGE_KEYS.get(route[-1] if route else "", ()):
        names = [_name(item, key) for item in node.items]
        known = {_name(one, key): one for one in reversed(items)}
        if "" not in names and len(known) == len(items) and len(set(names)) == len(names):
            return [known.get(name) for name in names]
    if len(items) == len(node.items):
        return list(items)
    return _in_order(node, items)


def _name(item: YamlNode | Tree, key: str) -> str:
    """What tells an item of a list apart; of a port its protocol does, too."""
    found = [
        item.word(field)
        if isinstance(item, Branch)
        else word(item, field)
        if isinstance(item, MappingNode)
        else ""
        for field in (key, "protocol")
    ]
    return f"{found[0]}/{found[1] or 'TCP'}" if found[0] else ""


def _in_order(node: SequenceNode, items: list[Tree]) -> list[Tree | None]:
    matched: list[Tree | None] = [None] * len(node.items)
    if max(len(items), len(node.items)) > _MOST_COMPARED:
        return matched
    left = [_plain(item) for item in node.items]
    right = [_plain_tree(item) for item in items]
    for block in SequenceMatcher(None, left, right, autojunk=False).get_matching_blocks():
        matched[block.a : block.a + block.size] = items[block.b : block.b + block.size]
    return matched


def _plain(node: YamlNode) -> str:
    """A node in words that are equal for equal nodes."""
    if isinstance(node, ScalarNode):
        return repr(node.value)
    if isinstance(node, SequenceNode):
        return f"[{','.join(map(_plain, node.items))}]"
    pairs = sorted(f"{key.value!r}:{_plain(value)}" for key, value in node.entries())
    return f"{{{','.join(pairs)}}}"


def _plain_tree(tree: Tree) -> str:
    if isinstance(tree, Leaf):
        return repr(tree.text.value)
    if isinstance(tree, Row):
        return f"[{','.join(map(_plain_tree, tree.items))}]"
    pairs = sorted(f"{name!r}:{_plain_tree(field.value)}" for name, field in tree.fields.items())
    return f"{{{','.join(pairs)}}}"
