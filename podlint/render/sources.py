"""Sources: the files that a build was made of, each read once, as texts and as YAML."""

from __future__ import annotations

from podlint.source.compose import InvalidYaml, compose
from podlint.source.decode import UndecodableError, decode, read
from podlint.source.documents import split
from podlint.source.nodes import ScalarNode, YamlNode
from podlint.source.scalars import text_of
from podlint.source.span import Source, Span
from podlint.source.text import Text


def source_at(path: str) -> Source | None:
    """A file as text; None where it cannot be read, or is none."""
    try:
        return Source(path, decode(read(path)))
    except UndecodableError:
        return None


class Sources:
    """Reads the files of one build; what cannot be read is empty."""

    def __init__(self) -> None:
        self._texts: dict[str, Source] = {}
        self._documents: dict[str, list[YamlNode]] = {}
        self._inline: dict[int, list[YamlNode]] = {}
        self._around: dict[int, Text] = {}

    def text(self, path: str) -> Source:
        """A file as text."""
        if path not in self._texts:
            self._texts[path] = source_at(path) or Source(path, "")
        return self._texts[path]

    def documents(self, path: str) -> list[YamlNode]:
        """The documents of a file."""
        if path not in self._documents:
            self._documents[path] = _roots(self.text(path))
        return self._documents[path]

    def inline(self, node: ScalarNode) -> list[YamlNode]:
        """The documents of a text that stands in a scalar; `outward` tells where in the file they stand."""
        if id(node) not in self._inline:
            source = Source(node.source.path, node.value)
            self._around[id(source)] = text_of(node)
            self._inline[id(node)] = _roots(source)
        return self._inline[id(node)]

    def outward(self, span: Span) -> Span:
        """A span in the file that it stands in."""
        around = self._around.get(id(span.source))
        return around.span(span.start, span.end) if around is not None else span


def _roots(source: Source) -> list[YamlNode]:
    try:
        return [root for document in split(source) if (root := compose(document)) is not None]
    except InvalidYaml:
        return []
