"""Provenance: an object of a build, followed from the file or generator it begins in through all layers."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from msgspec import Struct

from podlint.render.alignment import Written, written
from podlint.render.chains import applied, names_of
from podlint.render.changes import Changed, set_again
from podlint.render.fields import items, word
from podlint.render.generated import GENERATORS, generated
from podlint.render.layers import Layer
from podlint.render.merging import merged, operated
from podlint.render.selecting import Named, patches_of
from podlint.render.sources import Sources
from podlint.render.tree import Branch, Field, Tree, tree_of
from podlint.source.nodes import MappingNode, SequenceNode, YamlNode

_CORE = ("", "apps", "batch", "policy", "autoscaling", "extensions")


class Beginning(Struct, frozen=True):
    """Where kustomize says that an object begins: in a file of objects, or else in a kustomization with a
    generator; and the kustomizations whose transformers have run on it. All are paths of layers."""

    file: str = ""
    generator: str = ""
    told: frozenset[str] = frozenset()


def provenance(node: YamlNode, beginning: Beginning, root: Layer, sources: Sources) -> Iterator[Written]:
    """The parts of a built object with the places where they were written. None where its beginning is not
    found."""
    kind, name = word(node, "kind"), word(_metadata(node), "name")
    layers = applied(root, _begins(beginning), beginning.told)
    if not layers:
        return
    if beginning.file:
        found = _in_file(kind, name, sources.documents(beginning.file), layers)
        tree: Tree | None = tree_of(found) if found is not None else None
        first, space = word(_metadata(found), "name"), word(_metadata(found), "namespace")
    elif kind in GENERATORS and (made := generated(kind, name, layers, sources)) is not None:
        (tree, first), space = made, ""
    else:
        return
    names = names_of(first, kind, layers)
    spaces = {space, word(_metadata(node), "namespace"), *(word(one.root, "namespace") for one in layers)}
    named = Named(kind, frozenset([*names, name]), frozenset(spaces - {""}))
    by_keys = _is_core(word(node, "apiVersion"))
    for layer in layers:
        if tree is None:
            return
        for patch in patches_of(layer, named, tree, sources):
            if isinstance(patch, SequenceNode):
                tree = operated(tree, patch)
            else:
                own = _identity(tree)
                tree = merged(tree, patch, by_keys=by_keys)
                if tree is None:
                    return
                _restore(tree, own)
        set_again(tree, layer.root, named.names)
    if tree is not None:
        yield from written(node, tree, Changed(layers, named, tree, not beginning.file))


def _begins(beginning: Beginning) -> Callable[[Layer], bool]:
    if beginning.file:
        return lambda layer: beginning.file in layer.files
    return lambda layer: layer.path == beginning.generator


def _in_file(
    kind: str, name: str, documents: list[YamlNode], layers: tuple[Layer, ...]
) -> MappingNode | None:
    """The object of a file that became one of that kind and name."""
    alike = [one for root in documents for one in _objects(root) if word(one, "kind") == kind]
    named = [one for one in alike if names_of(word(_metadata(one), "name"), kind, layers)[-1] == name]
    held = [one for one in alike if word(_metadata(one), "name") in name]
    return next((found[0] for found in (named, alike if len(alike) == 1 else (), held) if found), None)


def _objects(root: YamlNode) -> Iterator[MappingNode]:
    """The objects of a document, which may be a List."""
    if not isinstance(root, MappingNode):
        return
    if word(root, "kind").endswith("List") and root.get("items") is not None:
        for item in items(root, "items"):
            yield from _objects(item)
    else:
        yield root


def _metadata(node: YamlNode | None) -> YamlNode | None:
    return node.get("metadata") if isinstance(node, MappingNode) else None


# What a patch says of these only serves to find what it patches.
_IDENTITY = ("apiVersion", "kind")
_NAMES = ("name", "namespace")


def _identity(tree: Tree) -> tuple[dict[str, Field], dict[str, Field]]:
    """The fields of an object, and of its metadata, that a patch names it by."""
    if not isinstance(tree, Branch):
        return {}, {}
    metadata = tree.get("metadata")
    names = metadata.fields if isinstance(metadata, Branch) else {}
    return _some(tree.fields, _IDENTITY), _some(names, _NAMES)


def _some(fields: dict[str, Field], names: tuple[str, ...]) -> dict[str, Field]:
    return {name: fields[name] for name in names if name in fields}


def _restore(tree: Tree, identity: tuple[dict[str, Field], dict[str, Field]]) -> None:
    own, names = identity
    if isinstance(tree, Branch):
        tree.fields.update(own)
        metadata = tree.get("metadata")
        if isinstance(metadata, Branch):
            metadata.fields.update(names)


def _is_core(api_version: str) -> bool:
    """Whether an object's lists are merged as the API's schema says."""
    group = api_version.rpartition("/")[0]
    return group in _CORE or group.endswith(".k8s.io")
