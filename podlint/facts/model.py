"""The form of the facts: one struct for each kind of thing. The schema is generated from them.

Keys are the names of the fields in camel case. Under one version keys are only added, and none changes.
"""

from __future__ import annotations

from msgspec import field

from podlint.facts.processes import At, Place, Process, Record, Value

VERSION = "podlint-facts/1"


class Reference(Record, frozen=True):
    """A `$(NAME)` or `$$` that the kubelet meets. `state` is `expanded`, `unknown`, `maybe`, `unresolved`,
    `literal` or `collapsed` (a `$$` that becomes one `$`); `written` is its text in the manifest."""

    name: str
    state: str
    written: str
    at: At


class Argument(Record, frozen=True):
    """A word of a command line after the kubelet's expansion."""

    text: str
    references: tuple[Reference, ...]
    at: At


class Key(Record, frozen=True):
    """A key of an object, whose `kind` is `configMap` or `secret`. Unless `optional`, it has to be there."""

    kind: str
    name: str
    key: str
    optional: bool
    at: At


class Variable(Record, frozen=True):
    """An entry of `env`: `source` is the kind of its `valueFrom`. Its value is left out, as it may be secret;
    `references` are those in it, `file` is what the kubelet reads for it when the container starts, and `key`
    what it is taken from."""

    name: str
    source: str
    references: tuple[Reference, ...]
    file: Place | None
    key: Key | None
    at: At


class Environment(Record, frozen=True):
    """The names that `$(NAME)` and `$NAME` can see. `open`: others may exist too, of an object that is not
    in the run."""

    names: tuple[str, ...]
    open: bool
    variables: tuple[Variable, ...]


class Mount(Record, frozen=True):
    """A mount. `subPath` is null where it cannot be known, "" where there is none."""

    volume: str
    path: str
    sub_path: str | None
    read_only: bool
    references: tuple[Reference, ...]
    at: At


class Port(Record, frozen=True):
    """A port that a container declares."""

    name: str
    number: int | None
    protocol: str
    host_port: int | None
    host_ip: str = field(name="hostIP")
    at: At


class Probe(Record, frozen=True):
    """A probe or hook by which the kubelet asks over the network. `action` is `httpGet`, `tcpSocket` or
    `grpc`; `port` is null where it cannot be known."""

    kind: str
    action: str
    host: str
    port: int | str | None
    path: str
    scheme: str
    at: At


class Setting(Record, frozen=True):
    """What a configuration says. `kind` is `input`, `output`, `state` (`positions`: of what it has read),
    `rotate`, `listen`, `connect`, `root`, `scripts` or `include`. `fromStart`: a file that is new to it is
    read whole."""

    program: str
    kind: str
    path: Value
    port: int | None
    protocol: str
    options: tuple[str, ...]
    positions: bool
    from_start: bool
    at: At


class Image(Record, frozen=True):
    """What is known of an image. `official`: the reference names this very image. `certain`: its Dockerfile
    was read; `doubtful` are the fields for which it was not. `program` is the base name of its default
    command. `stepsDown` is the user that its entrypoint turns into from root; "" stands for not known."""

    official: bool
    certain: bool
    doubtful: tuple[str, ...]
    role: str
    program: str
    ends: bool
    logs: tuple[str, ...]
    state: tuple[str, ...]
    volumes: tuple[str, ...]
    needs: tuple[str, ...]
    configuration: tuple[str, ...]
    ports: tuple[int, ...]
    shell: str
    user: str
    steps_down: str
    stop_signal: str


class Container(Record, frozen=True):
    """A container. `role` is `init`, `sidecar`, `app` or `ephemeral`; `running`: it runs together with the
    app containers. `understood`: nothing can happen in it that is not listed. `command` and `args` are
    null where the manifest gives none. `imageFacts` is null for an image that podlint does not know."""

    name: str
    role: str
    running: bool
    image: str
    image_facts: Image | None
    at: At
    understood: bool
    command: tuple[Argument, ...] | None
    args: tuple[Argument, ...] | None
    working_dir: str
    read_only_root: bool
    run_as_user: int | None
    restart_policy: str
    has_restart_rules: bool
    stop_signal: str
    interactive: bool
    termination_message_path: str
    run_as_group: int | None
    extended_resources: tuple[str, ...]
    requests: tuple[str, ...] | None
    mounts: tuple[Mount, ...]
    environment: Environment
    ports: tuple[Port, ...]
    probes: tuple[Probe, ...]
    pauses: dict[str, int]
    settings: tuple[Setting, ...]
    processes: tuple[Process, ...]


class Volume(Record, frozen=True):
    """A volume. `source` is the name of the ConfigMap, Secret or claim, or the path of a hostPath. `files`
    are the names of the files that it shows, null where the manifest does not list them all."""

    name: str
    kind: str
    source: str
    source_type: str
    read_only: bool
    medium: str
    size_limit: str
    default_mode: int | None
    item_modes: dict[str, int]
    mode: int | None
    files: tuple[str, ...] | None
    at: At


class Metric(Record, frozen=True):
    """What an autoscaler measures against requests: a resource, of one container or ("") of all."""

    resource: str
    container: str
    at: At


class Autoscaler(Record, frozen=True):
    """A HorizontalPodAutoscaler of the run that scales the pod. `replicas` is the most that it asks for, and
    `others` says that it has metrics which need no requests."""

    name: str
    replicas: int | None
    metrics: tuple[Metric, ...]
    others: bool
    at: At


class ScrapedPort(Record, frozen=True):
    """A port that a PodMonitor names, as a name or a number."""

    port: str | int
    at: At


class PodMonitor(Record, frozen=True):
    """A PodMonitor of the run that selects the pod. `met`: a pod of the run that it selects declares one of
    its ports."""

    name: str
    ports: tuple[ScrapedPort, ...]
    met: bool


class Pod(Record, frozen=True):
    """A pod spec with the workload that carries it. `restartPolicy` is "" where it is not known. `outputs`
    are paths that a controller collects. `partial`: only a part of the pod is known (a patch). `requests`:
    it requests resources as a whole. `replicas` is how many the workload asks for."""

    kind: str
    name: str
    namespace: str
    at: At
    restart_policy: str
    share_process_namespace: bool
    host_pid: bool = field(name="hostPID")
    host_network: bool
    grace_period_seconds: int
    active_deadline_seconds: int | None
    outputs: tuple[str, ...]
    annotation_names: tuple[str, ...]
    partial: bool
    requests: bool
    replicas: int | None
    autoscalers: tuple[Autoscaler, ...]
    monitors: tuple[PodMonitor, ...]
    fs_group: int | None
    supplemental_groups: tuple[int, ...]
    volumes: tuple[Volume, ...]
    containers: tuple[Container, ...]


class Facts(Record, frozen=True):
    """What `podlint facts --format json` prints."""

    version: str
    pods: tuple[Pod, ...]
