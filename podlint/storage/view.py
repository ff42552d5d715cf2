"""A pod as the checks see it: every container's processes, and where what they do to files really lands."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from podlint.configs.programs import CONFIGURED, run_by_image
from podlint.findings import NotUnderstood
from podlint.manifest.configmaps import ConfigMapLookup
from podlint.manifest.model import ConfigMap, Container, FileSource, Mount, Pod, Role, Volume
from podlint.manifest.versions import NEWEST, KubeVersion
from podlint.shell.effects import Action, Call, Duration, Effect
from podlint.shell.outcome import Process
from podlint.shell.patterns import Pattern, absolute, split_last
from podlint.shell.process import processes_of, script_process
from podlint.source.text import Text
from podlint.storage.places import Place, mount_points, place_of

if TYPE_CHECKING:
    from podlint.configs.mounted import Found
    from podlint.configs.settings import Setting


class Placed(Struct, frozen=True):
    """An effect with the place of its path (`place`) and of its other path (`to`, for renames and links)."""

    effect: Effect
    process: Process
    place: Place
    to: Place | None


class ContainerView(Struct, frozen=True, dict=True):
    """A container with what its processes do, in order: the main process first, then probes and hooks, then
    the scripts in the configuration of its programs."""

    container: Container
    pod: Pod
    processes: tuple[Process, ...]
    effects: tuple[Placed, ...]
    files: MountedFiles
    configured: tuple[Found, ...] = ()
    """What the configuration files of its programs say, as far as they are in the run."""

    @property
    def settings(self) -> tuple[Setting, ...]:
        """What those files say, whether or not it is sure that they are read."""
        return tuple(found.setting for found in self.configured)

    @cached_property
    def name(self) -> str:
        """The container's name; where it has none, as the API names its place (`containers[0]`)."""
        return self.container.name or _path_in(self.pod, self.container)

    @cached_property
    def understood(self) -> bool:
        """Whether nothing can happen in it that `effects` does not tell."""
        return all(process.understood for process in self.processes)

    @property
    def concurrent(self) -> bool:
        """Whether it runs together with the app containers."""
        return self.container.role in (Role.APP, Role.SIDECAR)

    @property
    def calls(self) -> Iterator[tuple[Process, Call]]:
        """All commands that its processes call."""
        return ((process, call) for process in self.processes for call in process.calls)

    def mounts_of(self, place: Place) -> tuple[Mount, ...]:
        """Its mounts of the volume that a place is on."""
        if place.volume is None:
            return ()
        return tuple(m for m in self.container.mounts if self._identity(m) == place.volume.identity)

    def _identity(self, mount: Mount) -> tuple[str, ...]:
        volume = self.pod.volume(mount.volume)
        return volume.identity if volume is not None else ("undeclared", mount.volume)


def _path_in(pod: Pod, container: Container) -> str:
    """Where a container stands in its pod, as in an error of the API server."""
    key = {Role.APP: "containers", Role.EPHEMERAL: "ephemeralContainers"}.get(
        container.role, "initContainers"
    )
    initial = (Role.INIT, Role.SIDECAR)
    roles = initial if container.role in initial else (container.role,)
    same = [one for one in pod.containers if one.role in roles]
    return f"{key}[{next(i for i, one in enumerate(same) if one is container)}]"


class PodView(Struct, frozen=True, dict=True):
    """A pod with the views of its containers, in the manifest's order."""

    pod: Pod
    containers: tuple[ContainerView, ...]
    scripts: int
    not_understood: list[NotUnderstood]
    kube_version: KubeVersion = NEWEST
    """The version of the cluster that the pod is for."""

    @cached_property
    def concurrent(self) -> tuple[ContainerView, ...]:
        """The containers that run together: apps and native sidecars."""
        return tuple(view for view in self.containers if view.concurrent)

    def others(self, view: ContainerView) -> tuple[ContainerView, ...]:
        """The containers that run together with one, without it."""
        return tuple(other for other in self.concurrent if other is not view)


def view_pod(pod: Pod, config_maps: ConfigMapLookup, kube_version: KubeVersion = NEWEST) -> PodView:
    """Run a pod abstractly. A pure function of the pod, the ConfigMaps it mounts, and the version."""
    containers = _in_order([_view_container(container, pod, config_maps) for container in pod.containers])
    # A function that is called from many places raises its doubts each time; they are told once.
    doubts = {
        (view.name, doubt.reason, *doubt.span[1:]): NotUnderstood(
            doubt.span.region(), pod.title, view.name, doubt.reason
        )
        for view in containers
        for process in view.processes
        for doubt in process.doubts
    }
    scripts = sum(process.scripts for view in containers for process in view.processes)
    return PodView(pod, containers, scripts, list(doubts.values()), kube_version)


def _in_order(views: list[ContainerView]) -> tuple[ContainerView, ...]:
    """The views, with nothing certain in what waits for an init container that surely fails."""
    failing = next((i for i, view in enumerate(views) if _surely_fails(view)), None)
    if failing is None:
        return tuple(views)

    def waits(index: int, view: ContainerView) -> bool:
        return view.container.role is Role.APP or index > failing

    return tuple(
        replace(
            view, effects=tuple(replace(p, effect=replace(p.effect, certain=False)) for p in view.effects)
        )
        if waits(index, view)
        else view
        for index, view in enumerate(views)
    )


def _surely_fails(view: ContainerView) -> bool:
    main = view.processes[0]
    return view.container.role is Role.INIT and main.status is False and main.duration is Duration.BRIEF


def _view_container(container: Container, pod: Pod, config_maps: ConfigMapLookup) -> ContainerView:
    files = MountedFiles(container, pod, config_maps)
    directories = mount_points(container, pod)
    processes = processes_of(container, files, directories)
    main, *others = processes
    configured: list[Found] = []
    paths = files.paths() if container.mounts and _is_configured(container, main) else []
    if paths:
        # Not before there is a configuration: the modules that read them are many.
        from podlint.configs.consequences import scripts_of, with_settings
        from podlint.configs.mounted import settings_of

        configured = settings_of(container, main, files.read, paths)
        scripts = (
            script_process(kind, text, container, files, directories) for kind, text in scripts_of(configured)
        )
        processes = (with_settings(main, configured), *others, *scripts)
    placed = tuple(
        Placed(
            effect,
            process,
            place_of(effect.path, container, pod),
            place_of(_target(effect), container, pod) if effect.to is not None else None,
        )
        for process in processes
        for effect in process.effects
    )
    return ContainerView(container, pod, processes, placed, files, tuple(configured))


def _is_configured(container: Container, main: Process) -> bool:
    """Whether a container seems to run a program whose configuration can be read."""
    if any(call.name in CONFIGURED for call in main.calls):
        return True
    return bool(run_by_image(container, main)[0])


def _target(effect: Effect) -> Pattern:
    """The other path of a rename or a link; what a symbolic link says is told from where the link stands."""
    assert effect.to is not None
    if effect.action is Action.SYMLINK:
        return absolute(effect.to, split_last(effect.path)[0])
    return effect.to


class MountedFiles:
    """The files that ConfigMaps of the run put into a container."""

    def __init__(self, container: Container, pod: Pod, config_maps: ConfigMapLookup) -> None:
        self._mounts = sorted(container.mounts, key=lambda mount: len(mount.path), reverse=True)
        self._pod = pod
        self._config_maps = config_maps

    def read(self, path: str) -> Text | None:
        """The text of the file at an absolute path, None where no ConfigMap of the run puts one there."""
        mount = self._mount_at(path)
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

    def is_executable(self, path: str) -> bool:
        """Whether the file that `read` gives has an executable bit; its mode is 0644 unless the volume says
        so."""
        mount = self._mount_at(path)
        volume = self._pod.volume(mount.volume) if mount else None
        if mount is None or volume is None:
            return True
        name = (mount.sub_path or "") if path == mount.path else path
        mode = volume.item_modes.get(name.rpartition("/")[2], volume.default_mode)
        return bool((0o644 if mode is None else mode) & 0o111)

    def _mount_at(self, path: str) -> Mount | None:
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
