"""The process that becomes a container: it builds its mounts, waits at a gate, and turns into the program."""

from __future__ import annotations

import os

from . import isolation, kernel
from .roots import write_file
from .volumes import resolve_sub_path

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .plan import ContainerPlan, MountPlan, VolumePlan

_DEVICES = "null zero full random urandom".split()
_DEVICE_LINKS = {
    "fd": "/proc/self/fd",
    "stdin": "/proc/self/fd/0",
    "stdout": "/proc/self/fd/1",
    "stderr": "/proc/self/fd/2",
}
CANNOT_START = 128
"""Kubernetes' exit code for a container that the runtime could not start."""


def prepare(space: str, container: ContainerPlan, hostname: str) -> None:
    """Make, outside the container, the files that kubelet and the runtime mount into every container."""
    home = f"{space}/managed/{container['name']}"
    os.makedirs(f"{home}/dev/shm")
    os.chmod(f"{home}/dev/shm", 0o1777)
    for name in _DEVICES:
        write_file(f"{home}/dev/{name}", "")
    for name, target in _DEVICE_LINKS.items():
        os.symlink(target, f"{home}/dev/{name}")
    write_file(f"{home}/dev/termination-log", "", 0o666)
    write_file(f"{home}/hosts", f"127.0.0.1\tlocalhost\n::1\tlocalhost\n127.0.0.1\t{hostname}\n")
    write_file(f"{home}/hostname", hostname + "\n")
    write_file(f"{home}/resolv.conf", "")


def become(
    space: str,
    container: ContainerPlan,
    volumes: dict[str, VolumePlan],
    gates: tuple[int, int],
    output: tuple[int, int],
) -> None:
    """Turn the current process (the first of its PID namespace, or not) into the container. Never returns.

    `gates`: the first is told when everything is done; the program starts when the second gives a byte.
    `output`: the ends of pipes for standard output and standard error.
    """
    ready, gate = gates
    try:
        _redirect(output, container["uid"])
        kernel.unshare(kernel.CLONE_NEWNS)
        _enter_root(space, container, volumes)
        os.makedirs(container["cwd"], exist_ok=True)
        os.chdir(container["cwd"])
        os.umask(0o022)
        program = _find_program(container)
        isolation.limit_resources()
        isolation.drop_privileges(
            container["uid"], container["gid"], container["groups"], container["capabilities"]
        )
        isolation.reset_signals()
        os.write(ready, b"r")
        os.read(gate, 1)
        os.execve(program, container["argv"], container["env"])
    except BaseException as problem:
        os.write(2, f"cannot start container: {problem}\n".encode())
    finally:
        os._exit(CANNOT_START)


def _redirect(output: tuple[int, int], uid: int) -> None:
    nothing = os.open("/dev/null", os.O_RDONLY)
    os.dup2(nothing, 0)
    for number, descriptor in enumerate(output, 1):
        # runc gives the standard streams to the container's user: /dev/stdout can then be opened again.
        os.fchown(descriptor, uid, -1)
        os.dup2(descriptor, number)


def _enter_root(space: str, container: ContainerPlan, volumes: dict[str, VolumePlan]) -> None:
    root = f"{space}/roots/{container['name']}"
    kernel.mount(root, root, flags=kernel.MS_BIND)
    # Until the end of this function the machine is seen below /sys, which every root has.
    kernel.pivot_root(root, f"{root}/sys")
    os.chdir("/")
    old = f"/sys{space}"
    kernel.mount(f"{old}/managed/{container['name']}/dev", "/dev", flags=kernel.MS_BIND)
    for name in _DEVICES:
        kernel.mount(f"/sys/dev/{name}", f"/dev/{name}", flags=kernel.MS_BIND)
    isolation.mount_proc()
    if container["root"] == "gnu":
        _bind("/sys/usr", "/usr", read_only=True)
        if os.path.isdir("/sys/etc/alternatives"):
            _bind("/sys/etc/alternatives", "/etc/alternatives", read_only=True)
    _mount_managed_files(f"{old}/managed/{container['name']}", container)
    for mount in sorted(container["mounts"], key=lambda mount: mount["path"].count("/")):
        _mount_volume(f"{old}/volumes", mount, volumes[mount["volume"]])
    if container["read_only_root"]:
        kernel.mount("none", "/", flags=kernel.MS_REMOUNT | kernel.MS_BIND | kernel.MS_RDONLY)
    kernel.unmount("/sys")
    kernel.mount("sys", "/sys", "tmpfs", kernel.MS_RDONLY, "size=0k,mode=755")


def _mount_managed_files(home: str, container: ContainerPlan) -> None:
    own = {mount["path"] for mount in container["mounts"]}
    for name in ("hosts", "hostname", "resolv.conf"):
        target = f"/etc/{name}"
        if target in own:
            continue
        if not os.path.exists(target):
            write_file(target, "")
        # kubelet's own hosts file stays writable; the runtime's two follow the root.
        _bind(f"{home}/{name}", target, read_only=container["read_only_root"] and name != "hosts")
    kernel.mount(f"{home}/dev/termination-log", "/dev/termination-log", flags=kernel.MS_BIND)


def _mount_volume(base: str, mount: MountPlan, volume: VolumePlan) -> None:
    source = f"{base}/{volume['storage']}"
    if mount["sub_path"]:
        source = resolve_sub_path(source, mount["sub_path"])
    target = mount["path"]
    if os.path.isdir(source):
        os.makedirs(target, exist_ok=True)
    elif not os.path.lexists(target):
        os.makedirs(os.path.dirname(target), exist_ok=True)
        write_file(target, "")
    _bind(source, target, read_only=mount["read_only"] or volume["kind"] == "projected")


def _bind(source: str, target: str, *, read_only: bool) -> None:
    kernel.mount(source, target, flags=kernel.MS_BIND | kernel.MS_REC)
    if read_only:
        locked = os.statvfs(target).f_flag & (kernel.MS_NOSUID | kernel.MS_NODEV | kernel.MS_NOEXEC)
        kernel.mount("none", target, flags=kernel.MS_REMOUNT | kernel.MS_BIND | kernel.MS_RDONLY | locked)


def _find_program(container: ContainerPlan) -> str:
    """Search PATH as runc does, so that the trace starts with one execve that works."""
    name = container["argv"][0]
    if "/" in name:
        candidates = [name]
    else:
        candidates = [f"{place}/{name}" for place in container["env"].get("PATH", "").split(":") if place]
    for candidate in candidates:
        if os.path.isfile(candidate) and os.access(candidate, os.X_OK):
            return candidate
    raise OSError(f"exec: {name!r}: executable file not found in $PATH")
