"""Kustomizations of a run: whether their patches may add to a manifest what it lacks by itself."""

from __future__ import annotations

import os.path
from collections.abc import Callable, Iterable, Iterator

from msgspec import Struct

from podlint.source.compose import InvalidYaml, compose
from podlint.source.documents import split
from podlint.source.nodes import MappingNode, ScalarNode, SequenceNode, YamlNode
from podlint.source.span import Source

NAMES = frozenset({"kustomization.yaml", "kustomization.yml"})
_PATCHED = ("resources", "bases")
_PATCHES = ("patches", "patchesStrategicMerge", "patchesJson6902")
RESOURCES = "resources"
_ADDED = ("volumes", "env", RESOURCES, "terminationGracePeriodSeconds")
"""Words that stand in every patch that adds a volume, a variable, a request or a period, as keys or in JSON
pointers."""


class Kustomization(Struct, frozen=True):
    """A kustomization that patches its resources. Paths are those of files and directories, normalised like
    the path of its own file; `adds` are the words of `_ADDED` in the patches that it holds itself."""

    resources: tuple[str, ...]
    patches: tuple[str, ...]
    adds: frozenset[str]


def read_kustomization(source: Source) -> Kustomization | None:
    """What a file says of its resources, where it is a kustomization with patches."""
    if os.path.basename(source.path) not in NAMES or "patches" not in source.text:
        return None
    try:
        root = next((compose(document) for document in split(source)), None)
    except InvalidYaml:
        return None
    if not isinstance(root, MappingNode):
        return None
    around = os.path.dirname(source.path)
    patches = [patch for name in _PATCHES for item in _items(root, name) for patch in _words(item)]
    inline = [patch for patch in patches if "\n" in patch]
    resources = (word for name in _PATCHED for item in _items(root, name) for word in _words(item))
    return Kustomization(
        resources=_paths(around, resources),
        patches=_paths(around, (patch for patch in patches if patch not in inline)),
        adds=frozenset(word for word in _ADDED if any(word in patch for patch in inline)),
    )


class Kustomizations:
    """The kustomizations of a run by what they patch. `read` gives a file of the run, None for any other."""

    __slots__ = ("_of", "_read")

    def __init__(self, found: Iterable[Kustomization], read: Callable[[str], Source | None]) -> None:
        self._read = read
        self._of: dict[str, list[Kustomization]] = {}
        for one in found:
            for resource in one.resources:
                self._of.setdefault(resource, []).append(one)

    def may_add(self, path: str) -> frozenset[str]:
        """The fields that patches of the file, or of a directory around it, mention; all for a patch that is
        not in the run."""
        found: set[str] = set()
        at = os.path.normpath(path) if self._of else ""
        while at:
            for one in self._of.get(at, ()):
                found.update(one.adds, *map(self._mentioned, one.patches))
            above = os.path.dirname(at)
            at = above if above != at else ""
        return frozenset(found)

    def _mentioned(self, patch: str) -> Iterator[str]:
        source = self._read(patch)
        return (word for word in _ADDED if source is None or word in source.text)


def _items(root: MappingNode, name: str) -> list[YamlNode]:
    node = root.get(name)
    return node.items if isinstance(node, SequenceNode) else []


def _words(item: YamlNode) -> Iterator[str]:
    """An item itself, or the `path` and the `patch` that it holds."""
    if isinstance(item, ScalarNode):
        yield item.value
    elif isinstance(item, MappingNode):
        for name in ("path", "patch"):
            value = item.get(name)
            if isinstance(value, ScalarNode):
                yield value.value


def _paths(around: str, words: Iterable[str]) -> tuple[str, ...]:
    return tuple(os.path.normpath(os.path.join(around, word)) for word in words)
