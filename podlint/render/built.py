"""Built: what kustomize has written, without the annotations that it was asked to add."""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import Struct

from podlint.regex import late
from podlint.render.fields import word
from podlint.source.compose import InvalidYaml, compose
from podlint.source.documents import Document, split
from podlint.source.nodes import MappingNode, ScalarNode, SequenceNode, YamlNode
from podlint.source.span import Source

ORIGIN = "config.kubernetes.io/origin"
TRANSFORMATIONS = "alpha.config.kubernetes.io/transformations"
_CRD = late(r"^kind: CustomResourceDefinition$", re.MULTILINE)
_SEPARATOR = "---\n"


class Object(Struct, frozen=True):
    """One object of a build: where it stands in the text, and what the annotations said of it: the file, or
    the kustomization, that it begins in, and the kustomizations whose transformers have run."""

    start: int
    end: int
    file: str
    generator: str
    told: tuple[str, ...]


def without_annotations(text: str) -> tuple[str, list[Object]]:
    """The text of a build, and the objects in it. Definitions of custom resources are left out: they hold
    no pods, and are by far the longest. Raises `InvalidYaml`."""
    source = Source("", text)
    parts: list[str] = []
    objects: list[Object] = []
    at = 0
    for document in split(source):
        if _CRD.search(document.text):
            continue
        root = compose(document)
        if not isinstance(root, MappingNode):
            continue
        kept = "".join(_kept(document, root)).removeprefix(_SEPARATOR)
        if parts:
            kept = _SEPARATOR + kept
        annotations = _annotations(root)
        origin = _read(annotations, ORIGIN)
        objects.append(
            Object(
                at,
                at + len(kept),
                word(origin, "path"),
                word(origin, "configuredIn"),
                tuple(_told(_read(annotations, TRANSFORMATIONS))),
            )
        )
        parts.append(kept)
        at += len(kept)
    return "".join(parts), objects


def _annotations(root: MappingNode) -> MappingNode | None:
    metadata = root.get("metadata")
    found = metadata.get("annotations") if isinstance(metadata, MappingNode) else None
    return found if isinstance(found, MappingNode) else None


def _read(annotations: MappingNode | None, name: str) -> YamlNode | None:
    """The value of an annotation, which is YAML itself."""
    value = word(annotations, name)
    try:
        return next((compose(document) for document in split(Source("", value))), None)
    except InvalidYaml:
        return None


def _told(transformations: YamlNode | None) -> Iterator[str]:
    for one in transformations.items if isinstance(transformations, SequenceNode) else ():
        path = word(one, "configuredIn")
        if path:
            yield path


def _kept(document: Document, root: MappingNode) -> Iterator[str]:
    """The text of a document but for what was added to it, which stands on lines of its own."""
    text, at = document.source.text, document.start
    for start, end in _added(root):
        yield text[at : text.rfind("\n", 0, start) + 1]
        stop = text.find("\n", start + len(text[start:end].rstrip()))
        at = document.end if stop < 0 else stop + 1
    yield text[at : document.end]


def _added(root: MappingNode) -> Iterator[tuple[int, int]]:
    """The ranges of what was added, in order: the annotations, or the pair that holds no others."""
    annotations = _annotations(root)
    if annotations is None:
        return
    ours = [
        (key.start, value.end)
        for key, value in annotations.pairs
        if isinstance(key, ScalarNode) and key.value in (ORIGIN, TRANSFORMATIONS)
    ]
    metadata = root.get("metadata")
    if len(ours) == len(annotations.pairs) and isinstance(metadata, MappingNode):
        key = metadata.key("annotations")
        if key is not None:
            ours = [(key.start, annotations.end)] if ours else []
    yield from ours
