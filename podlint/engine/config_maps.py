"""The ConfigMaps of a run, looked for when the first pod asks for one."""

from __future__ import annotations

from collections.abc import Sequence

from podlint.engine.inputs import Input
from podlint.manifest.configmaps import ConfigMapIndex, ConfigMapLookup
from podlint.manifest.model import ConfigMap
from podlint.source.decode import UndecodableError
from podlint.source.documents import split
from podlint.source.span import Source


class RunConfigMaps:
    """The ConfigMaps of all inputs. Most runs hold no pod that needs one, and then no input is read for
    them."""

    def __init__(self, inputs: Sequence[Input]) -> None:
        self._inputs = inputs
        self._by_path = {one.path: one for one in inputs}
        self._index: ConfigMapIndex | None = None

    def near(self, path: str) -> ConfigMapLookup:
        """The lookup for the pods of one input."""
        return _Late(self, path)

    def index(self) -> ConfigMapIndex:
        """Where they stand: names and offsets, found by searching each input once."""
        if self._index is None:
            self._index = ConfigMapIndex(self._source)
            for one in self._inputs:
                source = self._source(one.path)
                for document in split(source) if source else ():
                    self._index.add(document)
        return self._index

    def _source(self, path: str) -> Source | None:
        """The text of an input; None where it cannot be read, which the run itself reports."""
        try:
            return self._by_path[path].config_map_source()
        except UndecodableError:
            return None


class _Late:
    """A lookup that has the index made when it is first asked."""

    __slots__ = ("_config_maps", "_path")

    def __init__(self, config_maps: RunConfigMaps, path: str) -> None:
        self._config_maps = config_maps
        self._path = path

    def get(self, namespace: str, name: str) -> ConfigMap | None:
        """See `ConfigMapLookup.get`."""
        return self._config_maps.index().near(self._path).get(namespace, name)
