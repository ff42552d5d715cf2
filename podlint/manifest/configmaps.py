"""ConfigMaps of the run: reading them, and finding the one that a pod means without keeping all of them."""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from typing import Protocol, TypeVar

from msgspec import Struct
from msgspec.structs import replace

from podlint.manifest.model import ConfigMap
from podlint.regex import late
from podlint.source.compose import InvalidYaml, compose
from podlint.source.documents import Document, may_hold_config_map, split
from podlint.source.nodes import MappingNode, ScalarNode, SequenceNode, YamlNode
from podlint.source.scalars import text_of
from podlint.source.span import Source
from podlint.source.values import is_null

_MAX_CACHED = 8

_KIND = late(r"""kind["']?[ \t]*:\s*["']?ConfigMap(?:List)?\b""")
_OWN_KIND = late(r"""^kind[ \t]*:[ \t]*["']?ConfigMap["']?[ \t]*(?:#.*)?\r?$""", re.MULTILINE)
_METADATA = late(
    r"^metadata[ \t]*:[ \t]*(?:#.*)?\r?\n(?:[ \t]*(?:#.*)?\r?\n)*"
    r"((?P<indent> +)\S.*\n?(?:(?P=indent).*\n?|[ \t]*(?:#.*)?\r?\n)*)",
    re.MULTILINE,
)
_ANY_METADATA = late(r"""^["']?metadata\b""", re.MULTILINE)
_SIMPLE_NAME = late(r"""(["']?)([-.a-z0-9]+)\1[ \t]*(?: #.*)?\r?""")


class ConfigMapLookup(Protocol):
    """What can find a ConfigMap of the run."""

    def get(self, namespace: str, name: str) -> ConfigMap | None:
        """The ConfigMap that a pod of that namespace ("" where it names none) means; None where it is not
        in the run, or where nobody can say which of several is meant."""
        ...


def read_config_maps(root: YamlNode | None) -> list[ConfigMap]:
    """The ConfigMaps of a document, be it one or a List. Keys without text (`binaryData`) are left out."""
    found = []
    stack = [root]
    while stack:
        node = stack.pop()
        if not isinstance(node, MappingNode):
            continue
        kind, items = _string(node, "kind"), node.get("items")
        if kind == "ConfigMap":
            config_map = _read(node)
            if config_map.name:
                found.append(config_map)
        elif kind.endswith("List") and isinstance(items, SequenceNode):
            stack.extend(reversed(items.items))
    return found


def _read(node: MappingNode) -> ConfigMap:
    metadata, data = node.get("metadata"), node.get("data")
    texts = {}
    if isinstance(data, MappingNode):
        for key, value in data.entries():
            if isinstance(value, ScalarNode) and not is_null(value):
                texts[key.value] = text_of(value)
    immutable = _string(node, "immutable").lower() in ("true", "yes", "on")
    name, namespace = _string(metadata, "name"), _string(metadata, "namespace")
    return ConfigMap(name, namespace, texts, immutable, node.source.path)


def _string(node: YamlNode | None, name: str) -> str:
    value = node.get(name) if isinstance(node, MappingNode) else None
    return value.value if isinstance(value, ScalarNode) and not is_null(value) else ""


class ConfigMapTable:
    """A lookup over ConfigMaps in memory; the last of equal ones counts, as it does when they are applied."""

    def __init__(self, config_maps: Iterable[ConfigMap] = ()) -> None:
        self._by_name: dict[str, list[ConfigMap]] = {}
        for config_map in config_maps:
            self._by_name.setdefault(config_map.name, []).append(config_map)

    def get(self, namespace: str, name: str) -> ConfigMap | None:
        """See `ConfigMapLookup.get`."""
        fitting = _of_namespace(namespace, self._by_name.get(name, ()))
        return fitting[-1] if fitting else None


NO_CONFIG_MAPS: ConfigMapLookup = ConfigMapTable()
"""A lookup that finds nothing."""


class _Chained:
    """See `chained`."""

    __slots__ = ("_lookups",)

    def __init__(self, lookups: tuple[ConfigMapLookup, ...]) -> None:
        self._lookups = lookups

    def get(self, namespace: str, name: str) -> ConfigMap | None:
        """See `ConfigMapLookup.get`."""
        found = (lookup.get(namespace, name) for lookup in self._lookups)
        return next((config_map for config_map in found if config_map is not None), None)


def chained(*lookups: ConfigMapLookup) -> ConfigMapLookup:
    """A lookup that asks several in turn."""
    return _Chained(lookups)


class ConfigMapUse:
    """A lookup that notes whether a ConfigMap of certain files was asked for and found."""

    def __init__(self, lookup: ConfigMapLookup, paths: Container[str]) -> None:
        self._lookup = lookup
        self._paths = paths
        self.noted = False

    def get(self, namespace: str, name: str) -> ConfigMap | None:
        """See `ConfigMapLookup.get`."""
        found = self._lookup.get(namespace, name)
        self.noted = self.noted or (found is not None and found.path in self._paths)
        return found


class ConfigMapEntry(Struct, frozen=True):
    """Where a ConfigMap stands: the offsets are those of its document.

    `name` is "" for a document that has to be parsed to tell which ConfigMaps it holds: a List, JSON, an
    uncommon layout.
    """

    name: str
    namespace: str
    path: str
    start: int
    end: int


def entries_of(source: Source) -> Iterator[ConfigMapEntry]:
    """The documents of a text that may hold ConfigMaps. They are searched, not parsed."""
    for document in split(source):
        text = document.text
        if may_hold_config_map(text) and (_KIND.search(text) or "\\" in text):
            name, namespace = _glean(text) or ("", "")
            yield ConfigMapEntry(name, namespace, source.path, document.start, document.end)


_Spaced = TypeVar("_Spaced", ConfigMap, ConfigMapEntry)


def _of_namespace(namespace: str, candidates: Sequence[_Spaced]) -> list[_Spaced]:
    """Those that a pod of the namespace may mean. One without a namespace lands wherever its manifests are
    applied: the default namespace, or next to the only ConfigMap of that name."""
    wanted = namespace or "default"
    fitting = [one for one in candidates if (one.namespace or "default") == wanted]
    if not fitting and not namespace and len(candidates) == 1:
        fitting = list(candidates)
    return fitting


class ConfigMapIndex:
    """Where each ConfigMap of the run stands, by name. Holds names and offsets only; a file is read again,
    through `read` (which may answer None), when a pod asks for one of its ConfigMaps."""

    def __init__(self, entries: Iterable[ConfigMapEntry], read: Callable[[str], Source | None]) -> None:
        self._read = read
        self._named: dict[str, list[ConfigMapEntry]] = {}
        self._unnamed: list[ConfigMapEntry] = []
        self._cache: dict[tuple[str, int], list[ConfigMap]] = {}
        for entry in entries:
            if entry.name:
                self._named.setdefault(entry.name, []).append(entry)
            else:
                self._unnamed.append(entry)

    def get(self, namespace: str, name: str) -> ConfigMap | None:
        """See `ConfigMapLookup.get`."""
        return self.find(namespace, name, None)

    def near(self, path: str) -> ConfigMapLookup:
        """The lookup for pods of one file: among ConfigMaps of the same name, the ones of the same file count
        before those of its directory, and these before all others."""
        return _Near(self, path)

    def find(self, namespace: str, name: str, path: str | None) -> ConfigMap | None:
        """The ConfigMap that a pod in the file `path` (None: anywhere) means."""
        self._name_the_rest()
        fitting = _of_namespace(namespace, self._named.get(name, ()))
        if path is not None and len(fitting) > 1:
            own_directory = [entry for entry in fitting if _directory(entry.path) == _directory(path)]
            own_file = [entry for entry in own_directory if entry.path == path]
            fitting = own_file[-1:] or own_directory or fitting
        if len(fitting) != 1:
            return None
        entry = fitting[0]
        return ConfigMapTable(self._config_maps(entry)).get(entry.namespace, name)

    def _name_the_rest(self) -> None:
        """Parse the documents whose names the search could not tell: Lists, JSON, uncommon layouts."""
        pending, self._unnamed = self._unnamed, []
        for entry in pending:
            for config_map in self._config_maps(entry):
                known = self._named.setdefault(config_map.name, [])
                place = replace(entry, name=config_map.name, namespace=config_map.namespace)
                if known[-1:] != [place]:
                    known.append(place)

    def _config_maps(self, entry: ConfigMapEntry) -> list[ConfigMap]:
        """The ConfigMaps of one document, of which the most recently used are kept."""
        key = (entry.path, entry.start)
        found = self._cache.pop(key, None)
        if found is None:
            found = self._compose(entry)
            if len(self._cache) >= _MAX_CACHED:
                del self._cache[next(iter(self._cache))]
        self._cache[key] = found
        return found

    def _compose(self, entry: ConfigMapEntry) -> list[ConfigMap]:
        try:
            source = self._read(entry.path)
            return read_config_maps(compose(Document(source, entry.start, entry.end))) if source else []
        except (OSError, InvalidYaml):
            return []


class _Near:
    """See `ConfigMapIndex.near`."""

    __slots__ = ("_index", "_path")

    def __init__(self, index: ConfigMapIndex, path: str) -> None:
        self._index = index
        self._path = path

    def get(self, namespace: str, name: str) -> ConfigMap | None:
        """See `ConfigMapLookup.get`."""
        return self._index.find(namespace, name, self._path)


def _directory(path: str) -> str:
    return path.replace("\\", "/").rpartition("/")[0]


def _glean(text: str) -> tuple[str, str] | None:
    """Name and namespace of a document that is one ConfigMap in the usual layout, else None."""
    metadata = _METADATA.search(text)
    if not metadata or not _OWN_KIND.search(text) or len(_ANY_METADATA.findall(text)) > 1:
        return None
    indent = metadata["indent"]
    values = {"name": "", "namespace": ""}
    for line in metadata[1].split("\n"):
        key, colon, rest = line[len(indent) :].partition(":")
        if colon and line.startswith(indent) and key.rstrip() in values:
            simple = _SIMPLE_NAME.fullmatch(rest.strip(" \t"))
            if not simple:
                return None
            values[key.rstrip()] = simple[2]
    return (values["name"], values["namespace"]) if values["name"] else None
