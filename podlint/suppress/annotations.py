"""Directives in annotations, for where comments do not survive: `ignore.podlint/<rule>: reason`."""

from __future__ import annotations

from collections.abc import Iterator

from podlint.manifest.pods import IGNORING
from podlint.source.documents import Document
from podlint.source.nodes import MappingNode, ScalarNode, YamlNode
from podlint.source.span import Span
from podlint.suppress.directive import ANNOTATION, Directive, Name, because
from podlint.suppress.nodes import walk


def annotated(document: Document, root: YamlNode | None) -> Iterator[Directive]:
    """The directives in the annotations of objects and templates; each covers what it is an annotation of."""
    if IGNORING in document.text:
        for node in walk(root):
            if isinstance(node, MappingNode):
                yield from _of(node)


def _of(node: MappingNode) -> Iterator[Directive]:
    metadata = node.get("metadata")
    annotations = metadata.get("annotations") if isinstance(metadata, MappingNode) else None
    if not isinstance(annotations, MappingNode):
        return
    for key, value in annotations.entries():
        if key.value.startswith(IGNORING):
            yield _directive(key, value, node.span)


def _directive(key: ScalarNode, value: YamlNode, covers: Span) -> Directive:
    name = Name(key.value.removeprefix(IGNORING), key.span)
    if not isinstance(value, ScalarNode):
        return Directive(ANNOTATION, key.span, covers, fault="its value is not a string")
    why = because(value.value)
    return Directive(ANNOTATION, key.span, covers, (name,), why.reason, why.until, why.fault)
