"""Containers of a pod: what they run, see and mount."""

from __future__ import annotations

import posixpath

from msgspec import Struct

from podlint.manifest.configmaps import ConfigMapLookup
from podlint.manifest.environment import Allowance, Variables, read_environment
from podlint.manifest.expansion import Lookup, expand, leave
from podlint.manifest.model import HOOKS, PROBES, Container, Exec, Mount, Role
from podlint.manifest.objects import ConfigMap
from podlint.manifest.pauses import read_pauses
from podlint.manifest.ports import read_ports, read_probes
from podlint.manifest.reader import Reader
from podlint.manifest.references import Argument, Reference, ReferenceState
from podlint.manifest.volumes import normalise_path
from podlint.manifest.workloads import submapping
from podlint.source.nodes import MappingNode, ScalarNode
from podlint.source.scalars import text_of
from podlint.source.span import Span
from podlint.source.text import Text
from podlint.source.values import is_null


class Surroundings(Struct, frozen=True):
    """What the containers of one pod have in common."""

    namespace: str
    config_maps: ConfigMapLookup
    read_only_volumes: frozenset[str]
    service_links: bool
    run_as_user: int | None
    run_as_group: int | None
    allowance: Allowance

    def config_map(self, name: str) -> ConfigMap | None:
        """The ConfigMap that the pod means by a name."""
        return self.config_maps.get(self.namespace, name)


def read_container(
    reader: Reader, node: MappingNode, role: Role, pod: Surroundings, common: MappingNode | None = None
) -> Container:
    """Read one container. Where a field is missing or of a wrong type, the rest is read all the same.

    `common` may carry `volumeMounts` for several containers, as Argo's containerSet does.
    """
    variables = Variables(pod.service_links, pod.allowance)
    env = read_environment(reader, node, pod.config_map, variables)
    name = reader.scalar(node, "name")
    security = reader.mapping(node, "securityContext")
    user = reader.integer(security, "runAsUser") if security else None
    group = reader.integer(security, "runAsGroup") if security else None
    restart_policy = reader.string(node, "restartPolicy")
    if role is Role.INIT and restart_policy == "Always":
        role = Role.SIDECAR
    return Container(
        name=name.value if name else "",
        role=role,
        image=reader.string(node, "image"),
        command=_read_argv(reader, node, "command", variables.resolve),
        args=_read_argv(reader, node, "args", variables.resolve),
        working_dir=reader.string(node, "workingDir"),
        env=env,
        environment=variables.environment(),
        mounts=_read_mounts(reader, (node, common) if common else (node,), variables, pod),
        execs=_read_execs(reader, node, variables),
        read_only_root=reader.boolean(security, "readOnlyRootFilesystem") if security else False,
        run_as_user=pod.run_as_user if user is None else user,
        run_as_group=pod.run_as_group if group is None else group,
        span=name.span if name else Span(node.source, node.start, node.start),
        termination_message_path=reader.string(node, "terminationMessagePath") or "/dev/termination-log",
        read_only_root_span=_key_span(security, "readOnlyRootFilesystem") if security else None,
        ports=read_ports(reader, node),
        probes=read_probes(reader, node),
        pauses=read_pauses(reader, node, HOOKS),
        restart_policy=restart_policy,
        restart_policy_span=_value_span(node, "restartPolicy"),
        restart_rules=bool(reader.items(node, "restartPolicyRules")),
        interactive=reader.boolean(node, "stdin") or reader.boolean(node, "tty"),
        stop_signal=_stop_signal(reader, node),
        extended_resources=_extended_resources(node),
        requests=_requests(node),
    )


def _extended_resources(node: MappingNode) -> tuple[str, ...]:
    """Names with a domain other than Kubernetes' own (IsExtendedResourceName)."""
    resources = submapping(node, "resources")
    stated = [submapping(resources, key) for key in ("limits", "requests")] if resources is not None else []
    names = {key.value for one in stated if one is not None for key, _ in one.entries()}
    return tuple(sorted(name for name in names if "/" in name and "kubernetes.io/" not in name))


def _requests(node: MappingNode) -> tuple[str, ...] | None:
    """What is requested or limited, by name. None where a placeholder stands for the names."""
    resources = node.get("resources")
    if resources is None or is_null(resources):
        return ()
    if not isinstance(resources, MappingNode):
        return None
    names: set[str] = set()
    for field in ("limits", "requests"):
        given = resources.get(field)
        if isinstance(given, MappingNode):
            names.update(key.value for key, value in given.entries() if not is_null(value))
        elif given is not None and not is_null(given):
            return None
    return tuple(sorted(names))


def _read_argv(reader: Reader, node: MappingNode, name: str, lookup: Lookup) -> tuple[Argument, ...] | None:
    """What a container is told to run. Text in place of a list is something that nobody knows yet: a mistake
    that was noted, or a placeholder for the list."""
    texts = reader.texts(node, name)
    if texts is not None:
        return tuple(expand(text, lookup) for text in texts)
    value = node.get(name)
    if not isinstance(value, ScalarNode) or is_null(value) or not value.value:
        return None
    return (Argument(text_of(value), unknown=((0, len(value.value)),)),)


def _read_mounts(
    reader: Reader, holders: tuple[MappingNode, ...], variables: Variables, pod: Surroundings
) -> tuple[Mount, ...]:
    found = []
    for mount in [mount for holder in holders for mount in reader.mappings(holder, "volumeMounts")]:
        volume, path = reader.scalar(mount, "name"), reader.scalar(mount, "mountPath")
        if path is None:
            continue
        sub_path, references = _read_sub_path(reader, mount, variables)
        name = volume.value if volume else ""
        found.append(
            Mount(
                volume=name,
                path=normalise_path(path.value),
                sub_path=sub_path,
                read_only=reader.boolean(mount, "readOnly") or name in pod.read_only_volumes,
                references=references,
                span=path.span,
                volume_span=volume.span if volume else path.span,
                sub_path_span=_value_span(mount, "subPath") or _value_span(mount, "subPathExpr"),
            )
        )
    return tuple(found)


def _read_sub_path(
    reader: Reader, mount: MappingNode, variables: Variables
) -> tuple[str | None, tuple[Reference, ...]]:
    """The path inside the volume, None where it cannot be known, and the references of a subPathExpr."""
    plain, expression = reader.string(mount, "subPath"), reader.text(mount, "subPathExpr")
    if expression is None or not expression.value:
        return _normalise_sub_path(plain), ()
    expanded = expand(expression, variables.resolve)
    # The kubelet starts no container whose subPathExpr names an empty or a missing variable.
    missing = any(
        reference.state is ReferenceState.UNRESOLVED or reference.start == reference.end
        for reference in expanded.references
    )
    known = not plain and not expanded.unknown and not missing
    return (_normalise_sub_path(expanded.text.value) if known else None), expanded.references


def _normalise_sub_path(path: str) -> str:
    normal = posixpath.normpath(path).strip("/") if path else ""
    return "" if normal == "." else normal


def _read_execs(reader: Reader, node: MappingNode, variables: Variables) -> tuple[Exec, ...]:
    found = []
    for kind in PROBES:
        probe = reader.mapping(node, kind)
        command = _read_command(reader, probe) if probe else None
        if command:
            argv = tuple(expand(text, variables.resolve_in_probe) for text in command)
            found.append(Exec(kind, argv, _key_span(node, kind)))
    lifecycle = reader.mapping(node, "lifecycle")
    for kind in HOOKS if lifecycle else ():
        hook = reader.mapping(lifecycle, kind) if lifecycle else None
        command = _read_command(reader, hook) if hook else None
        if lifecycle and command:
            found.append(Exec(kind, tuple(leave(text) for text in command), _key_span(lifecycle, kind)))
    return tuple(found)


def _read_command(reader: Reader, handler: MappingNode) -> list[Text] | None:
    action = reader.mapping(handler, "exec")
    return reader.texts(action, "command") if action else None


def _value_span(node: MappingNode, name: str) -> Span | None:
    value = node.get(name)
    return value.span if isinstance(value, ScalarNode) else None


def _stop_signal(reader: Reader, node: MappingNode) -> str:
    lifecycle = reader.mapping(node, "lifecycle") if node.get("lifecycle") is not None else None
    return reader.string(lifecycle, "stopSignal").removeprefix("SIG") if lifecycle else ""


def _key_span(node: MappingNode, name: str) -> Span:
    key = node.key(name)
    return key.span if isinstance(key, ScalarNode) else node.span
