"""The search for pods: by where a known kind keeps its pod spec, else by shape."""

from __future__ import annotations

from collections.abc import Iterator

from podlint.manifest.reader import Reader
from podlint.manifest.workloads import SPEC_PATHS, Frame, pod_spec_of, string
from podlint.source.documents import PODLESS_KINDS
from podlint.source.nodes import MappingNode, ScalarNode, SequenceNode, YamlNode

# Fields of an object that tell of the past.
_HISTORY = frozenset(("status", "metadata", "managedFields"))
_OBJECT_FIELDS = frozenset(("kind", "apiVersion", "metadata", "spec"))
_MAY_HOLD = frozenset(("containers", "<<"))
_TELLING = _OBJECT_FIELDS | _MAY_HOLD

CONTAINER_LISTS = ("initContainers", "containers", "ephemeralContainers")
_CONTAINER_FIELDS = frozenset(
    {
        "args",
        "command",
        "env",
        "envFrom",
        "imagePullPolicy",
        "lifecycle",
        "livenessProbe",
        "ports",
        "readinessProbe",
        "resources",
        "securityContext",
        "startupProbe",
        "stdin",
        "tty",
        "volumeDevices",
        "volumeMounts",
        "workingDir",
    }
)


def find_pod_specs(root: YamlNode, reader: Reader) -> Iterator[Frame]:
    """Every pod spec of a document, in order; one that aliases share comes once, where it stands first.

    In an object of a known kind wrong types are noted; elsewhere what does not look like a pod is none.
    """
    visited: set[int] = set()
    stack = list(_mappings(root, "", None, visited))
    stack.reverse()
    while stack:
        frame = stack.pop()
        node = frame.node
        if id(node) in visited:
            continue
        visited.add(id(node))
        below, fields = _look_at(node)
        kind = string(node, "kind") if "kind" in fields else ""
        if kind in PODLESS_KINDS:
            continue
        spec = pod_spec_of(reader, frame, kind) if kind in SPEC_PATHS else None
        if spec:
            # Nothing else in an object of these kinds carries a pod.
            if id(spec.node) not in visited and _has_containers(spec.node, reader):
                yield spec
            visited.add(id(spec.node))
            continue
        if fields & _MAY_HOLD and _looks_like_pod(node):
            yield frame
            below = [(key, value) for key, value in below if key not in CONTAINER_LISTS]
        if fields & _OBJECT_FIELDS:
            below = [(key, value) for key, value in below if key not in _HISTORY]
        for key, value in reversed(below):
            if value.__class__ is MappingNode:
                stack.append(Frame(value, key, frame))
            else:
                stack += reversed(list(_mappings(value, key, frame, visited)))


def _look_at(node: MappingNode) -> tuple[list[tuple[str, YamlNode]], set[str]]:
    """What is below a mapping, by key, and those of its keys that matter to the search.

    Every mapping of every document comes through here, so it reads the pairs instead of asking for keys.
    """
    below = []
    fields = set()
    for key, value in node.pairs:
        name = key.value if key.__class__ is ScalarNode else ""
        if name in _TELLING:
            fields.add(name)
        # What "<<" merges is seen through the mapping that merges it.
        if value.__class__ is not ScalarNode and name != "<<":
            below.append((name, value))
    return below, fields


def _mappings(node: YamlNode, key: str, parent: Frame | None, visited: set[int]) -> Iterator[Frame]:
    """The mappings at a node, through lists in lists, in order; a list that aliases share counts once."""
    pending = [node]
    while pending:
        item = pending.pop()
        if isinstance(item, MappingNode):
            yield Frame(item, key, parent)
        elif isinstance(item, SequenceNode) and id(item) not in visited:
            visited.add(id(item))
            pending += reversed(item.items)


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
