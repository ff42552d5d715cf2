"""Generated: the ConfigMaps and Secrets that kustomize makes, and the files and literals they are made of."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence

from podlint.regex import late
from podlint.render.fields import items, scalar, scalars, word
from podlint.render.layers import Layer
from podlint.render.sources import Sources
from podlint.render.tree import Branch, Field, Leaf, leaf
from podlint.source.nodes import ScalarNode, YamlNode
from podlint.source.scalars import InFile, text_of
from podlint.source.text import Text, Whole

GENERATORS = {"ConfigMap": "configMapGenerator", "Secret": "secretGenerator"}
_HASH = late(r"-[a-z0-9]{10}")


def generated(kind: str, name: str, layers: Sequence[Layer], sources: Sources) -> tuple[Branch, str] | None:
    """The object of that kind and name that generators of the layers make, as a tree, and the name that the
    first of them gives it; None where none does. Of a Secret nothing is told but its generator's place."""
    tree, first = None, ""
    for at, layer in enumerate(layers):
        before = "".join(word(one.root, "namePrefix") for one in reversed(layers[at:]))
        behind = "".join(word(one.root, "nameSuffix") for one in layers[at:])
        for entry in items(layer.root, GENERATORS[kind]):
            own = word(entry, "name")
            if own != first and not _is_named(name, f"{before}{own}{behind}"):
                continue
            if tree is None or word(entry, "behavior") == "replace":
                place = scalar(entry, "name")
                tree = Branch((place or entry).span, {})
            first = first or own
            if kind == "ConfigMap":
                _add(tree, entry, layer, sources)
    return (tree, first) if tree is not None else None


def _is_named(name: str, wanted: str) -> bool:
    """Whether a name is the wanted one, with or without a hash of its content."""
    return name == wanted or (name.startswith(wanted) and _HASH.fullmatch(name, len(wanted)) is not None)


def _add(tree: Branch, entry: YamlNode, layer: Layer, sources: Sources) -> None:
    held = tree.get("data")
    data = held if isinstance(held, Branch) else Branch(tree.at, {})
    for key, value in _pairs(entry, layer, sources):
        data.fields[key.text.value] = Field(key, value)
    tree.fields["data"] = Field(Leaf(Text("data", Whole(tree.at))), data)
    name = scalar(entry, "name")
    if name is not None and "metadata" not in tree.fields:
        metadata = Branch(tree.at, {"name": Field(leaf(name), leaf(name))})
        tree.fields["metadata"] = Field(leaf(name), metadata)


def _pairs(entry: YamlNode, layer: Layer, sources: Sources) -> Iterator[tuple[Leaf, Leaf]]:
    """The keys that a generator makes, with the texts of their values."""
    for node in scalars(entry, "files"):
        key, equals, name = node.value.partition("=")
        path = layer.place(name if equals else node.value)
        file = _file(path, sources)
        own = key if equals else os.path.basename(key)
        text = text_of(node)
        at = 0 if equals else len(node.value) - len(own)
        yield Leaf(text.slice(at, at + len(own))), Leaf(file)
    envs = [*scalars(entry, "envs"), scalar(entry, "env")]
    for node in (one for one in envs if one is not None):
        yield from _lines(_file(layer.place(node.value), sources))
    for node in scalars(entry, "literals"):
        yield from _literal(node)


def _file(path: str, sources: Sources) -> Text:
    source = sources.text(path)
    return Text(source.text, InFile(source))


def _lines(file: Text) -> Iterator[tuple[Leaf, Leaf]]:
    """The variables of a file of lines `KEY=value` (api/kv/kv.go)."""
    start = 0
    for line in file.value.split("\n"):
        at, start = start, start + len(line) + 1
        line = line.removesuffix("\r")
        left = len(line) - len(line.lstrip())
        if line[left:] and line[left] != "#":
            key, equals, value = line[left:].partition("=")
            begins = at + left + len(key)
            yield (
                Leaf(file.slice(at + left, begins)),
                Leaf(file.slice(begins + len(equals), begins + len(equals) + len(value))),
            )


def _literal(node: ScalarNode) -> Iterator[tuple[Leaf, Leaf]]:
    text, (key, _, value) = text_of(node), node.value.partition("=")
    at = len(key) + 1
    # Quotes around it belong to no shell, and are dropped all the same.
    kept = value.strip("\"'")
    at += len(value) - len(value.lstrip("\"'"))
    if len(key) < len(node.value):
        yield Leaf(text.slice(0, len(key))), Leaf(text.slice(at, at + len(kept)))
