"""Selecting: which patches of a layer meet an object."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator

from msgspec import Struct

from podlint.regex import late
from podlint.render.fields import items, scalar, word
from podlint.render.layers import Layer
from podlint.render.sources import Sources
from podlint.render.tree import Branch, Leaf, Tree
from podlint.source.nodes import MappingNode, ScalarNode, SequenceNode, YamlNode

_SIMPLE = late(r"[\w./:-]*")
_ANY = ".*"


class Named(Struct, frozen=True):
    """What an object is called: its kind, and all names and namespaces that it has had."""

    kind: str
    names: Collection[str]
    namespaces: Collection[str]


def patches_of(layer: Layer, named: Named, tree: Tree, sources: Sources) -> Iterator[YamlNode]:
    """The patches of a layer that meet an object, in the order in which kustomize applies them: mappings are
    merged, and lists hold operations."""
    merging = [node for node in items(layer.root, "patchesStrategicMerge") if isinstance(node, ScalarNode)]
    yield from (one for node in merging for one in _texts(layer, node, sources) if _means(one, named))
    for field in ("patches", "patchesJson6902"):
        for item in items(layer.root, field):
            yield from _patch(layer, item, named, tree, sources)


def _patch(layer: Layer, item: YamlNode, named: Named, tree: Tree, sources: Sources) -> Iterator[YamlNode]:
    """What an entry with `path` or `patch`, and perhaps with a `target`, does to an object."""
    target = item.get("target") if isinstance(item, MappingNode) else None
    node = scalar(item, "patch") or scalar(item, "path")
    if node is None or (target is not None and not selects(target, named, tree)):
        return
    for one in _texts(layer, node, sources):
        if isinstance(one, SequenceNode):
            if target is not None:
                yield one
        elif target is not None or _means(one, named):
            yield one


def _texts(layer: Layer, node: ScalarNode, sources: Sources) -> list[YamlNode]:
    """The documents of a patch, which is named, or stands in the kustomization itself."""
    path = layer.place(node.value)
    if "\n" in node.value or not os.path.isfile(path):
        return sources.inline(node)
    return sources.documents(path)


def _means(patch: YamlNode, named: Named) -> bool:
    """Whether a strategic merge patch names an object."""
    metadata = patch.get("metadata") if isinstance(patch, MappingNode) else None
    namespace = word(metadata, "namespace")
    return (
        word(patch, "kind") == named.kind
        and word(metadata, "name") in named.names
        and (not namespace or namespace in named.namespaces)
    )


def selects(target: YamlNode, named: Named, tree: Tree) -> bool:
    """Whether the `target` of a patch, or the `select` of a replacement, may mean an object."""
    kind, name, namespace = (word(target, field) for field in ("kind", "name", "namespace"))
    return (
        (not kind or _fits(kind, (named.kind,)))
        and (not name or _fits(name, named.names))
        and (not namespace or _fits(namespace, named.namespaces or ("default",)))
        and _labelled(word(target, "labelSelector"), tree, "labels")
        and _labelled(word(target, "annotationSelector"), tree, "annotations")
    )


def _fits(pattern: str, names: Collection[str]) -> bool:
    """Whether an anchored pattern fits one of the names. A stranger's pattern is not run: what has more than
    alternatives and `.*` in it may fit anything."""
    alternatives = pattern.removeprefix("^").removesuffix("$").removeprefix("(").removesuffix(")").split("|")
    parts = [one.split(_ANY) for one in alternatives]
    if not all(_SIMPLE.fullmatch(part) for one in parts for part in one):
        return True
    return any(_matches(one, name) for one in parts for name in names)


def _matches(parts: list[str], name: str) -> bool:
    """Whether a name has these parts in this order, the first at its beginning and the last at its end."""
    if len(parts) == 1:
        return name == parts[0]
    if not name.startswith(parts[0]):
        return False
    at = len(parts[0])
    for part in parts[1:-1]:
        found = name.find(part, at)
        if found < 0:
            return False
        at = found + len(part)
    return len(name) - at >= len(parts[-1]) and name.endswith(parts[-1])


def _labelled(selector: str, tree: Tree, field: str) -> bool:
    """Whether the labels of an object may be those of a selector; only `key=value` is looked at."""
    metadata = tree.get("metadata") if isinstance(tree, Branch) else None
    labels = metadata.get(field) if isinstance(metadata, Branch) else None
    for part in selector.split(",") if "(" not in selector else ():
        key, equals, value = part.replace("==", "=").partition("=")
        if not equals or key.endswith("!"):
            continue
        held = labels.get(key.strip()) if isinstance(labels, Branch) else None
        if not isinstance(held, Leaf) or held.text.value != value.strip():
            return False
    return True
