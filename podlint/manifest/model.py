"""The pod as Kubernetes declares it: frozen data, with the place of all that a finding may point at."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from functools import cached_property

from msgspec import Struct, field

from podlint.manifest.monitors import PodMonitor
from podlint.manifest.pauses import Pause
from podlint.manifest.references import Argument, Reference
from podlint.manifest.scaling import Autoscaler
from podlint.manifest.services import NO_SERVICES, ServiceLookup
from podlint.source.nodes import YamlNode
from podlint.source.span import Span
from podlint.source.text import Text

KEY_KINDS = frozenset({"configMap", "secret", "downwardAPI", "projected"})
"""Kinds of volumes that show keys of API objects as files."""
READ_ONLY_KINDS = KEY_KINDS | {"image"}
"""Kinds that are always mounted read-only: those with keys since Kubernetes 1.10 (CVE-2017-1002102), images
by KEP-4639."""


class Role(Enum):
    """When a container runs. A `SIDECAR` is an init container with `restartPolicy: Always`."""

    INIT = "init"
    SIDECAR = "sidecar"
    APP = "app"
    EPHEMERAL = "ephemeral"

    @property
    def list_name(self) -> str:
        """The field of the pod spec in which such containers stand."""
        return {Role.APP: "containers", Role.EPHEMERAL: "ephemeralContainers"}.get(self, "initContainers")


class FileKey(Struct, frozen=True):
    """Where a `fileKeyRef` takes the value of a variable from: the line `key=…` of a file on an emptyDir of
    the pod, which the kubelet reads when it starts the container (KEP-3721).

    A missing file keeps the container from starting, a missing key only where it is not `optional`
    (kubernetes `pkg/kubelet/kubelet_pods.go`, makeEnvironmentVariables).
    """

    volume: str
    path: str
    """From the root of the volume, normalised as an absolute path."""
    key: str
    optional: bool
    span: Span
    """Its path; the whole reference where there is none."""


class KeyReference(Struct, frozen=True):
    """The key of a ConfigMap or Secret (`kind` configMap, secret) that the value of a variable is taken
    from. Where it is missing, the container starts only if it is `optional` (kubernetes
    `pkg/kubelet/kubelet_pods.go`, makeEnvironmentVariables)."""

    kind: str
    name: str
    key: str
    optional: bool
    span: Span
    """The key; the whole reference where there is none."""


class EnvVar(Struct, frozen=True):
    """One entry of `env`. `value` is set for a literal value (before expansion), `expanded` is what the
    kubelet makes of it; `source` names the kind of `valueFrom` otherwise (`configMapKeyRef`, `secretKeyRef`,
    `fieldRef`, `resourceFieldRef`, `fileKeyRef`, or `valueFrom`), `file` is what a `fileKeyRef` names, and
    `key` what a `configMapKeyRef` or a `secretKeyRef` does."""

    name: str
    value: Text | None
    expanded: Argument | None
    source: str
    span: Span
    file: FileKey | None = None
    key: KeyReference | None = None


class Environment(Struct, frozen=True):
    """What `$(NAME)` and `$NAME` can see in a container.

    `known`: final values by name, expanded as the kubelet does, None where the value cannot be known. `open`:
    other names may exist too (an envFrom whose object is not in the run). `partly`: for some names that are
    None in `known`, the value's pieces in order: literal, or None where unknown.
    """

    known: Mapping[str, str | None]
    open: bool
    partly: Mapping[str, tuple[str | None, ...]] = field(default_factory=dict)


class FileSource(Struct, frozen=True, dict=True):
    """What a volume shows as files: the keys of a ConfigMap or Secret (`kind` configMap, secret), or what a
    projected volume takes from elsewhere (downwardAPI, serviceAccountToken, …; `name` is then empty). `items`
    maps file names to keys where only those are shown. `optional`: neither the object nor its keys have to be
    there."""

    kind: str
    name: str
    items: Mapping[str, str] | None
    optional: bool = False

    @cached_property
    def sorted_items(self) -> tuple[str, ...]:
        """The names of the files that `items` lists, sorted."""
        return tuple(sorted(self.items or ()))


class Volume(Struct, frozen=True):
    """A volume of the pod. `kind` is the source's key (`emptyDir`, `configMap`, `persistentVolumeClaim`, …;
    `emptyDir` where none is given, as the API defaults it; `persistentVolumeClaim` for a StatefulSet's
    volumeClaimTemplates).

    `identity` is equal for two volumes that are the same storage: two names of one claim, host path,
    ConfigMap. `source_name` is the name of the ConfigMap, Secret or claim, or the path of a hostPath. `files`
    are the sources of a volume that shows files, several for a projected one; none for all other kinds.
    """

    name: str
    kind: str
    identity: tuple[str, ...]
    source_name: str
    files: tuple[FileSource, ...]
    read_only: bool
    default_mode: int | None
    item_modes: Mapping[str, int]
    """Modes of single files, by file name, where `items` gives them."""
    item_spans: Mapping[str, Span]
    """Where `items` names the keys, by file name."""
    medium: str
    size_limit: str
    span: Span
    source_type: str = ""
    """The `type` of a hostPath (`File`, `Directory`, …)."""
    mode: int | None = None
    """The mode of an emptyDir's directory where the manifest gives one; it is 0777 else."""

    @property
    def starts_empty(self) -> bool:
        """Whether it is made with the pod and deleted with it: what is there, the pod has written."""
        return self.kind in ("emptyDir", "ephemeral")

    @property
    def shows_keys(self) -> bool:
        """Whether its files are keys of API objects."""
        return self.kind in KEY_KINDS

    @property
    def is_always_read_only(self) -> bool:
        """Whether it is of a kind that is never mounted writable."""
        return self.kind in READ_ONLY_KINDS

    @property
    def names(self) -> frozenset[str] | None:
        """The names of the files that are shown, where the manifest of the volume itself lists them all."""
        if not self.files or any(source.items is None for source in self.files):
            return None
        return frozenset(name for source in self.files for name in source.items or ())


class Mount(Struct, frozen=True):
    """A container's view of a volume. `path` is normalised (absolute, no trailing slash, except "/").

    `sub_path` is "" where there is none, and None where it cannot be known (it has an unknown variable).
    """

    volume: str
    path: str
    sub_path: str | None
    read_only: bool
    """Whether writing fails: the mount says so, or the volume is always read-only."""
    references: tuple[Reference, ...]
    """The references of its subPathExpr."""
    span: Span
    """Its path."""
    volume_span: Span
    """The name of its volume; the path where none is given."""
    sub_path_span: Span | None = None
    """Its subPath or subPathExpr."""


PROBES = ("livenessProbe", "readinessProbe", "startupProbe")
HOOKS = ("postStart", "preStop")


class Handler(Struct, frozen=True):
    """What the kubelet does to a running container: a probe or a hook; `kind` is one of these names."""

    kind: str

    @property
    def is_hook(self) -> bool:
        """Whether it is a hook, and no probe."""
        return self.kind in HOOKS

    @property
    def title(self) -> str:
        """How messages call it: `the livenessProbe`, `the preStop hook`."""
        return f"the {self.kind} hook" if self.is_hook else f"the {self.kind}"


class Exec(Handler, frozen=True):
    """A command that the kubelet runs in a running container. `argv` is already expanded in its mode (hooks:
    not at all)."""

    argv: tuple[Argument, ...]
    span: Span


class Port(Struct, frozen=True):
    """A port that a container declares; only documentation, but for its name and its host port.

    `number` is None where it is missing or no integer. `protocol` is `TCP`, `UDP` or `SCTP`.
    """

    name: str
    number: int | None
    protocol: str
    host_port: int | None
    host_ip: str
    span: Span
    """Its number; the whole entry where there is none."""
    name_span: Span | None


class Probe(Handler, frozen=True):
    """A probe or hook by which the kubelet connects to a port: `action` is `httpGet`, `tcpSocket` or `grpc`.

    `host` is "" for the pod's own address, which is what the kubelet then uses. `port` is a number, the name
    of a port of the same container, or None where it cannot be known.
    """

    action: str
    host: str
    port: int | str | None
    path: str
    scheme: str
    span: Span
    """Its port; the whole action where there is none."""
    host_span: Span | None
    sent: tuple[Argument, ...] = ()
    """Its host, its path and the values of its headers, as far as it has them."""


class Container(Struct, frozen=True):
    """A container. `command` and `args` are None where the manifest gives none; they are expanded."""

    name: str
    role: Role
    image: str
    command: tuple[Argument, ...] | None
    args: tuple[Argument, ...] | None
    working_dir: str
    env: tuple[EnvVar, ...]
    environment: Environment
    mounts: tuple[Mount, ...]
    execs: tuple[Exec, ...]
    read_only_root: bool
    run_as_user: int | None
    span: Span
    """The container's name where it has one, else the start of its mapping."""
    termination_message_path: str = "/dev/termination-log"
    """The file that the kubelet mounts for last words; always writable."""
    read_only_root_span: Span | None = None
    """Where readOnlyRootFilesystem is set."""
    ports: tuple[Port, ...] = ()
    probes: tuple[Probe, ...] = ()
    """Those that go over the network; the others are `execs` and `pauses`."""
    pauses: tuple[Pause, ...] = ()
    restart_policy: str = ""
    """Its own `restartPolicy`, "" where the manifest gives none."""
    restart_policy_span: Span | None = None
    restart_rules: bool = False
    """It has `restartPolicyRules`."""
    interactive: bool = False
    """It has a terminal (`tty`) or an open standard input (`stdin`), so that a shell waits."""
    stop_signal: str = ""
    """`lifecycle.stopSignal` without SIG, "" where the image decides."""
    run_as_group: int | None = None
    extended_resources: tuple[str, ...] = ()
    """Resources of device plugins that it asks for (`vendor.example/card`)."""
    requests: tuple[str, ...] | None = None
    """The names of the resources that it requests, sorted; a limit without a request is one (core/v1
    SetDefaults_Pod). None where nobody can tell."""

    @property
    def argv(self) -> tuple[Argument, ...]:
        """What the manifest says is executed: command then args. Empty where the image decides."""
        return (self.command or ()) + (self.args or ())


class Annotation(Struct, frozen=True):
    """The value of an annotation, and where its name stands."""

    value: str
    span: Span


class Pod(Struct, frozen=True, dict=True):
    """A pod spec, wherever it was found, with the workload that carries it."""

    kind: str
    name: str
    namespace: str
    containers: tuple[Container, ...]
    volumes: tuple[Volume, ...]
    share_process_namespace: bool
    host_pid: bool
    host_network: bool
    restart_policy: str
    """Always, OnFailure or Never, by default that of the workload's kind; "" where that is not known."""
    annotations: str
    """All annotation values of the pod and its workload, a line each: only searched for mentions of paths."""
    outputs: tuple[str, ...]
    """Paths that a controller collects from the containers (Argo and Tekton artifacts); never "unread"."""
    grace: int
    """`terminationGracePeriodSeconds`; 30 where the pod gives none."""
    deadline: int | None
    """`activeDeadlineSeconds` of the pod, or of the Job around it."""
    partial: bool
    """A container has no image, or a patch uses what it does not declare: the rest is elsewhere."""
    span: Span
    grace_span: Span | None = None
    grace_known: bool = True
    """Where the pod gives its `grace`, and whether as a number: nobody can read a placeholder."""
    patched: frozenset[str] = frozenset()
    """Fields that a kustomization of the run may add: `volumes`, `env`, `terminationGracePeriodSeconds`."""
    annotation_names: frozenset[str] = frozenset()
    """The names of the annotations of the pod and its workload."""
    own_annotations: Mapping[str, Annotation] = field(default_factory=dict)
    """The annotations that the pod itself has, by name: what an admission webhook sees."""
    labels: Mapping[str, str] = field(default_factory=dict)
    """The labels that the pod itself has, by name."""
    document: YamlNode | None = None
    """The root of the document that it stands in."""
    requests: bool = False
    """Resources are requested for the pod as a whole, so that its containers need not (KEP-2837)."""
    replicas: int | None = None
    """How many of it its workload says there are, None where it does not say."""
    autoscalers: tuple[Autoscaler, ...] = ()
    """The autoscalers of the run that change that number."""
    monitors: tuple[PodMonitor, ...] = ()
    """The PodMonitors of the run that select it."""
    fs_group: int | None = None
    supplemental_groups: tuple[int, ...] = ()
    owner: str = ""
    """The `title` of the controller that has made it and is not there itself, so that the pod stands for
    it."""
    host_names: frozenset[str] = frozenset()
    """Names of hosts that the pod knows by itself: its own, and those of its `hostAliases`."""
    own_dns: bool = False
    """It says itself how names of hosts are looked up (`dnsConfig`, `dnsPolicy`)."""
    services: ServiceLookup = NO_SERVICES
    """The Services of the run."""

    @property
    def title(self) -> str:
        """`Kind/name` of what people can change, as they write it."""
        return self.owner or self.own_title

    @property
    def own_title(self) -> str:
        """`Kind/name` of the object that it stands in."""
        return f"{self.kind}/{self.name}" if self.name else self.kind

    def volume(self, name: str) -> Volume | None:
        """The declared volume of that name; of several the first."""
        return self._volumes.get(name)

    @cached_property
    def _volumes(self) -> dict[str, Volume]:
        return {volume.name: volume for volume in reversed(self.volumes)}

    def path_of(self, container: Container) -> str:
        """Where a container stands in the pod, as in an error of the API server (`containers[0]`)."""
        name = container.role.list_name
        same = [other for other in self.containers if other.role.list_name == name]
        return f"{name}[{next(i for i, other in enumerate(same) if other is container)}]"

    def container(self, name: str) -> Container | None:
        """The first container of that name."""
        return next((c for c in self.containers if c.name == name), None)
