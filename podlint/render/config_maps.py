"""ConfigMaps that hold values for charts, found among the files of a run."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from podlint.render.fields import at, scalar, word
from podlint.render.running import RenderError
from podlint.render.sources import source_at
from podlint.source.compose import InvalidYaml, compose
from podlint.source.documents import split
from podlint.source.nodes import ScalarNode, YamlNode
from podlint.source.span import Source

_KIND = "ConfigMap"


class ConfigMaps:
    """The ConfigMaps of some names. The files are read when the first one is asked for."""

    def __init__(self, names: Iterable[str], files: Iterable[str], built: Iterable[Source]) -> None:
        self._names = frozenset(names)
        self._files = files
        self._built = built
        self._found: list[YamlNode] | None = None

    def value(self, name: str, namespace: str, key: str) -> ScalarNode:
        """What the one of a name holds under a key. One that names no namespace may be in any.

        Raises `RenderError` where there is none, or several say something else.
        """
        if self._found is None:
            self._found = [one for source in self._sources() for one in self._in(source)]
        values = [
            value
            for one in self._found
            if _is(at(one, "metadata"), name, namespace)
            and (value := scalar(at(one, "data"), key)) is not None
        ]
        if not values:
            raise RenderError(f'it takes values from "{key}" in ConfigMap "{name}", which is not in the run')
        if any(one.value != values[0].value for one in values):
            raise RenderError(f'it takes values from ConfigMap "{name}", and there are several of that name')
        return values[0]

    def _sources(self) -> Iterator[Source]:
        yield from self._built
        yield from filter(None, map(source_at, self._files))

    def _in(self, source: Source) -> Iterator[YamlNode]:
        if _KIND not in source.text:
            return
        for document in split(source):
            if _KIND not in document.text or not any(name in document.text for name in self._names):
                continue
            try:
                root = compose(document)
            except InvalidYaml:
                continue
            if root is not None and word(root, "kind") == _KIND:
                yield root


def _is(metadata: YamlNode | None, name: str, namespace: str) -> bool:
    own = word(metadata, "namespace")
    return word(metadata, "name") == name and (not own or not namespace or own == namespace)
