"""ConfigMaps and Secrets of the run: reading them, and finding the one that a pod means without keeping all.

In names of this module a ConfigMap is either: `kind` says which.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from functools import cached_property
from itertools import chain
from typing import TYPE_CHECKING, Protocol

from msgspec import Struct, field
from msgspec.structs import replace

from podlint.manifest.objects import CONFIG_MAP, SECRET, ConfigMap, read_config_maps
from podlint.regex import late
from podlint.source.compose import InvalidYaml, compose
from podlint.source.documents import Document, may_hold_config_map
from podlint.source.lists import unindented
from podlint.source.span import Source

if TYPE_CHECKING:
    from podlint.manifest.identities import Identity

MAX_HELD = 1024 * 1024
"""Characters of the files whose ConfigMaps are kept for the next pod; a single file may have more."""

_KIND = late(r"""kind["']?[ \t]*:\s*["']?(?:ConfigMap|Secret)(?:List)?\b""")
_OWN_KIND = late(r"""^kind[ \t]*:[ \t]*["']?(ConfigMap|Secret)["']?[ \t]*(?:#.*)?\r?$""", re.MULTILINE)
_METADATA = late(
    r"^metadata[ \t]*+:[ \t]*+(?:#.*+)?\r?\n(?:[ \t]*+(?:#.*+)?\r?\n)*+"
    r"((?P<indent> ++)\S.*+\n?(?:(?P=indent).*+\n?|[ \t]*+(?:#.*+)?\r?\n)*+)",
    re.MULTILINE,
)
_ANY_METADATA = late(r"""^["']?metadata\b""", re.MULTILINE)
_SIMPLE_NAME = late(r"""(["']?)([-.a-z0-9]+)\1[ \t]*(?: #.*)?\r?""")


class ConfigMapLookup(Protocol):
    """What can find a ConfigMap of the run."""

    def get(self, namespace: str, name: str, kind: str = CONFIG_MAP) -> ConfigMap | None:
        """The object of that kind (`CONFIG_MAP`, `SECRET`) that a pod of that namespace ("" where it names
        none) means; None where it is not in the run, or nobody can say which of several is meant."""
        ...


def _kind_of(config_map: ConfigMap) -> str:
    return SECRET if config_map.secret else CONFIG_MAP


class ConfigMapTable:
    """A lookup over ConfigMaps in memory; the last of equal ones counts, as it does when they are applied.

    A pod without a namespace lands wherever its manifests are applied: it means one in the default namespace,
    or the only ConfigMap of that name.
    """

    def __init__(self, config_maps: Iterable[ConfigMap] = ()) -> None:
        self._by_name: dict[tuple[str, str], list[ConfigMap]] = {}
        self._last: dict[tuple[str, str, str], ConfigMap] = {}
        for config_map in config_maps:
            kind, name = _kind_of(config_map), config_map.name
            self._by_name.setdefault((kind, name), []).append(config_map)
            self._last[kind, name, config_map.namespace or "default"] = config_map

    def get(self, namespace: str, name: str, kind: str = CONFIG_MAP) -> ConfigMap | None:
        """See `ConfigMapLookup.get`."""
        found = self._last.get((kind, name, namespace or "default"))
        if found is None and not namespace:
            named = self._by_name.get((kind, name), ())
            found = named[0] if len(named) == 1 else None
        return found

    def all(self) -> Iterator[ConfigMap]:
        """All of them, those of one name together."""
        return chain.from_iterable(self._by_name.values())


NO_CONFIG_MAPS: ConfigMapLookup = ConfigMapTable()
"""A lookup that finds nothing."""


class _Chained:
    """See `chained`."""

    __slots__ = ("_lookups",)

    def __init__(self, lookups: tuple[ConfigMapLookup, ...]) -> None:
        self._lookups = lookups

    def get(self, namespace: str, name: str, kind: str = CONFIG_MAP) -> ConfigMap | None:
        """See `ConfigMapLookup.get`."""
        found = (lookup.get(namespace, name, kind) for lookup in self._lookups)
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

    def get(self, namespace: str, name: str, kind: str = CONFIG_MAP) -> ConfigMap | None:
        """See `ConfigMapLookup.get`."""
        found = self._lookup.get(namespace, name, kind)
        self.noted = self.noted or (found is not None and found.path in self._paths)
        return found


class ConfigMapEntry(Struct, frozen=True):
    """Where a ConfigMap stands: the offsets are those of its document.

    `name` is "" for a document that has to be parsed to tell which ConfigMaps it holds: a List that is not
    taken apart, an uncommon layout.
    """

    name: str
    namespace: str
    path: str
    start: int
    end: int
    kind: str = CONFIG_MAP


def entries_of(documents: Iterable[Document]) -> Iterator[ConfigMapEntry]:
    """Those of some documents that may hold ConfigMaps. They are searched, not parsed."""
    for document in documents:
        text, source = document.text, document.source
        if may_hold_config_map(text) and (_KIND.search(text) or "\\" in text):
            name, namespace, kind = _glean(unindented(text)) or ("", "", "")
            if not name and (whole := _identity_of(document)) is not None and not whole.kind.endswith("List"):
                if whole.kind not in (CONFIG_MAP, SECRET):
                    continue
                name, namespace, kind = whole.name, whole.namespace, whole.kind
            yield ConfigMapEntry(name, namespace, source.path, document.start, document.end, kind)


def _identity_of(document: Document) -> Identity | None:
    # Few objects are written so that they have to be looked at more closely.
    from podlint.manifest.identities import identity_of

    return identity_of(document)


def named_entries_of(documents: Iterable[Document]) -> Iterator[ConfigMapEntry]:
    """The same with all their names: documents of which the search cannot tell them are parsed."""
    for document in documents:
        for entry in entries_of([document]):
            yield from (entry,) if entry.name else _named(entry, _table_in(document))


def _table_in(document: Document) -> ConfigMapTable:
    """The ConfigMaps of one document."""
    try:
        return ConfigMapTable(read_config_maps(compose(document)))
    except InvalidYaml:
        return ConfigMapTable()


def _named(entry: ConfigMapEntry, table: ConfigMapTable) -> Iterator[ConfigMapEntry]:
    """An entry for each of the ConfigMaps that a document holds."""
    for one in table.all():
        yield replace(entry, name=one.name, namespace=one.namespace, kind=_kind_of(one))


class ConfigMapIndex:
    """Where each ConfigMap of the run stands, by name. Holds names and offsets only; a file is read again,
    through `read` (which may answer None), when a pod asks for one of its ConfigMaps."""

    def __init__(
        self,
        entries: Iterable[ConfigMapEntry],
        read: Callable[[str], Source | None],
        changed: Container[tuple[str, str]] = (),
    ) -> None:
        """`changed` are the kinds and names of objects that a kustomization makes, or adds to."""
        self._read = read
        self._changed = changed
        self._entries = tuple(entries)
        self._opened: dict[str, _Opened] = {}
        self._held = 0

    def get(self, namespace: str, name: str, kind: str = CONFIG_MAP) -> ConfigMap | None:
        """See `ConfigMapLookup.get`."""
        return self.find(namespace, name, None, kind)

    def near(self, path: str) -> ConfigMapLookup:
        """The lookup for pods of one file: among ConfigMaps of the same name, the ones of the same file count
        before those of its directory, then those below it, and so on for each directory around it."""
        return _Near(self, path)

    def find(self, namespace: str, name: str, path: str | None, kind: str = CONFIG_MAP) -> ConfigMap | None:
        """The ConfigMap that a pod in the file `path` (None: anywhere) means."""
        meant = self.meant(namespace, name, path, kind)
        if meant is None:
            return None
        entry, sure = meant
        found = self._table(entry).get(entry.namespace, name, kind)
        return found if sure or found is None else self._doubted(entry, found)

    def meant(
        self, namespace: str, name: str, path: str | None, kind: str = CONFIG_MAP
    ) -> tuple[ConfigMapEntry, bool] | None:
        """Where that ConfigMap stands, and whether it can be no other."""
        entry = self._named.meant(namespace, name, path, kind)
        if entry is None:
            return None
        return entry, (kind, name) not in self._changed and self._named.is_surely(entry, namespace, path)

    def _doubted(self, entry: ConfigMapEntry, found: ConfigMap) -> ConfigMap:
        """The same ConfigMap, of which it is not sure that it is meant; made once, as long as its file is
        kept."""
        opened = self._opened.get(entry.path)
        if opened is None:
            return replace(found, sure=False)
        key = (entry.start, found.secret, found.namespace, found.name)
        return opened.doubted.setdefault(key, replace(found, sure=False))

    @cached_property
    def _named(self) -> _Names:
        """The entries by name. Documents of which the search could not tell it are parsed, when a pod asks
        for the first time: Lists, JSON, uncommon layouts."""
        names = _Names()
        for entry in self._entries:
            for one in (entry,) if entry.name else _named(entry, self._table(entry)):
                names.add(one)
        return names

    def _table(self, entry: ConfigMapEntry) -> ConfigMapTable:
        """The ConfigMaps of one document; they are kept as long as its file is."""
        opened = self._open(entry.path)
        if opened is None:
            return ConfigMapTable()
        table = opened.tables.get(entry.start)
        if table is None:
            table = _table_in(Document(opened.source, entry.start, entry.end))
            opened.keep(entry, table)
        return table

    def _open(self, path: str) -> _Opened | None:
        """A file of the run, of which the most recently used are kept; None where it cannot be read."""
        opened = self._opened.pop(path, None)
        if opened is None:
            try:
                source = self._read(path)
            except OSError:
                source = None
            if source is None:
                return None
            opened = _Opened(source)
            self._held += len(source.text)
            while self._opened and self._held > MAX_HELD:
                oldest = self._opened.pop(next(iter(self._opened)))
                self._held -= len(oldest.source.text)
        self._opened[path] = opened
        return opened


class _Opened(Struct):
    """A file whose ConfigMaps were asked for: its text, and what is in it, by the offset of the document."""

    source: Source
    tables: dict[int, ConfigMapTable] = field(default_factory=dict)
    doubted: dict[tuple[int, bool, str, str], ConfigMap] = field(default_factory=dict)
    """Copies that are not `sure`."""
    parsed: int = 0
    """Characters of the documents that `tables` holds."""

    def keep(self, entry: ConfigMapEntry, table: ConfigMapTable) -> None:
        """Keep what is in one document, and forget the others where that becomes too much."""
        self.parsed += entry.end - entry.start
        if self.parsed > MAX_HELD and self.tables:
            self.tables.clear()
            self.doubted.clear()
            self.parsed = entry.end - entry.start
        self.tables[entry.start] = table


class _Names:
    """The entries of a run by what a pod can mean them by, so that one look-up costs the same however many
    ConfigMaps have one name."""

    __slots__ = ("_by_name", "_by_place")

    def __init__(self) -> None:
        self._by_name: dict[tuple[str, str], list[ConfigMapEntry]] = {}
        self._by_place: dict[tuple[str, ...], list[ConfigMapEntry]] = {}

    def add(self, entry: ConfigMapEntry) -> None:
        """Enter a ConfigMap by its name; of equal ones in one document the first is enough."""
        known = self._by_name.setdefault((entry.kind, entry.name), [])
        if known[-1:] == [entry]:
            return
        known.append(entry)
        named = (entry.kind, entry.name, entry.namespace or "default")
        directory = directory_of(entry.path)
        keys = [named, (*named, directory), (*named, directory, entry.path)]
        for key in keys + [(*named, above, "below") for above in _from_inside(directory)]:
            self._by_place.setdefault(key, []).append(entry)

    def meant(self, namespace: str, name: str, path: str | None, kind: str) -> ConfigMapEntry | None:
        """The one that a pod means: see `ConfigMapTable` and `ConfigMapIndex.near`."""
        named = (kind, name, namespace or "default")
        fitting: Sequence[ConfigMapEntry] = self._by_place.get(named, ())
        if not fitting and not namespace:
            fitting = self._by_name.get((kind, name), ())
        elif path is not None and len(fitting) > 1:
            directory = (*named, directory_of(path))
            own_file = self._by_place.get((*directory, path), ())
            fitting = own_file[-1:] or self._by_place.get(directory, ()) or self._nearest(named, path)
        return fitting[0] if len(fitting) == 1 else None

    def is_surely(self, entry: ConfigMapEntry, namespace: str, path: str | None) -> bool:
        """Whether an entry that is `meant` can be no other: it alone has that name in that namespace in the
        file that asks, or in the whole run and stands beside that file."""
        if (entry.namespace or "default") != (namespace or "default"):
            return False
        named = (entry.kind, entry.name, entry.namespace or "default")
        if path is not None and entry.path == path:
            return len(self._by_place[(*named, directory_of(path), path)]) == 1
        beside = path is None or directory_of(entry.path) == directory_of(path)
        return beside and len(self._by_name[entry.kind, entry.name]) == 1

    def _nearest(self, named: tuple[str, str, str], path: str) -> Sequence[ConfigMapEntry]:
        """Those in the smallest directory around a file that has any."""
        around = _from_inside(directory_of(path))
        found = (self._by_place.get((*named, one, "below"), ()) for one in around)
        return next(filter(None, found), ())


class _Near:
    """See `ConfigMapIndex.near`."""

    __slots__ = ("_index", "_path")

    def __init__(self, index: ConfigMapIndex, path: str) -> None:
        self._index = index
        self._path = path

    def get(self, namespace: str, name: str, kind: str = CONFIG_MAP) -> ConfigMap | None:
        """See `ConfigMapLookup.get`."""
        return self._index.find(namespace, name, self._path, kind)


def _from_inside(directory: str) -> Iterator[str]:
    """A directory and all that it lies in."""
    yield directory
    while directory:
        directory = directory_of(directory)
        yield directory


def directory_of(path: str) -> str:
    """The directory of a file, "" where the path names none."""
    return path.replace("\\", "/").rpartition("/")[0]


def _glean(text: str) -> tuple[str, str, str] | None:
    """Name, namespace and kind of a document that is one object in the usual layout, else None."""
    metadata, own_kind = _METADATA.search(text), _OWN_KIND.search(text)
    if not metadata or not own_kind or len(_ANY_METADATA.findall(text)) > 1:
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
    return (values["name"], values["namespace"], own_kind[1]) if values["name"] else None
