"""Pods: every pod spec of a document, read into the model."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct
from msgspec.structs import replace

from podlint.digits import number_of
from podlint.manifest.admitted import without_injected, without_token
from podlint.manifest.configmaps import ConfigMapLookup
from podlint.manifest.containers import Surroundings, read_container
from podlint.manifest.environment import Allowance
from podlint.manifest.fields import (
    note_unknown_in_container,
    note_unknown_in_pod,
    note_unknown_in_volume,
)
from podlint.manifest.model import Annotation, Container, Pod, Role, Volume
from podlint.manifest.reader import Malformed, Reader
from podlint.manifest.references import Reference, ReferenceState
from podlint.manifest.search import find_pod_specs
from podlint.manifest.volumes import read_claim_templates, read_volumes
from podlint.manifest.workloads import SPEC_PATHS, Frame, Workload, string, submapping, workload_of
from podlint.regex import late
from podlint.source.nodes import MappingNode, ScalarNode, SequenceNode, YamlNode
from podlint.source.span import Span
from podlint.source.values import is_null

_ROLES = (("initContainers", Role.INIT), ("containers", Role.APP), ("ephemeralContainers", Role.EPHEMERAL))
# kubectl keeps the whole manifest in it, so it mentions every path.
_LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration"
IGNORING = "ignore.podlint/"
"""What the annotations begin with that say what podlint is not to report."""
_GRACE = 30
"""Seconds from SIGTERM to SIGKILL where the pod says nothing (core/v1 PodSpec)."""
_LISTS = (*(key for key, _ in _ROLES), "volumes")
_TO_BE_CHANGED = late(r"(?i:(?:change|replace|fill)[-_]?me|replaced[-_]by[-_][^:]*+)(?::.*+)?")
"""An image that a person, a script or a kustomization is to replace."""
_SPECIAL_KEY = late(r"\$(?:patch|retainKeys|setElementOrder|deleteFromPrimitiveList)\b|[=^+<X]?\(")
# How people write variables, and hardly ever commands.
_VARIABLE = late(r"[A-Z_][A-Z0-9_]*")


class PodsRead(Struct, frozen=True):
    """What one document gave: its pods, and every value of a wrong type met on the way."""

    pods: list[Pod]
    malformed: list[Malformed]


def read_pods(root: YamlNode | None, config_maps: ConfigMapLookup) -> PodsRead:
    """Read every pod of a document, whatever kind carries it. Never raises: what is wrong is `malformed`."""
    if root is None:
        return PodsRead([], [])
    reader, unchecked, allowance = Reader(), Reader(), Allowance(root.end - root.start)
    objects: set[int] = set()
    pods = []
    for spec in find_pod_specs(root, reader):
        workload = workload_of(spec)
        whole = id(workload.frames[-1].node)
        if whole in objects and not allowance.take(workload.inherited_size):
            # Thousands of pods in one object would each take along what is said of all of them.
            workload = replace(workload, frames=workload.frames[:1])
        objects.add(whole)
        checked = reader if workload.checked else unchecked
        pod = replace(_read_pod(checked, spec, workload, config_maps, allowance), document=root)
        if pod.containers:
            pods.append(pod)
    return PodsRead(pods, sorted(reader.malformed, key=lambda malformed: malformed.span.start))


def is_filled_in_later(pod: Pod) -> bool:
    """Whether a namespace or an image is a phrase ("FILLED BY THE OPERATOR"), or an image `changeme`: the
    real one, and perhaps more, is put in before the pod is made."""
    images = [one.image.strip() for one in pod.containers]
    phrases = any(" " in word for word in (pod.namespace.strip(), *images))
    return phrases or any(_TO_BE_CHANGED.fullmatch(image) for image in images)


def _read_pod(
    reader: Reader, frame: Frame, workload: Workload, config_maps: ConfigMapLookup, allowance: Allowance
) -> Pod:
    spec = frame.node
    if workload.kind in SPEC_PATHS:
        _note_unknown_fields(reader, spec)
    # Argo gives what belongs to the pod of a containerSet in the template and the workflow around it.
    set_of_containers = frame.key == "containerSet"
    holders = [one.node for one in workload.frames] if set_of_containers else [spec]
    volumes = _volumes(reader, holders, workload)
    security = reader.mapping(spec, "securityContext")
    surroundings = Surroundings(
        namespace=workload.namespace,
        config_maps=config_maps,
        read_only_volumes=frozenset(volume.name for volume in volumes if volume.read_only),
        service_links=spec.get("enableServiceLinks") is None or reader.boolean(spec, "enableServiceLinks"),
        run_as_user=reader.integer(security, "runAsUser") if security else None,
        run_as_group=reader.integer(security, "runAsGroup") if security else None,
        allowance=allowance,
    )
    containers = tuple(_read_containers(reader, frame, set_of_containers, surroundings))
    annotation_names = _annotation_names(workload)
    volumes, containers = without_token(volumes, containers)
    volumes, containers = without_injected(volumes, containers, annotation_names)
    grace = reader.integer(spec, "terminationGracePeriodSeconds")
    grace_span = _value_span(spec, "terminationGracePeriodSeconds")
    return Pod(
        kind=workload.kind,
        name=workload.name,
        namespace=workload.namespace,
        containers=containers,
        volumes=volumes,
        share_process_namespace=reader.boolean(spec, "shareProcessNamespace"),
        host_pid=reader.boolean(spec, "hostPID"),
        host_network=reader.boolean(spec, "hostNetwork"),
        restart_policy=workload.restart_policy,
        annotations=_annotations(workload),
        annotation_names=annotation_names,
        own_annotations=_own_annotations(workload),
        labels={key.value: value.value for key, value in _each(workload.frames[1:2], "labels")},
        outputs=tuple(_outputs(workload)),
        grace=_GRACE if grace is None else grace,
        deadline=_deadline(workload),
        partial=_is_said_elsewhere(spec) or _is_partial(workload, containers, {v.name for v in volumes}),
        span=_span(spec, workload),
        requests=submapping(spec, "resources") is not None,
        replicas=_replicas(workload),
        grace_span=grace_span,
        grace_known=grace is not None or grace_span is None,
        fs_group=reader.integer(security, "fsGroup") if security else None,
        supplemental_groups=tuple(_groups(reader, security)) if security else (),
        host_names=frozenset(_host_names(reader, spec, workload)),
        own_dns=spec.get("dnsConfig") is not None or string(spec, "dnsPolicy") not in ("", "ClusterFirst"),
    )


def _host_names(reader: Reader, spec: MappingNode, workload: Workload) -> Iterator[str]:
    """What the kubelet writes into /etc/hosts."""
    yield reader.string(spec, "hostname") or (workload.name if workload.kind == "Pod" else "")
    for alias in reader.mappings(spec, "hostAliases"):
        yield from (text.value for text in reader.texts(alias, "hostnames") or ())


def _groups(reader: Reader, security: MappingNode) -> Iterator[int]:
    for item in reader.items(security, "supplementalGroups"):
        number = number_of(item.value) if isinstance(item, ScalarNode) else None
        if number is not None:
            yield number


def _note_unknown_fields(reader: Reader, spec: MappingNode) -> None:
    note_unknown_in_pod(reader, spec)
    for key, _ in _ROLES:
        for container in reader.mappings(spec, key):
            note_unknown_in_container(reader, container)
    for volume in reader.mappings(spec, "volumes"):
        note_unknown_in_volume(reader, volume)


def _value_span(node: MappingNode, name: str) -> Span | None:
    value = node.get(name)
    return value.span if isinstance(value, ScalarNode) and not is_null(value) else None


def _deadline(workload: Workload) -> int | None:
    """A deadline of the pod itself, else of the job that runs it."""
    unchecked = Reader()
    for frame in workload.frames:
        given = unchecked.integer(frame.node, "activeDeadlineSeconds")
        if given is not None:
            return given
    return None


def _replicas(workload: Workload) -> int | None:
    """How many pods the object around the template asks for."""
    if len(workload.frames) < 3 or workload.kind not in SPEC_PATHS:
        return None
    # The pod spec, its template, the spec of the workload.
    return Reader().integer(workload.frames[2].node, "replicas")


def _volumes(reader: Reader, holders: list[MappingNode], workload: Workload) -> tuple[Volume, ...]:
    # A controller puts its claims in the place of volumes of the same name, so they come first.
    declared = [claim for frame in workload.frames for claim in read_claim_templates(reader, frame.node)]
    return tuple(declared + [volume for holder in holders for volume in read_volumes(reader, holder)])


def _read_containers(
    reader: Reader, frame: Frame, set_of_containers: bool, surroundings: Surroundings
) -> Iterator[Container]:
    for key, role in _ROLES:
        for node in reader.mappings(frame.node, key):
            yield read_container(reader, node, role, surroundings, frame.node if set_of_containers else None)
    if set_of_containers and frame.parent:
        for key, role in (("initContainers", Role.INIT), ("sidecars", Role.APP)):
            for node in reader.mappings(frame.parent.node, key):
                yield read_container(reader, node, role, surroundings)


def _is_said_elsewhere(spec: MappingNode) -> bool:
    """Whether a pod spec has directives of a patch (`$patch: delete`), or keys that are expressions, as in
    the assertions of Chainsaw and in policies (`(length(@))`, `=(volumes)`); or a command of its own, which
    has slipped out of a container or which a controller hands to one."""
    if spec.get("command") is not None or spec.get("args") is not None:
        return True
    lists = [items for key in _LISTS if isinstance(items := spec.get(key), SequenceNode)]
    nodes = [spec, *(node for items in lists for node in items.items if isinstance(node, MappingNode))]
    nodes += [value for node in nodes for _, value in node.pairs if isinstance(value, MappingNode)]
    return any(_is_special(key) for node in nodes for key, _ in node.pairs)


def _is_special(key: YamlNode) -> bool:
    return isinstance(key, ScalarNode) and _SPECIAL_KEY.match(key.value) is not None


def _is_partial(workload: Workload, containers: tuple[Container, ...], volumes: set[str]) -> bool:
    """Whether the rest of the pod is elsewhere: a container has no image, or a workload that can only be a
    patch uses what it does not declare."""
    if not all(container.image for container in containers if container.role is not Role.EPHEMERAL):
        return True
    if not workload.is_patch:
        return False
    return any(
        any(mount.volume not in volumes for mount in container.mounts)
        or any(
            reference.state is ReferenceState.UNRESOLVED and _VARIABLE.fullmatch(reference.name)
            for reference in _references(container)
        )
        for container in containers
    )


def _references(container: Container) -> Iterator[Reference]:
    for argument in container.argv:
        yield from argument.references
    for entry in container.env:
        if entry.expanded is not None:
            yield from entry.expanded.references


def _annotations(workload: Workload) -> str:
    """The annotations of the pod, of what is around it, and of the workload."""
    found = {id(value): value.value for key, value in _each(workload.frames, "annotations") if _is_told(key)}
    return "\n".join(found.values())


def _own_annotations(workload: Workload) -> dict[str, Annotation]:
    """The annotations in the metadata beside the pod spec."""
    beside = _each(workload.frames[1:2], "annotations")
    return {key.value: Annotation(value.value, key.span) for key, value in beside if _is_told(key)}


def _annotation_names(workload: Workload) -> frozenset[str]:
    """The names of the annotations of the pod, of what is around it, and of the workload."""
    return frozenset(key.value for key, _ in _each(workload.frames, "annotations"))


def _each(frames: tuple[Frame, ...], field: str) -> Iterator[tuple[ScalarNode, ScalarNode]]:
    """The entries of a field of the metadata in each frame."""
    for frame in frames:
        metadata = submapping(frame.node, "metadata")
        found = submapping(metadata, field) if metadata else None
        for key, value in found.entries() if found else ():
            if isinstance(value, ScalarNode):
                yield key, value


def _is_told(key: ScalarNode) -> bool:
    """Whether an annotation says something of its own: kubectl keeps the whole object in one. What is said to
    podlint tells nothing of the pod either: a reason may name the path that nobody reads."""
    return key.value != _LAST_APPLIED and not key.value.startswith(IGNORING)


def _outputs(workload: Workload) -> Iterator[str]:
    """Paths that Argo collects: `outputs.artifacts[].path` and `outputs.parameters[].valueFrom.path`."""
    for frame in workload.frames:
        outputs = submapping(frame.node, "outputs")
        if outputs is None:
            continue
        unchecked = Reader()
        holders: list[MappingNode | None] = [*unchecked.mappings(outputs, "artifacts")]
        holders += [submapping(one, "valueFrom") for one in unchecked.mappings(outputs, "parameters")]
        yield from filter(None, (string(holder, "path") for holder in holders))


def _span(spec: MappingNode, workload: Workload) -> Span:
    """The name of the workload, else the word `containers`."""
    place = workload.name_node or spec.key("containers") or spec.key("initContainers")
    return place.span if place else Span(spec.source, spec.start, spec.start)
