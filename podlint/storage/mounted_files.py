"""The files that ConfigMaps and Secrets of the run put into a container."""

from __future__ import annotations

from bisect import bisect_right
from collections import ChainMap
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from functools import cached_property
from heapq import merge
from itertools import groupby, islice

from podlint.manifest.configmaps import ConfigMapLookup
from podlint.manifest.model import Container, FileSource, KeyReference, Mount, Pod, Volume
from podlint.manifest.objects import CONFIG_MAP, SECRET, ConfigMap
from podlint.source.span import Span
from podlint.source.text import Text
from podlint.storage.mounts import MountIndex

MAX_LISTED = 256
"""Files of one container that are listed. One that is asked for by name is found however many there are."""
MAX_SOURCES = 64
"""Sources of one projected volume that are looked into; what is in one with more is not known."""


class VolumeFiles:
    """What is known of the files that one volume of a pod shows."""

    def __init__(self, volume: Volume, pod: Pod, config_maps: ConfigMapLookup) -> None:
        self._sources = [(source, _object(source, pod, config_maps)) for source in volume.files[:MAX_SOURCES]]
        self._complete = len(volume.files) <= MAX_SOURCES

    def read(self, name: str) -> Text | None:
        """The text of a file; None where nothing in the run puts one there."""
        # Of two sources with a file of this name the later one wins (kubelet: the payload is one map).
        for source, config_map in reversed(self._sources if self._complete else ()):
            key = name if source.items is None else source.items.get(name)
            if key is None or (source.kind == "configMap" and config_map and key not in config_map.data):
                continue
            return config_map.data.get(key) if config_map is not None else None
        return None

    def listed(self) -> Iterator[str]:
        """The names that are known, sorted, each once."""
        names = (_sorted_names(source, config_map) for source, config_map in self._sources)
        return (name for name, _ in groupby(merge(*names)))

    @cached_property
    def names(self) -> Set[str] | None:
        """The names of the files at its root; None where they are not known.

        Known are those that `items` list, and those of a ConfigMap of the run. A Secret in a repository is
        often a stand-in for the real one, and some get keys from a controller.
        """
        shown: list[Mapping[str, object]] = []
        for source, config_map in self._sources:
            if source.items is None and (config_map is None or config_map.secret):
                return None
            shown.append(source.items if source.items is not None else config_map.data if config_map else {})
        if not self._complete or not shown:
            return None
        # Views: many pods may show one large ConfigMap.
        return shown[0].keys() if len(shown) == 1 else ChainMap(*map(dict, shown)).keys()

    @cached_property
    def shown(self) -> Set[str] | None:
        """The names of the files that it surely shows, and of no others; None where they are not known, or
        where they do not have to be there."""
        shown: set[str] = set()
        for source, config_map in self._sources:
            if source.optional:
                return None
            if source.items is not None:
                shown.update(source.items)
            elif config_map is not None and config_map.sure and config_map.keys is not None:
                shown.update(config_map.keys)
            else:
                return None
        return shown if self._complete and self._sources else None

    @property
    def config_maps(self) -> Iterator[ConfigMap]:
        """The ConfigMaps and Secrets of the run whose files it shows."""
        return (config_map for _, config_map in self._sources if config_map is not None)

    @property
    def lacks_config_map(self) -> bool:
        """Whether a ConfigMap that it shows is not in the run."""
        return any(source.kind == "configMap" and found is None for source, found in self._sources)

    @property
    def is_immutable(self) -> bool:
        """Whether it shows nothing but ConfigMaps of the run that can never change."""
        found = [config_map for _, config_map in self._sources]
        return self._complete and bool(found) and all(one is not None and one.immutable for one in found)


_KINDS = {"configMap": CONFIG_MAP, "secret": SECRET}


def _object(source: FileSource | KeyReference, pod: Pod, config_maps: ConfigMapLookup) -> ConfigMap | None:
    kind = _KINDS.get(source.kind)
    return config_maps.get(pod.namespace, source.name, kind) if kind is not None else None


def _sorted_names(source: FileSource, config_map: ConfigMap | None) -> Iterable[str]:
    if source.items is not None:
        return source.sorted_items
    return config_map.sorted_keys if config_map is not None else ()


class PodFiles:
    """The files of a pod's volumes, which its containers share."""

    def __init__(self, pod: Pod, config_maps: ConfigMapLookup) -> None:
        self.pod = pod
        self._config_maps = config_maps
        self._found: dict[str, VolumeFiles] = {}

    def of(self, volume: Volume) -> VolumeFiles:
        """The files of one volume."""
        if volume.name not in self._found:
            self._found[volume.name] = VolumeFiles(volume, self.pod, self._config_maps)
        return self._found[volume.name]

    def object_of(self, source: FileSource | KeyReference) -> ConfigMap | None:
        """The ConfigMap or Secret of the run that a volume or a variable is taken from."""
        return _object(source, self.pod, self._config_maps)

    def config_maps(self) -> Iterator[ConfigMap]:
        """The ConfigMaps and Secrets of the run whose files have been looked at."""
        return (config_map for files in self._found.values() for config_map in files.config_maps)

    def lacks_config_map(self) -> bool:
        """Whether files have been looked at of a ConfigMap that is not in the run."""
        return any(files.lacks_config_map for files in self._found.values())


class MountedFiles:
    """The files that ConfigMaps and Secrets of the run put into a container."""

    def __init__(self, container: Container, files: PodFiles) -> None:
        self.mounts = MountIndex(container)
        self._container = container
        self._files = files

    def lacks_config_map(self, mount: Mount) -> bool:
        """Whether a mount shows a ConfigMap that is not in the run."""
        volume = self._files.pod.volume(mount.volume)
        return volume is not None and bool(volume.files) and self._files.of(volume).lacks_config_map

    def read(self, path: str) -> Text | None:
        """The text of the file at an absolute path, None where nothing in the run puts one there."""
        mount = self.mount_at(path)
        volume = self._files.pod.volume(mount.volume) if mount is not None else None
        if mount is None or volume is None or mount.sub_path is None:
            return None
        rest = path[len(mount.path.rstrip("/")) :].strip("/")
        name = "/".join(part for part in (mount.sub_path.strip("/"), rest) if part)
        return self._files.of(volume).read(name)

    @cached_property
    def paths(self) -> tuple[str, ...]:
        """The absolute paths of these files, at most `MAX_LISTED` of them."""
        listed = islice(self._listed(), MAX_LISTED)
        return tuple(path for path in listed if self.read(path) is not None)

    def _listed(self) -> Iterator[str]:
        """Where files may be: below the innermost mounts first."""
        for mount in sorted(self._container.mounts, key=lambda mount: len(mount.path), reverse=True):
            volume = self._files.pod.volume(mount.volume)
            if volume is None or not volume.files or mount.sub_path is None:
                continue
            nothing = True
            for name in () if mount.sub_path else self._files.of(volume).listed():
                nothing = False
                yield f"{mount.path.rstrip('/')}/{name}"
            if nothing:
                yield mount.path

    def path_of(self, span: Span) -> str | None:
        """The absolute path of the file that characters of a ConfigMap stand in; None where they stand in
        none of these files, or in one that is not listed."""
        starts: Sequence[int] = self._starts.get(id(span.source), ())
        index = bisect_right(starts, span.start) - 1
        here = self._by_start[id(span.source), starts[index]] if index >= 0 else ()
        return next((path for path, text in here if text.holds(span)), None)

    @cached_property
    def _by_start(self) -> dict[tuple[int, int], list[tuple[str, Span]]]:
        """The files by the source of their text and the offset at which it begins there."""
        found: dict[tuple[int, int], list[tuple[str, Span]]] = {}
        for path in self.paths:
            text = self.read(path)
            if text is not None:
                span = text.span()
                found.setdefault((id(span.source), span.start), []).append((path, span))
        return found

    @cached_property
    def _starts(self) -> dict[int, list[int]]:
        """The offsets in `_by_start`, sorted, by source."""
        starts: dict[int, list[int]] = {}
        for source, start in sorted(self._by_start):
            starts.setdefault(source, []).append(start)
        return starts

    def is_executable(self, path: str) -> bool:
        """Whether the file that `read` gives has an executable bit; its mode is 0644 unless the volume says
        so."""
        mount = self.mount_at(path)
        volume = self._files.pod.volume(mount.volume) if mount else None
        if mount is None or volume is None:
            return True
        name = (mount.sub_path or "") if path == mount.path else path
        mode = volume.item_modes.get(name.rpartition("/")[2], volume.default_mode)
        return bool((0o644 if mode is None else mode) & 0o111)

    def mode_of(self, path: str) -> int | None:
        """The mode of the file that a volume with keys has, or may have, at a path, or of the files in the
        directory; None where there is no such file, or where they differ."""
        mount = self.mount_at(path)
        volume = self._files.pod.volume(mount.volume) if mount is not None else None
        if mount is None or volume is None or not volume.shows_keys or mount.sub_path is None:
            return None
        rest = path[len(mount.path.rstrip("/")) :].strip("/")
        name = "/".join(part for part in (mount.sub_path.strip("/"), rest) if part)
        names = self._files.of(volume).names
        if (not name and volume.item_modes) or (name and names is not None and name not in names):
            return None
        mode = volume.item_modes.get(name, volume.default_mode)
        return 0o644 if mode is None else mode

    def mount_at(self, path: str) -> Mount | None:
        """The mount on which an absolute path lies: the innermost."""
        return self.mounts.at(path)

    def names_in(self, volume: Volume) -> Set[str] | None:
        """The names of the files at the root of a volume; None where they are not known: see
        `VolumeFiles.names`."""
        return self._files.of(volume).names

    def knows_names_on(self, mount: Mount) -> bool:
        """Whether the names of the files at the root of a mounted volume are known."""
        volume = self._files.pod.volume(mount.volume)
        return volume is not None and self.names_in(volume) is not None

    def is_immutable(self, volume: Volume) -> bool:
        """Whether a volume shows nothing but ConfigMaps of the run that can never change."""
        return self._files.of(volume).is_immutable
