"""Autoscalers of the run, which measure pods by what these request, and the LimitRanges that request in their
place: read once, and kept as plain data.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Protocol

from msgspec import Struct
from msgspec.structs import replace

from podlint.manifest.configmaps import directory_of
from podlint.manifest.objects import objects_where
from podlint.manifest.reader import Reader
from podlint.manifest.scaling import Autoscaler, Metric
from podlint.manifest.workloads import string, submapping
from podlint.regex import late
from podlint.source.documents import may_carry_pod, may_hold_autoscaler, split
from podlint.source.nodes import MappingNode, SequenceNode, YamlNode
from podlint.source.span import Source, Span
from podlint.source.values import is_null

AUTOSCALER, LIMIT_RANGE = "HorizontalPodAutoscaler", "LimitRange"

_KIND = late(rf"""kind["']?[ \t]*:\s*["']?(?:{AUTOSCALER}|{LIMIT_RANGE}|List)\b""")
_GROUP = "autoscaling/"
_SOURCES = {"Resource": "resource", "ContainerResource": "containerResource"}
_OLD_METRICS = "autoscaling.alpha.kubernetes.io/metrics"
"""The annotation in which autoscaling/v1 keeps what it has no fields for."""
_DEFAULTS = ("default", "defaultRequest", "max", "min")
"""What of a LimitRange gives a container a request that has none: a limit is one, too (core/v1
SetDefaults_LimitRangeItem)."""
MOST = 8
"""Autoscalers of one workload that are looked at. More than one work against each other anyway."""


class Entry(Struct, frozen=True):
    """An autoscaler of the run, found by what it scales: `start` and `end` are offsets in its file."""

    name: str
    namespace: str
    target: tuple[str, str]
    """Kind and name of what it scales."""
    metrics: tuple[tuple[str, str, int, int], ...]
    """Those that are measured against requests: resource, container, start, end."""
    others: bool
    replicas: int | None
    path: str
    start: int
    end: int
    beside_target: bool = False
    """What it scales stands in its own file, so that what is called the same elsewhere is something else."""


class LimitRange(Struct, frozen=True):
    """What the containers of a namespace request that say nothing themselves, by the names of resources."""

    namespace: str
    resources: frozenset[str]
    directory: str

    def holds_for(self, namespace: str, directory: str) -> bool:
        """Whether it holds for pods of a namespace. Where one of both namespaces is not given, it has to lie
        in a directory below or around theirs: else it is as likely for something else."""
        if self.namespace and namespace:
            return self.namespace == namespace
        one, other = sorted((self.directory + "/", directory + "/"), key=len)
        return other.startswith(one)


class Found(Struct, frozen=True):
    """What one file says of scaling."""

    autoscalers: tuple[Entry, ...] = ()
    limit_ranges: tuple[LimitRange, ...] = ()


NOTHING = Found()


def read_autoscaling(source: Source) -> Found:
    """The autoscalers and LimitRanges of a file. Only documents that name one of these kinds are parsed."""
    autoscalers: list[Entry] = []
    limit_ranges: list[LimitRange] = []
    for node in objects_where(source, _names_kind):
        match string(node, "kind"):
            case "HorizontalPodAutoscaler":
                autoscalers += _autoscaler(node)
            case "LimitRange":
                limit_ranges.append(_limit_range(node))
    if not autoscalers and not limit_ranges:
        return NOTHING
    pods = [document.text for document in split(source) if may_carry_pod(document.text)]
    placed = (replace(one, beside_target=any(map(_names(one.target), pods))) for one in autoscalers)
    return Found(tuple(placed), tuple(limit_ranges))


def _names_kind(text: str) -> bool:
    return may_hold_autoscaler(text) and _KIND.search(text) is not None


def _names(target: tuple[str, str]) -> Callable[[str], bool]:
    """Whether a document mentions all words of what is scaled, and so may be it."""
    return lambda text: all(word in text for word in target)


def _autoscaler(node: MappingNode) -> Iterator[Entry]:
    spec, metadata = submapping(node, "spec"), submapping(node, "metadata")
    target = submapping(spec, "scaleTargetRef") if spec is not None else None
    if spec is None or target is None or not string(node, "apiVersion").startswith(_GROUP):
        return
    metrics, others = _metrics(node, spec)
    key = spec.key("scaleTargetRef")
    assert key is not None
    yield Entry(
        name=string(metadata, "name"),
        namespace=string(metadata, "namespace"),
        target=(string(target, "kind"), string(target, "name")),
        metrics=tuple(metrics),
        others=others,
        replicas=Reader().integer(spec, "maxReplicas"),
        path=node.source.path,
        start=key.start,
        end=key.end,
    )


def _metrics(node: MappingNode, spec: MappingNode) -> tuple[list[tuple[str, str, int, int]], bool]:
    """The metrics that are measured against requests, and whether there are others. An autoscaler without any
    measures the processor (autoscaling/v2 SetDefaults_HorizontalPodAutoscaler; v1 in its conversion)."""
    listed = spec.get("metrics")
    if isinstance(listed, SequenceNode) and listed.items:
        each = [_metric(item) for item in listed.items]
        found = [one for one in each if one is not None]
        return found, len(found) < len(each)
    metadata = submapping(node, "metadata")
    annotations = submapping(metadata, "annotations") if metadata is not None else None
    others = annotations is not None and annotations.get(_OLD_METRICS) is not None
    given = spec.key("targetCPUUtilizationPercentage")
    if given is None and (others or (listed is not None and not is_null(listed))):
        return [], True
    place = given or spec.key("scaleTargetRef")
    assert place is not None
    return [("cpu", "", place.start, place.end)], others


def _metric(item: YamlNode) -> tuple[str, str, int, int] | None:
    """One metric, where it is a share of what containers request: `Utilization` (autoscaling/v2), or
    `targetAverageUtilization` (v2beta1)."""
    if not isinstance(item, MappingNode):
        return None
    kind = string(item, "type")
    source = submapping(item, _SOURCES.get(kind, ""))
    name = source.get("name") if source is not None else None
    if source is None or name is None:
        return None
    target = submapping(source, "target")
    share = target.get("averageUtilization") if target is not None else source.get("targetAverageUtilization")
    if share is None or is_null(share) or (target is not None and string(target, "type") != "Utilization"):
        return None
    container = string(source, "container")
    if bool(container) != (kind == "ContainerResource"):
        return None
    return (string(source, "name"), container, name.start, name.end)


def _limit_range(node: MappingNode) -> LimitRange:
    spec, unchecked = submapping(node, "spec"), Reader()
    limits = unchecked.mappings(spec, "limits") if spec is not None else []
    of_containers = (one for one in limits if string(one, "type") == "Container")
    given = [submapping(one, key) for one in of_containers for key in _DEFAULTS]
    names = {key.value for one in given if one is not None for key, _ in one.entries()}
    namespace = string(submapping(node, "metadata"), "namespace")
    return LimitRange(namespace, frozenset(names), directory_of(node.source.path))


class Autoscaling:
    """The autoscalers of a run by what they scale; their files are read again, through `read` (which may
    answer None), when a pod of such a workload is met."""

    __slots__ = ("_by_target", "_limit_ranges", "_read")

    def __init__(self, found: Iterable[Found], read: Callable[[str], Source | None]) -> None:
        self._read = read
        self._by_target: dict[tuple[str, str], list[Entry]] = {}
        self._limit_ranges: set[LimitRange] = set()
        for one in found:
            self._limit_ranges.update(one.limit_ranges)
            for entry in one.autoscalers:
                self._by_target.setdefault(entry.target, []).append(entry)

    def near(self, path: str) -> Scaling:
        """The autoscalers for pods of one file."""
        return Scaling(self, path)

    def of(self, kind: str, name: str, namespace: str, path: str) -> tuple[Autoscaler, ...]:
        """The autoscalers of a workload, see `meant`."""
        meant = self.meant(kind, name, namespace, path)
        return tuple(filter(None, (self._opened(entry, given) for entry, given in meant)))

    def meant(
        self, kind: str, name: str, namespace: str, path: str
    ) -> tuple[tuple[Entry, frozenset[str]], ...]:
        """The autoscalers of a workload, each with the resources that its pods need not request: those of its
        own file, else those of its directory. What lies further away may belong to another workload of that
        name."""
        named = [one for one in self._by_target.get((kind, name), ()) if _agree(one.namespace, namespace)]
        own = [one for one in named if one.path == path]
        directory = directory_of(path)
        near = own or [one for one in named if directory_of(one.path) == directory and not one.beside_target]
        return tuple((one, self._given(one, namespace)) for one in near[:MOST])

    def _given(self, entry: Entry, namespace: str) -> frozenset[str]:
        """What LimitRanges request for the pods that an autoscaler measures."""
        return frozenset(
            name
            for one in self._limit_ranges
            if one.holds_for(namespace or entry.namespace, directory_of(entry.path))
            for name in one.resources
        )

    def _opened(self, entry: Entry, given: frozenset[str]) -> Autoscaler | None:
        source = self._read(entry.path)
        if source is None:
            return None
        return Autoscaler(
            name=entry.name,
            replicas=entry.replicas,
            metrics=tuple(
                Metric(resource, container, Span(source, start, end))
                for resource, container, start, end in entry.metrics
                if resource not in given
            ),
            others=entry.others,
            span=Span(source, entry.start, entry.end),
        )


class ScalingLookup(Protocol):
    """What can find the autoscalers of a workload."""

    def of(self, kind: str, name: str, namespace: str) -> tuple[Autoscaler, ...]:
        """Those of one workload."""
        ...


class Scaling(Struct, frozen=True):
    """The autoscalers that pods of one file may have."""

    index: Autoscaling | None = None
    path: str = ""

    def of(self, kind: str, name: str, namespace: str) -> tuple[Autoscaler, ...]:
        """See `ScalingLookup.of`."""
        return self.index.of(kind, name, namespace, self.path) if self.index is not None else ()


NO_SCALING: ScalingLookup = Scaling()


def _agree(one: str, other: str) -> bool:
    """Whether two objects may be in one namespace; without one, each is wherever it is applied."""
    return one == other or not one or not other
