"""The files that ConfigMaps of the run put into a container."""

from __future__ import annotations

from collections.abc import Iterable

from podlint.manifest.configmaps import ConfigMapLookup
from podlint.manifest.model import ConfigMap, Container, FileSource, Mount, Pod, Volume
from podlint.source.span import Span
from podlint.source.text import Text


class MountedFiles:
    """The files that ConfigMaps of the run put into a container."""

    def __init__(self, container: Container, pod: Pod, config_maps: ConfigMapLookup) -> None:
        self._mounts = sorted(container.mounts, key=lambda mount: len(mount.path), reverse=True)
        self._pod = pod
        self._config_maps = config_maps

    def read(self, path: str) -> Text | None:
        """The text of the file at an absolute path, None where no ConfigMap of the run puts one there."""
        mount = self.mount_at(path)
        return self._from_mount(mount, path[len(mount.path.rstrip("/")) :].strip("/")) if mount else None

    def paths(self) -> list[str]:
        """The absolute paths of all these files."""
        found = []
        for mount in self._mounts:
            volume = self._pod.volume(mount.volume)
            if volume is None or not volume.files or mount.sub_path is None:
                continue
            names = [] if mount.sub_path else sorted(self._known_names(volume))
            found += [f"{mount.path.rstrip('/')}/{name}" for name in names] if names else [mount.path]
        return [path for path in found if self.read(path) is not None]

    def path_of(self, span: Span) -> str | None:
        """The absolute path of the file that characters of a ConfigMap stand in; None where they stand in
        none of these files."""
        for path in self.paths():
            text = self.read(path)
            if text is not None and text.span().holds(span):
                return path
        return None

    def is_executable(self, path: str) -> bool:
        """Whether the file that `read` gives has an executable bit; its mode is 0644 unless the volume says
        so."""
        mount = self.mount_at(path)
        volume = self._pod.volume(mount.volume) if mount else None
        if mount is None or volume is None:
            return True
        name = (mount.sub_path or "") if path == mount.path else path
        mode = volume.item_modes.get(name.rpartition("/")[2], volume.default_mode)
        return bool((0o644 if mode is None else mode) & 0o111)

    def mount_at(self, path: str) -> Mount | None:
        """The mount on which an absolute path lies: the innermost."""
        return next(
            (m for m in self._mounts if path == m.path or path.startswith(m.path.rstrip("/") + "/")), None
        )

    def names_in(self, volume: Volume) -> frozenset[str] | None:
        """The names of the files at the root of a volume; None where they are not known.

        Known are those that `items` list, and those of a ConfigMap of the run.
        """
        if not volume.files or any(self._names(source) is None for source in volume.files):
            return None
        return self._known_names(volume)

    def is_immutable(self, volume: Volume) -> bool:
        """Whether a volume shows nothing but ConfigMaps of the run that can never change."""
        config_maps = [self._config_map(source) for source in volume.files]
        return bool(config_maps) and all(one is not None and one.immutable for one in config_maps)

    def _config_map(self, source: FileSource) -> ConfigMap | None:
        if source.kind != "configMap":
            return None
        return self._config_maps.get(self._pod.namespace, source.name)

    def _names(self, source: FileSource) -> Iterable[str] | None:
        if source.items is not None:
            return source.items
        config_map = self._config_map(source)
        return config_map.data if config_map is not None else None

    def _known_names(self, volume: Volume) -> frozenset[str]:
        return frozenset(name for source in volume.files for name in self._names(source) or ())

    def _from_mount(self, mount: Mount, rest: str) -> Text | None:
        volume = self._pod.volume(mount.volume)
        if volume is None or mount.sub_path is None:
            return None
        name = "/".join(part for part in (mount.sub_path.strip("/"), rest) if part)
        # Of two sources with a file of this name the later one wins (kubelet: the payload is one map).
        for source in reversed(volume.files):
            key = name if source.items is None else source.items.get(name)
            config_map = self._config_map(source) if key is not None else None
            if key is None or (config_map is not None and key not in config_map.data):
                continue
            return config_map.data[key] if config_map is not None else None
        return None
