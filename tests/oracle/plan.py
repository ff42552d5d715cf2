"""What the test process tells the supervisor to run, and what the supervisor tells back, as JSON."""

from __future__ import annotations

from typing import Literal, TypedDict

Clock = Literal["skip", "real"]
Role = Literal["init", "sidecar", "app"]
RootKind = Literal["busybox", "gnu"]
Identity = Literal["mapped", "single", "nobody"]
"""`mapped`: root, in a user namespace of 65,536 ids. `single`: the caller's id as root of a user namespace.
`nobody`: root that first becomes uid 65534 and then goes on as `single`; it shows that no root is needed."""


class FilePlan(TypedDict):
    """A file that exists before the pod starts. `mode` is None for the usual one."""

    content: str
    mode: int | None


class VolumePlan(TypedDict):
    """A directory (or, for `file`, one file) that stands for a volume.

    `storage` is equal for two volumes that are the same thing (two names of one claim). `projected` volumes
    get kubelet's `..data` layout and are always read-only.
    """

    name: str
    storage: str
    kind: Literal["directory", "file", "projected"]
    mode: int
    group: int | None
    files: dict[str, FilePlan]


class MountPlan(TypedDict):
    """A volume in a container; `sub_path` is "" for the whole volume."""

    volume: str
    path: str
    sub_path: str
    read_only: bool


class ContainerPlan(TypedDict):
    """A process to start: everything kubelet and the runtime decide is already decided."""

    name: str
    role: Role
    root: RootKind
    argv: list[str]
    env: dict[str, str]
    cwd: str
    uid: int
    gid: int
    groups: list[int]
    capabilities: list[str]
    read_only_root: bool
    mounts: list[MountPlan]


class PodPlan(TypedDict):
    """A pod and how to run it. Times are in seconds, from the start of the app containers."""

    name: str
    share_pid: bool
    volumes: list[VolumePlan]
    containers: list[ContainerPlan]
    identity: Identity
    clock: Clock
    trace: bool
    seconds: float
    term_after: float | None
    busybox: str
    strace: str
    applets: list[str]


class EntryResult(TypedDict):
    """Something in a directory after the run. `text` is bounded; `target` belongs to links."""

    kind: Literal["file", "dir", "link", "fifo", "socket", "device"]
    size: int
    disk: int
    mode: int
    text: str
    target: str


class ContainerResult(TypedDict):
    """What is left of a container. `status` is None if it had to be killed, 128 + N for signal N."""

    status: int | None
    pid: int
    stdout: str
    stderr: str
    trace: str
    root: dict[str, EntryResult]
    links: dict[str, str]


class PodResult(TypedDict):
    """The supervisor's answer; `error` is "" unless the instrument itself failed."""

    error: str
    containers: dict[str, ContainerResult]
    volumes: dict[str, dict[str, EntryResult]]
