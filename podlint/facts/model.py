"""The form of the facts: one struct for each kind of thing. The schema is generated from them.

Keys are the names of the fields in camel case. Under one version keys are only added, and none changes.
"""

from __future__ import annotations

from msgspec import Struct, field

VERSION = "podlint-facts/1"


class Record(Struct, frozen=True, rename="camel"):
    """The base of all facts: every key is always there."""


class At(Record, frozen=True):
    """A place in a file: lines and columns are 1-based and count code points; the end is exclusive."""

    path: str
    start_line: int
    start_column: int
    end_line: int
    end_column: int


class UnknownPiece(Record, frozen=True):
    """A part of a value that cannot be known before the pod runs; `unknown` says what it stands for."""

    unknown: str
    may_hold_slash: bool


class Value(Record, frozen=True):
    """A string as far as it is known: `text` for people, `pieces` in order. `known`: no piece is unknown."""

    text: str
    known: bool
    pieces: tuple[str | UnknownPiece, ...]


class Place(Record, frozen=True):
    """Where a path really lives. `kind` is `volume`, `private` (the container's own layer), `device` (/dev,
    /proc, /sys) or `unknown`. `path` is the path in that storage; `volume` the name of the volume, null
    elsewhere."""

    kind: str
    path: str
    volume: str | None


class Effect(Record, frozen=True):
    """One thing that a process does to a file.

    `action` is `read`, `append`, `replace` (opened with O_TRUNC), `write`, `rename`, `delete`, `mkdir`,
    `rmdir`, `link`, `symlink`, `truncate`, `chmod`, `touch` or `execute`. `to` is the other path of a
    rename or a link. `certain`: it happens when each command before it does its work. `repeats` is
    `once`, `some` (in a loop that ends, or may end) or `forever`. `hold` is `brief`, `reopened` (anew
    each time round a loop), `held` (for the life of the process) or `unknown`. `by` is the command or
    the redirection that does it, `madeBy` which of these it is: `command`, `redirection`, `image` (its
    program does so by default) or `configuration`. `program` the command whose output is redirected.
    `follow` is `descriptor` or `name` for a reader that waits for more. `size` is what a `truncate` cuts
    to. `onlyIfNeeded`: the command does nothing where there is nothing to do (`rm -f`).
    `failureHandled`: the script goes on as planned when it fails.
    """

    action: str
    path: Value
    place: Place
    to: Value | None
    to_place: Place | None
    certain: bool
    repeats: str
    hold: str
    by: str
    made_by: str
    program: str
    follow: str
    size: str
    only_if_needed: bool
    failure_handled: bool
    order: int
    at: At


class Call(Record, frozen=True):
    """A command that is run. `command` is its base name, `words` are its words with the program first.
    `output` says where its standard output goes: `container`, `file`, `pipe`, `captured` or `unknown`;
    `into` is that file, or the names of the commands further down the pipe. `known`: podlint knows what
    it does to files. `traits` are what else is known of it (`signals`, `rotates`, …). `aborts`: the script
    ends when it fails. `job` counts the jobs in the background, in one of which it runs."""

    command: str
    words: tuple[str, ...]
    known: bool
    traits: tuple[str, ...]
    certain: bool
    repeats: str
    output: str
    into: tuple[str, ...]
    has_heredoc: bool
    failure_handled: bool
    aborts: bool
    job: int
    order: int
    at: At


class Endpoint(Record, frozen=True):
    """A socket address. `direction` is `listen` or `connect`, `protocol` `tcp`, `udp` or `unix`. `address`
    is empty for a listener on every address of the pod, and a path for `unix`. `port` is null where it
    is not known."""

    direction: str
    protocol: str
    address: Value
    port: int | None
    certain: bool
    repeats: str
    by: str
    at: At


class Signal(Record, frozen=True):
    """A signal that is sent. `signal` is its name without SIG, "0" for a question whether the process is
    there, "" where not known. `recipient` is `pid`, `file` (the process whose number stands in the file
    `target`), `name`, `child`, `self`, `parent`, `group`, `all` or `unknown`."""

    signal: str
    recipient: str
    target: Value
    certain: bool
    repeats: str
    by: str
    at: At


class Trap(Record, frozen=True):
    """A `trap` of the shell that is process 1: `action` is its script, "" where it ignores the signal, "-"
    where it goes back to the default."""

    signal: str
    action: str
    certain: bool
    at: At


class Pid1(Record, frozen=True):
    """What process 1 of a container may turn into, and its traps. `program` is a base name, "" where not
    known; `isShell` is null where that depends on the image's shell; `dialect` is `dash`, `ash` or
    `bash`; `child` the command that such a shell waits for; `init` the init program around it; `waits`:
    it calls `wait`; `certain`: it gets there whenever each command before does its work."""

    program: str
    is_shell: bool | None
    dialect: str
    child: str
    init: str
    waits: bool
    traps: tuple[Trap, ...]
    certain: bool


class Doubt(Record, frozen=True):
    """Something that could not be understood."""

    reason: str
    at: At


class Process(Record, frozen=True):
    """What one command of a container does. `kind` is `main`, the name of a probe or a hook, or that of a
    script in a configuration. `duration` is `brief`, `unknown` or `endless`. `opaque`: a program runs of
    which nothing is known but its name. `understood`: nothing can happen that is not listed. `scripts`
    counts the shell scripts read. `succeeds` says whether it ends with success, null where not known."""

    kind: str
    duration: str
    opaque: bool
    understood: bool
    scripts: int
    succeeds: bool | None
    calls: tuple[Call, ...]
    effects: tuple[Effect, ...]
    endpoints: tuple[Endpoint, ...]
    signals: tuple[Signal, ...]
    pid1: tuple[Pid1, ...]
    doubts: tuple[Doubt, ...]


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


class Variable(Record, frozen=True):
    """An entry of `env`: `source` is the kind of its `valueFrom`. Its value is left out, as it may be secret;
    `references` are those in it, and `file` is what the kubelet reads for it when the container starts."""

    name: str
    source: str
    references: tuple[Reference, ...]
    file: Place | None
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
    """What a configuration file says. `kind` is `input`, `output`, `state`, `rotate`, `listen`, `root` or
    `include`."""

    program: str
    kind: str
    path: Value
    port: int | None
    protocol: str
    options: tuple[str, ...]
    at: At


class Image(Record, frozen=True):
    """What is known of an image. `official`: the reference names this very image. `certain`: its Dockerfile
    or documentation was read; `doubtful` are the fields for which it was not. `role` is `app`,
    `database`, `base`, `log-shipper`, …; `program` the base name of its default command; `user` and
    `shell` are "" where not known. `stepsDown` is the user that its entrypoint turns into where it starts
    as root; `volumes` are the directories that it declares as such."""

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
    volumes: tuple[Volume, ...]
    containers: tuple[Container, ...]


class Facts(Record, frozen=True):
    """What `podlint facts --format json` prints."""

    version: str
    pods: tuple[Pod, ...]
