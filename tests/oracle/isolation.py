"""How the supervisor leaves the machine: namespaces, limits, and the runtime's masks over /proc."""

from __future__ import annotations

import os
import resource
import signal

from . import kernel

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .plan import Identity

FIRST_ID = 100_000
ID_COUNT = 65_536
_NOBODY = 65_534
_TMPFS = "size=256m,nr_inodes=65536,mode=755"

SPACE = "/tmp"
"""Where the pod's own file system lies, in its mount namespace only: nothing ever touches the disk."""

# The OCI defaults of containerd and Docker (`maskedPaths`, `readonlyPaths`).
_MASKED = (
    "/proc/asound /proc/acpi /proc/kcore /proc/keys /proc/latency_stats /proc/timer_list /proc/timer_stats "
    "/proc/sched_debug /proc/scsi /proc/interrupts"
).split()
_READ_ONLY = "/proc/bus /proc/fs /proc/irq /proc/sys /proc/sysrq-trigger".split()
_PROC_FLAGS = kernel.MS_NOSUID | kernel.MS_NODEV | kernel.MS_NOEXEC


def enter_user_namespace(identity: Identity) -> None:
    """Become root of a new user namespace; after this nothing outside it belongs to us."""
    if identity == "nobody":
        os.setgroups([])
        os.setresgid(_NOBODY, _NOBODY, _NOBODY)
        os.setresuid(_NOBODY, _NOBODY, _NOBODY)
        kernel.prctl(kernel.PR_SET_DUMPABLE, 1)
    if identity == "mapped":
        _enter_mapped()
    else:
        _enter_single()
    # A change of ids makes a process undumpable, and strace may then not attach to it or to its children.
    kernel.prctl(kernel.PR_SET_DUMPABLE, 1)


def _enter_mapped() -> None:
    asked, ask = os.pipe()
    parent = os.getpid()
    helper = os.fork()
    if helper == 0:
        os.close(ask)
        os.read(asked, 1)
        status = 1
        try:
            for name in ("uid_map", "gid_map"):
                _write(f"/proc/{parent}/{name}", f"0 {FIRST_ID} {ID_COUNT}\n")
            status = 0
        finally:
            os._exit(status)
    os.close(asked)
    kernel.unshare(kernel.CLONE_NEWUSER)
    os.close(ask)
    if os.waitpid(helper, 0)[1] != 0:
        raise OSError("cannot map ids into a user namespace")
    os.setgroups([])
    os.setresgid(0, 0, 0)
    os.setresuid(0, 0, 0)


def _enter_single() -> None:
    uid, gid = os.geteuid(), os.getegid()
    kernel.unshare(kernel.CLONE_NEWUSER)
    _write("/proc/self/setgroups", "deny")
    _write("/proc/self/uid_map", f"0 {uid} 1\n")
    _write("/proc/self/gid_map", f"0 {gid} 1\n")


def _write(path: str, text: str) -> None:
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)


def enter_pod_namespaces() -> None:
    """New mount, network, IPC and UTS namespaces for this process, a new PID namespace for its children."""
    kernel.unshare(
        kernel.CLONE_NEWNS
        | kernel.CLONE_NEWPID
        | kernel.CLONE_NEWNET
        | kernel.CLONE_NEWIPC
        | kernel.CLONE_NEWUTS
    )
    kernel.mount("none", "/", flags=kernel.MS_REC | kernel.MS_PRIVATE)


def furnish_pod(hostname: str) -> None:
    """In the first process of the pod's PID namespace: its /proc, storage, and network of loopback only."""
    kernel.mount("proc", "/proc", "proc", _PROC_FLAGS)
    kernel.mount("pod", SPACE, "tmpfs", 0, _TMPFS)
    kernel.bring_up_loopback()
    kernel.set_hostname(hostname)


def limit_resources() -> None:
    """Bound what a container can take: processor time, file size, memory per process, processes."""
    for what, most in (
        (resource.RLIMIT_CPU, 60),
        (resource.RLIMIT_FSIZE, 64 << 20),
        (resource.RLIMIT_AS, 4 << 30),
        (resource.RLIMIT_NPROC, 256),
        (resource.RLIMIT_CORE, 0),
    ):
        hard = resource.getrlimit(what)[1]
        bound = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(what, (bound, bound))


def mount_proc() -> None:
    """A container's /proc with the runtime's read-only and masked paths; /dev/null must exist."""
    kernel.mount("proc", "/proc", "proc", _PROC_FLAGS)
    for path in filter(os.path.exists, _READ_ONLY):
        kernel.mount(path, path, flags=kernel.MS_BIND | kernel.MS_REC)
        kernel.mount("none", path, flags=kernel.MS_REMOUNT | kernel.MS_BIND | kernel.MS_RDONLY | _PROC_FLAGS)
    for path in filter(os.path.exists, _MASKED):
        if os.path.isdir(path):
            kernel.mount("masked", path, "tmpfs", kernel.MS_RDONLY, "size=0k,mode=755")
        else:
            kernel.mount("/dev/null", path, flags=kernel.MS_BIND)


def drop_privileges(uid: int, gid: int, groups: list[int], capabilities: list[str]) -> None:
    """Become the container's user with the container's capabilities, for good."""
    kernel.drop_bounding_set(capabilities)
    if _ids_are_mapped():
        os.setgroups(groups)
    os.setresgid(gid, gid, gid)
    os.setresuid(uid, uid, uid)
    if uid == 0:
        kernel.set_capabilities(capabilities)
    kernel.prctl(kernel.PR_SET_NO_NEW_PRIVS, 1)
    kernel.prctl(kernel.PR_SET_DUMPABLE, 1)


def _ids_are_mapped() -> bool:
    with open("/proc/self/setgroups", encoding="utf-8") as file:
        return file.read().strip() == "allow"


def reset_signals() -> None:
    """Undo what Python does to signals, so that the container's program starts with the defaults."""
    for number in (signal.SIGPIPE, signal.SIGXFSZ, signal.SIGINT, signal.SIGCHLD):
        signal.signal(number, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_SETMASK, [])
