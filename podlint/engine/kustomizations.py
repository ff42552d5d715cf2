"""Kustomizations of a run: whether their patches may add to a manifest what it lacks by itself, and which
images they put in the place of those that it names."""

from __future__ import annotations

import os.path
from collections.abc import Callable, Iterable, Iterator

from msgspec import Struct

from podlint.knowledge.references import split_reference
from podlint.manifest.objects import CONFIG_MAP, SECRET, read_config_maps
from podlint.render.fields import items, scalar, word
from podlint.render.names import KUSTOMIZATIONS
from podlint.source.compose import InvalidYaml, compose
from podlint.source.documents import split
from podlint.source.nodes import MappingNode, ScalarNode, YamlNode
from podlint.source.span import Source

_PATCHED = ("resources", "bases")
_PATCHES = ("patches", "patchesStrategicMerge", "patchesJson6902")
RESOURCES = "resources"
_NONE: frozenset[str] = frozenset()
SCRAPING = frozenset({"ports", "podMetricsEndpoints"})
_ADDED = ("volumes", "env", RESOURCES, "terminationGracePeriodSeconds", *sorted(SCRAPING))
"""Words that stand in every patch that adds a volume, a variable, a request, a period or a port, as keys or
in JSON pointers."""

_GENERATORS = (("configMapGenerator", CONFIG_MAP), ("secretGenerator", SECRET))
_CHANGING = ("patches", "Generator", "images")


class NewImage(Struct, frozen=True):
    """What a kustomization makes of the references to a repository: another repository, another tag or
    digest ("" where that stays as it is)."""

    name: str
    new_name: str
    new_tag: str

    def applied_to(self, reference: str) -> str:
        """The reference in its new form; as it was where it names another repository."""
        repository, tag = split_reference(reference)
        if repository != self.name:
            return reference
        tag = self.new_tag or tag
        return (self.new_name or repository) + (f":{tag}" if tag else "")


class Kustomization(Struct, frozen=True):
    """A kustomization that patches its resources, or makes ConfigMaps and Secrets. Paths are those of files
    and directories, normalised like the path of its own file; `adds` are the words of `_ADDED` in the
    patches that it holds itself; `changes`: the kinds and names of the ConfigMaps and Secrets that it makes,
    adds to or patches, as far as it names them itself; `images`: what it puts in the place of each image."""

    resources: tuple[str, ...]
    patches: tuple[str, ...]
    adds: frozenset[str]
    changes: frozenset[tuple[str, str]] = frozenset()
    images: tuple[NewImage, ...] = ()


def read_kustomization(source: Source) -> Kustomization | None:
    """What a file says of its resources, where it is a kustomization with patches or generators."""
    is_one = os.path.basename(source.path) in KUSTOMIZATIONS
    if not is_one or not any(one in source.text for one in _CHANGING):
        return None
    try:
        root = next((compose(document) for document in split(source)), None)
    except InvalidYaml:
        return None
    if not isinstance(root, MappingNode):
        return None
    around = os.path.dirname(source.path)
    patches = [patch for name in _PATCHES for item in items(root, name) for patch in _words(item)]
    inline = [patch for patch in patches if "\n" in patch]
    resources = (path for name in _PATCHED for item in items(root, name) for path in _words(item))
    return Kustomization(
        resources=_paths(around, resources),
        patches=_paths(around, (patch for patch in patches if patch not in inline)),
        adds=frozenset(one for one in _ADDED if any(one in patch for patch in inline)),
        changes=frozenset(_changes(root, inline)),
        images=tuple(
            NewImage(word(item, "name"), word(item, "newName"), word(item, "newTag"))
            for item in items(root, "images")
        ),
    )


def _changes(root: MappingNode, inline: list[str]) -> Iterator[tuple[str, str]]:
    for field, kind in _GENERATORS:
        for item in items(root, field):
            yield kind, word(item, "name")
    for item in (item for name in _PATCHES for item in items(root, name)):
        target = item.get("target") if isinstance(item, MappingNode) else None
        for kind in (CONFIG_MAP, SECRET):
            if word(target, "kind") in (kind, ""):
                yield kind, word(target, "name")
    for patch in inline:
        try:
            parts = [compose(document) for document in split(Source("", patch))]
        except InvalidYaml:
            continue
        yield from (
            (SECRET if one.secret else CONFIG_MAP, one.name)
            for part in parts
            for one in read_config_maps(part)
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
        for one in self._around(path):
            found.update(one.adds, *map(self._mentioned, one.patches))
        # Hardly any file is patched, and each is asked for.
        return frozenset(found) if found else _NONE

    def images(self, path: str) -> tuple[NewImage, ...]:
        """What kustomizations of the file, or of a directory around it, make of its images."""
        return tuple(dict.fromkeys(image for one in self._around(path) for image in one.images))

    def _around(self, path: str) -> Iterator[Kustomization]:
        at = os.path.normpath(path) if self._of else ""
        while at:
            yield from self._of.get(at, ())
            above = os.path.dirname(at)
            at = above if above != at else ""

    def _mentioned(self, patch: str) -> Iterator[str]:
        source = self._read(patch)
        return (one for one in _ADDED if source is None or one in source.text)


def changed_image(reference: str, images: Iterable[NewImage]) -> str:
    """What a reference becomes; "" where several kustomizations make different ones of it."""
    found = {new for one in images if (new := one.applied_to(reference)) != reference}
    return reference if not found else found.pop() if len(found) == 1 else ""


def _words(item: YamlNode) -> Iterator[str]:
    """An item itself, or the `path` and the `patch` that it holds."""
    if isinstance(item, ScalarNode):
        yield item.value
    elif isinstance(item, MappingNode):
        for name in ("path", "patch"):
            value = scalar(item, name)
            if value is not None:
                yield value.value


def _paths(around: str, words: Iterable[str]) -> tuple[str, ...]:
    return tuple(os.path.normpath(os.path.join(around, one)) for one in words)
