"""What an analysis asks of the files around its input, and whether the answers are as they were."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

from msgspec import Struct

from podlint.engine.context import Context
from podlint.engine.scan import Objects, Summary, digest_of
from podlint.manifest.configmaps import directory_of
from podlint.manifest.model import Pod
from podlint.manifest.monitors import PodMonitor
from podlint.manifest.objects import CONFIG_MAP, ConfigMap
from podlint.manifest.scaling import Autoscaler


class Asked(Struct, frozen=True, array_like=True):
    """The questions of one analysis: the ConfigMaps and Secrets by namespace, name and kind, and the
    workloads by kind, name and namespace of which it wanted to know what scales them. Names alone: of what a
    Secret holds there is nothing here. `monitors`: it wanted to know which PodMonitors select some pod,
    `services`: the names of all Services."""

    objects: tuple[tuple[str, str, str], ...] = ()
    workloads: tuple[tuple[str, str, str], ...] = ()
    monitors: bool = False
    services: bool = False


class Listener:
    """Stands between an analysis and its context, and notes what is asked."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._objects: dict[tuple[str, str, str], None] = {}
        self._workloads: dict[tuple[str, str, str], None] = {}
        self._monitors = False
        self._services = False

    def get(self, namespace: str, name: str, kind: str = CONFIG_MAP) -> ConfigMap | None:
        """See `ConfigMapLookup.get`."""
        self._objects[namespace, name, kind] = None
        return self._context.config_maps.get(namespace, name, kind)

    def of(self, kind: str, name: str, namespace: str) -> tuple[Autoscaler, ...]:
        """See `ScalingLookup.of`."""
        self._workloads[kind, name, namespace] = None
        return self._context.scaling.of(kind, name, namespace)

    def selecting(self, pod: Pod) -> tuple[PodMonitor, ...]:
        """See `MonitorLookup.selecting`."""
        self._monitors = True
        return self._context.monitors.selecting(pod)

    def names(self) -> frozenset[str]:
        """See `ServiceLookup.names`."""
        self._services = True
        return self._context.services.names()

    @property
    def asked(self) -> Asked:
        """The questions so far, each once."""
        return Asked(tuple(self._objects), tuple(self._workloads), self._monitors, self._services)


class Answers(Struct, frozen=True, dict=True):
    """What the files of a run answer, told by places and digests: no file is read for it. `holding` are the
    files of the inputs that hold ConfigMaps."""

    run: Objects
    of: Mapping[str, Summary]
    """The files of the run by their paths."""
    holding: frozenset[str]

    def digest(self, asked: Asked, path: str, today: str) -> bytes:
        """16 bytes that are the same for two runs in which the pods of the file `path` get the same
        answers."""
        objects: list[tuple[object, ...] | None] = []
        for namespace, name, kind in asked.objects:
            meant = self.run.config_maps.meant(namespace, name, path, kind)
            if meant is None:
                objects.append(None)
            else:
                entry, sure = meant
                held = entry.path in self.holding
                objects.append((entry.path, self.stamp(entry.path, today), entry.start, sure, held))
        scaled = [
            [(entry, self.stamp(entry.path, today), sorted(given)) for entry, given in meant]
            for meant in (self.run.autoscaling.meant(*workload, path) for workload in asked.workloads)
        ]
        monitors = self._monitors(path, today) if asked.monitors else b""
        services = self._services if asked.services else b""
        return digest_of(_bytes((objects, scaled, monitors, services)))

    def _monitors(self, path: str, today: str) -> bytes:
        """The PodMonitors beside a file. Whether one finds a port is told by all pods of the run."""
        key = (directory_of(path), today)
        if key not in self._beside:
            beside = [(entry, self.stamp(entry.path, today)) for entry in self.run.monitoring.beside(path)]
            self._beside[key] = digest_of(_bytes((beside, self._pods))) if beside else b""
        return self._beside[key]

    # As each file may ask for all of these, they are put together once.

    @cached_property
    def _beside(self) -> dict[tuple[str, str], bytes]:
        return {}

    @cached_property
    def _pods(self) -> bytes:
        return digest_of(b"".join(one.digest for one in self.of.values() if one.holds_pods))

    @cached_property
    def _services(self) -> bytes:
        return digest_of(b"".join(one.digest for one in self.of.values() if one.services))

    def stamp(self, path: str, today: str) -> tuple[bytes, str]:
        """What tells a file's content, with the day where that counts: an ignore in it may end."""
        one = self.of[path]
        return (one.digest, today if one.directs else "")


def _bytes(answers: object) -> bytes:
    """Answers as bytes. Names may hold what is no character, which other encodings refuse."""
    return repr(answers).encode("utf-8", "surrogatepass")
