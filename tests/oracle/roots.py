"""Building a container's private root: the directories and programs of a busybox or a Debian image."""

from __future__ import annotations

import os
import shutil

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .plan import RootKind

# What the official busybox image (glibc flavour) has: no /var/log, no /run, no /opt. Mount points of the
# runtime (/proc, /sys, /dev) are there as well.
_BUSYBOX = "bin dev etc home lib proc sys usr/bin usr/sbin var/spool/mail var/www".split()
# debian:12.
_GNU = (
    "boot dev etc home media mnt opt proc run/lock srv sys usr var/backups var/cache var/lib var/local "
    "var/log var/mail var/opt var/spool"
).split()
_GNU_LINKS = {
    "bin": "usr/bin",
    "sbin": "usr/sbin",
    "lib": "usr/lib",
    "lib64": "usr/lib64",
    "var/run": "/run",
    "var/lock": "/run/lock",
}
_USERS = (
    "root:x:0:0:root:/root:/bin/sh\ndaemon:x:1:1:daemon:/usr/sbin:/bin/false\n"
    "www-data:x:33:33:www-data:/var/www:/bin/false\nnobody:x:65534:65534:nobody:/home:/bin/false\n"
)
_GROUPS = "root:x:0:\ndaemon:x:1:\nwww-data:x:33:\nnobody:x:65534:\n"


def build_root(kind: RootKind, path: str, busybox: str, applets: list[str]) -> None:
    """Fill the new directory `path`; `busybox` is the one copy of the program on the same file system."""
    directories = _BUSYBOX if kind == "busybox" else _GNU
    for directory in directories:
        os.makedirs(f"{path}/{directory}", 0o755, exist_ok=True)
    os.mkdir(f"{path}/root", 0o700)
    for directory in ("tmp",) if kind == "busybox" else ("tmp", "var/tmp"):
        os.mkdir(f"{path}/{directory}")
        os.chmod(f"{path}/{directory}", 0o1777)
    write_file(f"{path}/etc/passwd", _USERS)
    write_file(f"{path}/etc/group", _GROUPS)
    if kind == "busybox":
        os.symlink("lib", f"{path}/lib64")
        os.symlink("../../bin/env", f"{path}/usr/bin/env")
        for applet in applets:
            os.link(busybox, f"{path}/bin/{applet}")
        return
    for name, target in _GNU_LINKS.items():
        os.symlink(target, f"{path}/{name}")
    # awk and a few more are links into this directory, which is read as it is on the host.
    os.mkdir(f"{path}/etc/alternatives")
    if os.path.exists("/etc/ld.so.cache"):
        shutil.copyfile("/etc/ld.so.cache", f"{path}/etc/ld.so.cache")


def copy_busybox(source: str, target: str) -> None:
    """Copy the program once per pod; every root then has hard links to it."""
    shutil.copyfile(source, target)
    os.chmod(target, 0o755)


def write_file(path: str, content: str, mode: int = 0o644) -> None:
    """Write a whole file with exactly this mode."""
    with open(path, "w", encoding="utf-8", errors="surrogateescape", newline="") as file:
        file.write(content)
    os.chmod(path, mode)
