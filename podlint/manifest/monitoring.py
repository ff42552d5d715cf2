"""PodMonitors of the run, which tell Prometheus the ports of the pods that they select: read once, and kept
as plain data.

What is said of them here: prometheus-operator pkg/prometheus/promcfg.go, generatePodMonitorConfig; of the
targets that a pod has: prometheus discovery/kubernetes/pod.go, buildPod.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cached_property
from typing import Protocol

from msgspec import Struct

from podlint.manifest.admitted import INJECTED_PORTS
from podlint.manifest.configmaps import NO_CONFIG_MAPS, directory_of
from podlint.manifest.model import Pod
from podlint.manifest.monitors import PodMonitor, ScrapedPort
from podlint.manifest.objects import objects_where
from podlint.manifest.pods import read_pods
from podlint.manifest.reader import Reader
from podlint.manifest.workloads import string, submapping
from podlint.regex import late
from podlint.source.compose import InvalidYaml, compose
from podlint.source.documents import may_carry_pod, may_hold_pod_monitor, split
from podlint.source.nodes import MappingNode, ScalarNode
from podlint.source.span import Source, Span
from podlint.source.values import as_bool, as_int, is_null

_GROUP = "monitoring.coreos.com/"
_API_VERSION = late(r"""apiVersion["']?[ \t]*:\s*["']?monitoring\.coreos\.com/""")
"""The definition of the kind has a field of the same name as its objects, and is long."""
_BROAD = frozenset(
    (
        "app.kubernetes.io/instance",
        "app.kubernetes.io/managed-by",
        "app.kubernetes.io/part-of",
        "app.kubernetes.io/version",
        "helm.sh/chart",
        "chart",
        "heritage",
        "release",
    )
)
"""Labels that many workloads share, of which some have metrics (Kubernetes: Recommended Labels; those of
Helm's charts)."""
_WORD = late(r"[A-Za-z0-9-]+")
"""A name of a port, or a number. In a PodMonitor the name is a regular expression, for the whole of it."""
_UNFINISHED = late(r"[^A-Za-z0-9-]")
_MOST = 64
"""PodMonitors that are known for one label."""


class Requirement(Struct, frozen=True, array_like=True):
    """One condition of a selector; `matchLabels` are such with the operator `In` and one value."""

    key: str
    operator: str
    values: tuple[str, ...]

    def is_met_by(self, labels: Mapping[str, str]) -> bool:
        """Whether labels meet it (apimachinery pkg/labels/selector.go, Requirement.Matches)."""
        match self.operator:
            case "In":
                return labels.get(self.key) in self.values
            case "NotIn":
                return labels.get(self.key) not in self.values
            case "Exists":
                return self.key in labels
            case "DoesNotExist":
                return self.key not in labels
        return False

    @property
    def names_pods(self) -> bool:
        """Whether it asks for a value that tells some pods from others."""
        return self.operator == "In" and bool(self.values) and self.key not in _BROAD


class Entry(Struct, frozen=True):
    """A PodMonitor of the run, all of whose endpoints name a port. `namespaces` are those of its pods, none
    where that may be any; `ports` have the offsets at which they stand in its file."""

    name: str
    namespaces: tuple[str, ...]
    selector: tuple[Requirement, ...]
    ports: tuple[tuple[str | int, int, int], ...]
    path: str

    def selects(self, pod: Pod) -> bool:
        """Whether a pod is meant. One without a namespace is wherever it is applied."""
        there = not self.namespaces or not pod.namespace or pod.namespace in self.namespaces
        return there and all(one.is_met_by(pod.labels) for one in self.selector)

    def finds(self, pod: Pod) -> bool:
        """Whether a container of a pod declares one of its ports, or may, as one is yet to be filled in. Init
        containers count as well."""
        ports = [port for port, _, _ in self.ports]
        declared = (port for container in pod.containers for port in container.ports)
        return any(
            one.name in ports or one.number in ports or one.number is None or _UNFINISHED.search(one.name)
            for one in declared
        )

    @property
    def keys(self) -> Iterator[tuple[str, str]]:
        """Labels of which each pod that is selected has one."""
        one = next(one for one in self.selector if one.names_pods)
        return ((one.key, value) for value in dict.fromkeys(one.values))


def read_pod_monitors(source: Source) -> tuple[Entry, ...]:
    """The PodMonitors of a file that name the ports of certain pods."""
    return tuple(entry for node in objects_where(source, _is_monitoring) for entry in _entry(node))


def _is_monitoring(text: str) -> bool:
    return may_hold_pod_monitor(text) and _API_VERSION.search(text) is not None


def _entry(node: MappingNode) -> Iterator[Entry]:
    metadata, spec, unchecked = submapping(node, "metadata"), submapping(node, "spec"), Reader()
    is_monitor = string(node, "kind") == "PodMonitor" and string(node, "apiVersion").startswith(_GROUP)
    selector = submapping(spec, "selector") if spec is not None and is_monitor else None
    if spec is None or selector is None:
        return
    ports = [_port(one) for one in unchecked.mappings(spec, "podMetricsEndpoints")]
    known = tuple(port for port in ports if port is not None)
    requirements = tuple(_requirements(selector))
    # Where an endpoint names no port, all that are declared are scraped.
    if not known or len(known) < len(ports) or not any(one.names_pods for one in requirements):
        return
    yield Entry(
        name=string(metadata, "name"),
        namespaces=_namespaces(spec, string(metadata, "namespace")),
        selector=requirements,
        ports=known,
        path=node.source.path,
    )


def _port(endpoint: MappingNode) -> tuple[str | int, int, int] | None:
    """The port of an endpoint: the first of these fields that says something. None where it says nothing that
    can be told, and for a port that is injected into pods."""
    for field in ("port", "portNumber", "targetPort"):
        value = endpoint.get(field)
        if not isinstance(value, ScalarNode) or is_null(value) or not value.value:
            continue
        number = as_int(value)
        # The API server takes no number for the name, and no text for the number.
        if (number is None) == (field == "portNumber") or (number is not None and field == "port"):
            return None
        port = value.value if number is None else number
        plain = number is not None or _WORD.fullmatch(value.value)
        return (port, value.start, value.end) if plain and port not in INJECTED_PORTS else None
    return None


def _requirements(selector: MappingNode) -> Iterator[Requirement]:
    exact = submapping(selector, "matchLabels")
    for key, value in exact.entries() if exact is not None else ():
        yield Requirement(key.value, "In", (value.value,) if isinstance(value, ScalarNode) else ())
    unchecked = Reader()
    for one in unchecked.mappings(selector, "matchExpressions"):
        values = (item.value for item in unchecked.items(one, "values") if isinstance(item, ScalarNode))
        yield Requirement(string(one, "key"), string(one, "operator"), tuple(values))


def _namespaces(spec: MappingNode, own: str) -> tuple[str, ...]:
    """Those in which it selects pods, by default its own; none where that may be any."""
    selector = submapping(spec, "namespaceSelector")
    if selector is not None and as_bool(selector.get("any")):
        return ()
    names = Reader().items(selector, "matchNames") if selector is not None else ()
    return tuple(one.value for one in names if isinstance(one, ScalarNode)) or ((own,) if own else ())


class Monitoring:
    """The PodMonitors of a run by labels of the pods that they select. `holding` are the files that may hold
    pods; `read` reads them, and those of the PodMonitors, again (it may answer None)."""

    def __init__(
        self,
        found: Iterable[Entry],
        holding: Iterable[str] = (),
        read: Callable[[str], Source | None] = lambda _: None,
    ) -> None:
        self._read = read
        self._opened: tuple[str, Source | None] = ("", None)
        self._holding = tuple(holding)
        self._by_label: dict[tuple[str, str], list[Entry]] = {}
        self._by_directory: dict[str, list[Entry]] = {}
        for entry in found:
            self._by_directory.setdefault(directory_of(entry.path), []).append(entry)
            for key in entry.keys:
                known = self._by_label.setdefault(key, [])
                if len(known) < _MOST:
                    known.append(entry)

    def near(self, path: str) -> Monitors:
        """The PodMonitors for pods of one file."""
        return Monitors(self, path)

    def beside(self, path: str) -> tuple[Entry, ...]:
        """Those that may be meant for pods of a file: the ones of its directory. What lies further away may
        be meant for other pods with these labels."""
        return tuple(self._by_directory.get(directory_of(path), ()))

    def selecting(self, pod: Pod, path: str) -> tuple[PodMonitor, ...]:
        """The PodMonitors that select a pod of a file."""
        if not self._by_label:
            return ()
        directory = directory_of(path)
        found = (one for one in self._selecting(pod) if directory_of(one.path) == directory)
        return tuple(filter(None, (self._seen(one, pod) for one in found)))

    def _selecting(self, pod: Pod) -> Iterator[Entry]:
        entries = (one for label in pod.labels.items() for one in self._by_label.get(label, ()))
        return (one for one in entries if one.selects(pod))

    def _seen(self, entry: Entry, pod: Pod) -> PodMonitor | None:
        source = self._open(entry.path)
        if source is None:
            return None
        ports = tuple(ScrapedPort(port, Span(source, start, end)) for port, start, end in entry.ports)
        return PodMonitor(entry.name, ports, entry.finds(pod) or entry in self._met)

    def _open(self, path: str) -> Source | None:
        """A file of the run; the last of them is kept, as many pods of one file may ask."""
        if self._opened[0] != path:
            self._opened = (path, self._read(path))
        return self._opened[1]

    @cached_property
    def _met(self) -> frozenset[Entry]:
        """The PodMonitors that find a port in some pod of the run, be it in another directory; found at once
        for all of them, when the first does not find it where it looks."""
        every = (entry for entries in self._by_label.values() for entry in entries)
        ports = {str(port) for entry in every for port, _, _ in entry.ports}
        return frozenset(
            entry
            for path in self._holding
            for pod in self._pods(path, ports)
            for entry in self._selecting(pod)
            if entry.finds(pod)
        )

    def _pods(self, path: str, ports: set[str]) -> Iterator[Pod]:
        """The pods of a file that may declare one of some ports."""
        source = self._read(path)
        for document in split(source) if source is not None else ():
            if may_carry_pod(document.text) and not ports.isdisjoint(_WORD.findall(document.text)):
                try:
                    yield from read_pods(compose(document), NO_CONFIG_MAPS).pods
                except InvalidYaml:
                    continue


class MonitorLookup(Protocol):
    """What can find the PodMonitors of a pod."""

    def selecting(self, pod: Pod) -> tuple[PodMonitor, ...]:
        """Those that select it."""
        ...


class Monitors(Struct, frozen=True):
    """The PodMonitors that may select pods of one file."""

    index: Monitoring
    path: str = ""

    def selecting(self, pod: Pod) -> tuple[PodMonitor, ...]:
        """See `MonitorLookup.selecting`."""
        return self.index.selecting(pod, self.path)


NO_MONITORS: MonitorLookup = Monitors(Monitoring(()))
