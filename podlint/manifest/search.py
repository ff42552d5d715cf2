"""The search for pods: by where a known kind keeps its pod spec, else by shape."""

from __future__ import annotations

from collections.abc import Iterator

from podlint.manifest.reader import Reader
from podlint.manifest.workloads import SPEC_PATHS, Frame, pod_spec_of, string
from podlint.source.nodes import MappingNode, ScalarNode, SequenceNode, YamlNode

# Objects that speak about pods without carrying one: schemas, measurements, policies with patterns, and data.
_NOT_CARRYING = frozenset(
    (
        "CustomResourceDefinition",
        "ConfigMap",
        "Secret",
        "PodMetrics",
        "PodMetricsList",
        "ClusterPolicy",
        "Policy",
    )
)
# Fields of an object that tell of the past.
_HISTORY = frozenset(("status", "metadata", "managedFields"))
_OBJECT_FIELDS = ("kind", "apiVersion", "metadata", "spec")

CONTAINER_LISTS = ("initContainers", "containers", "ephemeralContainers")
_CONTAINER_FIELDS = frozenset(
    ("args", "command", "env", "envFrom", "imagePullPolicy", "lifecycle", "livenessProbe", "ports")
    + ("readinessProbe", "resources", "securityContext", "startupProbe", "stdin", "tty", "volumeDevices")
    + ("volumeMounts", "workingDir")
)


def find_pod_specs(root: YamlNode, reader: Reader) -> Iterator[Frame]:
    """Every pod spec of a document, in order; one that aliases share comes once, where it stands first.

    In an object of a known kind wrong types are noted; elsewhere what does not look like a pod is none.
    """
    visited: set[int] = set()
    declared: set[int] = set()
    stack = _children(root, "", None)
    while stack:
        frame = stack.pop()
        node = frame.node
        if id(node) in visited:
            continue
        visited.add(id(node))
        kind = string(node, "kind")
        if kind in _NOT_CARRYING:
            continue
        if kind in SPEC_PATHS:
            spec = pod_spec_of(reader, node, kind)
            if spec is not None:
                declared.add(id(spec))
        is_pod = _looks_like_pod(node) or (id(node) in declared and _has_containers(node, reader))
        if is_pod:
            yield frame
        skipped: tuple[str, ...] | frozenset[str] = CONTAINER_LISTS if is_pod else ()
        is_object = any(node.get(field) is not None for field in _OBJECT_FIELDS)
        for key, value in reversed(node.pairs):
            name = key.value if isinstance(key, ScalarNode) else ""
            # What "<<" merges is seen through the mapping that merges it.
            if isinstance(value, ScalarNode) or name in skipped or name == "<<":
                continue
            if not (is_object and name in _HISTORY):
                stack += _children(value, name, frame)


def _children(node: YamlNode, key: str, parent: Frame | None) -> list[Frame]:
    """The mappings at a node, through lists in lists; the last comes first, as a stack wants it."""
    found: list[Frame] = []
    pending = [node]
    while pending:
        item = pending.pop()
        if isinstance(item, MappingNode):
            found.append(Frame(item, key, parent))
        elif isinstance(item, SequenceNode):
            pending += reversed(item.items)
    found.reverse()
    return found


def _looks_like_pod(node: MappingNode) -> bool:
    containers = node.get("containers")
    return isinstance(containers, SequenceNode) and any(map(_looks_like_container, containers.items))


def _looks_like_container(node: YamlNode) -> bool:
    if not isinstance(node, MappingNode):
        return False
    if isinstance(node.get("image"), ScalarNode):
        # Azure Pipelines names its containers by `container`.
        return node.get("container") is None
    return isinstance(node.get("name"), ScalarNode) and any(
        key.value in _CONTAINER_FIELDS for key, _ in node.entries()
    )


def _has_containers(node: MappingNode, reader: Reader) -> bool:
    """Whether a place that must hold a pod spec holds containers in whatever state."""
    return bool(reader.mappings(node, "containers") or reader.mappings(node, "initContainers"))
