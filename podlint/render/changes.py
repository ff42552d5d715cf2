"""Changes: which entry of a kustomization made a value that stands in no base and no patch."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import TypeAlias

from msgspec import Struct

from podlint.regex import late
from podlint.render.fields import items, scalar, scalars, word
from podlint.render.layers import Layer
from podlint.render.selecting import Named, selects
from podlint.render.tree import Branch, Field, Leaf, Tree, leaf
from podlint.source.nodes import MappingNode, ScalarNode, YamlNode

Route: TypeAlias = tuple[str, ...]
"""The keys that lead to a value; an item of a list is "[]"."""

ITEM = "[]"
_TEMPLATES = 2
"""How often a template may hold another: a CronJob has one of a Job, and that one of a pod."""
_LABELS = ("labels", "matchLabels", "selector", "podSelector")
_IMAGE = late(r"(?P<name>[^@]*?)(?P<tag>:[^:/@]*)?(?P<digest>@.*)?")


class Changed(Struct, frozen=True):
    """What the layers of an object may have changed of it. `generated`: what nothing else says comes from its
    generator."""

    layers: Sequence[Layer]
    named: Named
    tree: Tree
    generated: bool = False

    def maker(self, route: Route, value: str, below: Leaf | None) -> Leaf | None:
        """What made a value at a route, where there was the value `below` before (None: nothing)."""
        for layer in reversed(self.layers):
            found = next(self._makers(layer.root, route, value, below), None)
            if found is not None:
                return found
        return None

    def _makers(self, root: MappingNode, route: Route, value: str, below: Leaf | None) -> Iterator[Leaf]:
        last = route[-1]
        around = route[-2] if len(route) > 1 else ""
        if last == "namespace" and (node := scalar(root, "namespace")) is not None and node.value == value:
            yield leaf(node)
        if around in _LABELS:
            yield from _among(_labels(root), last, value)
        if around == "annotations":
            yield from _among([root.get("commonAnnotations")], last, value)
        if last == "image" and below is not None:
            yield from _images(root, value, below.text.value)
        if last == "replicas":
            yield from (
                leaf(count)
                for entry in items(root, "replicas")
                if word(entry, "name") in self.named.names
                and (count := scalar(entry, "count")) is not None
                and count.value == value
            )
        yield from self._replacements(root, route)

    def _replacements(self, root: MappingNode, route: Route) -> Iterator[Leaf]:
        for entry in items(root, "replacements"):
            for target in items(entry, "targets"):
                select = target.get("select") if isinstance(target, MappingNode) else None
                if select is not None and selects(select, self.named, self.tree):
                    yield from (
                        leaf(field) for field in scalars(target, "fieldPaths") if _leads(field.value, route)
                    )


def set_again(tree: Tree, root: MappingNode, names: Collection[str]) -> None:
    """Have a layer set what its fields set also where something is set already, be it to the same value."""
    if not isinstance(tree, Branch):
        return
    namespace = scalar(root, "namespace")
    metadata, spec = tree.get("metadata"), tree.get("spec")
    if namespace is not None:
        _set(metadata, "namespace", namespace)
    for entry in items(root, "replicas"):
        count = scalar(entry, "count")
        if count is not None and word(entry, "name") in names:
            _set(spec, "replicas", count)
    annotations = _pairs([root.get("commonAnnotations")])
    everywhere = _pairs([root.get("commonLabels")])
    own = _pairs(_labels(root))
    selecting = [one for one in items(root, "labels") if word(one, "includeSelectors") == "true"]
    templates = [
        *selecting,
        *(one for one in items(root, "labels") if word(one, "includeTemplates") == "true"),
    ]
    inside = everywhere | _pairs([one.get("pairs") for one in templates if isinstance(one, MappingNode)])
    _set_in(metadata, annotations, own)
    for _ in range(_TEMPLATES):
        template = spec.get("template") or spec.get("jobTemplate") if isinstance(spec, Branch) else None
        if not isinstance(template, Branch):
            break
        _set_in(template.get("metadata"), annotations, inside)
        spec = template.get("spec")


def _set_in(metadata: Tree | None, annotations: dict[str, ScalarNode], labels: dict[str, ScalarNode]) -> None:
    for field, pairs in (("annotations", annotations), ("labels", labels)):
        held = metadata.get(field) if isinstance(metadata, Branch) else None
        for name, node in pairs.items():
            _set(held, name, node)


def _set(tree: Tree | None, name: str, node: ScalarNode) -> None:
    if isinstance(tree, Branch) and name in tree.fields:
        tree.fields[name] = Field(tree.fields[name].key, leaf(node))


def _pairs(mappings: list[YamlNode | None]) -> dict[str, ScalarNode]:
    return {
        key.value: value
        for mapping in mappings
        if isinstance(mapping, MappingNode)
        for key, value in mapping.entries()
        if isinstance(value, ScalarNode)
    }


def keys_made(layers: Sequence[Layer], route: Route, name: str) -> Leaf | None:
    """The key of a label or an annotation, where one of the layers adds it."""
    around = route[-1] if route else ""
    for layer in reversed(layers):
        root = layer.root
        held = _labels(root) if around in _LABELS else []
        if around == "annotations":
            held = [root.get("commonAnnotations")]
        for pairs in held:
            key = pairs.key(name) if isinstance(pairs, MappingNode) else None
            if key is not None:
                return leaf(key)
    return None


def _labels(root: MappingNode) -> list[YamlNode | None]:
    entries = [entry.get("pairs") for entry in items(root, "labels") if isinstance(entry, MappingNode)]
    return [root.get("commonLabels"), *entries]


def _among(mappings: list[YamlNode | None], name: str, value: str) -> Iterator[Leaf]:
    for mapping in mappings:
        node = scalar(mapping, name)
        if node is not None and node.value == value:
            yield leaf(node)


def _images(root: MappingNode, value: str, before: str) -> Iterator[Leaf]:
    """The field of an `images` entry that turned one image into another."""
    old, new = _IMAGE.fullmatch(before), _IMAGE.fullmatch(value)
    if old is None or new is None:
        return
    for entry in items(root, "images"):
        if word(entry, "name") == old["name"] and new["name"] in (word(entry, "newName"), old["name"]):
            fields = ("newTag", "digest", "newName", "name")
            made = next((node for field in fields if (node := scalar(entry, field)) is not None), None)
            if made is not None:
                yield leaf(made)


def _leads(path: str, route: Route) -> bool:
    """Whether a field path of a replacement may lead to a route; its steps into lists are not compared."""
    steps = path.replace("\\.", "\0").split(".")
    if len(steps) != len(route):
        return False
    return all(
        have == ITEM or step.replace("\0", ".").strip("[]") == have
        for step, have in zip(steps, route, strict=True)
    )
