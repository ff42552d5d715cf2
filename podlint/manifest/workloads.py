"""Workloads: the objects that carry pods, what their kinds say, and where a known kind keeps its pod spec."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from podlint.manifest.reader import Reader
from podlint.source.nodes import MappingNode, ScalarNode, SequenceNode, YamlNode
from podlint.source.values import is_null

_TEMPLATE = ("spec", "template", "spec")
SPEC_PATHS: dict[str, tuple[str, ...]] = {
    "Pod": ("spec",),
    "PodTemplate": ("template", "spec"),
    "Deployment": _TEMPLATE,
    "ReplicaSet": _TEMPLATE,
    "ReplicationController": _TEMPLATE,
    "StatefulSet": _TEMPLATE,
    "DaemonSet": _TEMPLATE,
    "Job": _TEMPLATE,
    "CronJob": ("spec", "jobTemplate", *_TEMPLATE),
}
"""Where Kubernetes' own workload kinds keep the pod spec."""
JOBS = frozenset({"Job", "CronJob"})
"""Those whose pods are to come to an end."""

_GROUPS = frozenset(("", "apps", "batch", "extensions"))
# In apps/v1 the API server demands a selector, so whoever gives none writes a patch.
_SELECTING = frozenset(("Deployment", "ReplicaSet", "StatefulSet", "DaemonSet"))
_INHERITED = ("metadata", "volumes", "volumeClaimTemplates", "outputs")
_RESTART_POLICIES = frozenset(("Always", "OnFailure", "Never"))
# Argo and Tekton run their pods once, like everything that calls itself a job.
_RUN_ONCE = frozenset(
    (
        "Workflow",
        "CronWorkflow",
        "WorkflowTemplate",
        "ClusterWorkflowTemplate",
        "Task",
        "ClusterTask",
        "TaskRun",
    )
)

# Argo Rollouts, OpenShift, Knative, OpenKruise, LWS, Prometheus: their pods are there for good.
_SERVING = frozenset(
    (
        "Rollout",
        "DeploymentConfig",
        "Service",
        "Configuration",
        "Revision",
        "CloneSet",
        "LeaderWorkerSet",
        "Prometheus",
        "Alertmanager",
    )
)


class Frame(Struct, frozen=True):
    """A mapping on the way from the root of a document down to a pod spec. `key` is the one under which it
    stands in `parent`, in a list or by itself."""

    node: MappingNode
    key: str
    parent: Frame | None

    def upwards(self) -> Iterator[Frame]:
        """This frame, then its parents."""
        frame: Frame | None = self
        while frame is not None:
            yield frame
            frame = frame.parent


class Workload(Struct, frozen=True):
    """The object that carries a pod. `frames` lead from the pod spec up to it, both included; without an
    object (`kind` is then "PodSpec", and `checked` false) up to the root."""

    kind: str
    name: str
    namespace: str
    name_node: ScalarNode | None
    frames: tuple[Frame, ...]
    checked: bool
    """Whether the object says that it is one of Kubernetes', so that a wrong type is a mistake and no
    format of somebody else's."""

    @property
    def is_patch(self) -> bool:
        """Whether the object lacks what only a patch may lack."""
        node = self.frames[-1].node
        spec = node.get("spec")
        return (
            self.kind in _SELECTING
            and string(node, "apiVersion") == "apps/v1"
            and isinstance(spec, MappingNode)
            and spec.get("selector") is None
        )

    @property
    def inherited_size(self) -> int:
        """How many characters of source a pod takes from what surrounds its spec."""
        nodes = [frame.node.get(field) for frame in self.frames[1:] for field in _INHERITED]
        return sum(node.end - node.start for node in nodes if node)

    @property
    def restart_policy(self) -> str:
        """The policy given by the pod spec or by what surrounds it (Kubeflow gives it beside the template),
        else the default of the kind. Empty where nobody says it and the kind is not known: a CI system makes
        its pods with another than the API's default."""
        for frame in self.frames:
            policy = string(frame.node, "restartPolicy")
            if policy in _RESTART_POLICIES:
                return policy
        if self.kind.endswith("Job") or self.kind in _RUN_ONCE:
            return "Never"
        return "Always" if self.kind in SPEC_PATHS or self.kind in _SERVING else ""


def string(node: YamlNode | None, name: str) -> str:
    """The characters of a scalar field, empty where there is none; nothing is noted."""
    value = node.get(name) if isinstance(node, MappingNode) else None
    return value.value if isinstance(value, ScalarNode) and not is_null(value) else ""


def submapping(node: MappingNode, name: str) -> MappingNode | None:
    """A field that is a mapping, None where it is not; nothing is noted."""
    value = node.get(name)
    return value if isinstance(value, MappingNode) else None


def pod_spec_of(reader: Reader, workload: Frame, kind: str) -> Frame | None:
    """The pod spec of an object of a known kind; wrong types on the way there are noted."""
    group, _, _ = string(workload.node, "apiVersion").rpartition("/")
    if group not in _GROUPS:
        return None
    frame = workload
    for step in SPEC_PATHS[kind]:
        node = reader.mapping(frame.node, step)
        if node is None:
            return None
        frame = Frame(node, step, frame)
    return frame


def workload_of(spec: Frame) -> Workload:
    """The nearest object around a pod spec."""
    frames: list[Frame] = []
    for frame in spec.upwards():
        frames.append(frame)
        kind = string(frame.node, "kind")
        metadata = submapping(frame.node, "metadata") if kind else None
        if not kind or (metadata is None and kind not in SPEC_PATHS):
            continue
        if kind.endswith("List") and isinstance(frame.node.get("items"), SequenceNode) and len(frames) > 1:
            # The items of a PodList, as the API answers it, do not repeat their kind.
            item = frames[-2]
            frames.pop()
            kind, metadata = kind[: -len("List")] or "PodSpec", submapping(item.node, "metadata")
        return _named(kind, metadata, tuple(frames), checked=bool(string(frame.node, "apiVersion")))
    return Workload("PodSpec", "", "", None, tuple(frames), checked=False)


def _named(kind: str, metadata: MappingNode | None, frames: tuple[Frame, ...], checked: bool) -> Workload:
    node = metadata and (metadata.get("name") or metadata.get("generateName"))
    name_node = node if isinstance(node, ScalarNode) and not is_null(node) else None
    name = name_node.value if name_node else ""
    return Workload(
        kind, name, string(metadata, "namespace"), name_node, frames, checked or kind in SPEC_PATHS
    )
