"""What is in a directory after (and before) a run: kinds, sizes, disk use and bounded contents."""

from __future__ import annotations

import os
import stat

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .plan import EntryResult

MOST_TEXT = 64 << 10
MOST_ENTRIES = 2_000

_KINDS = {
    stat.S_IFREG: "file",
    stat.S_IFDIR: "dir",
    stat.S_IFLNK: "link",
    stat.S_IFIFO: "fifo",
    stat.S_IFSOCK: "socket",
}
Fingerprint = tuple[int, int, int]


def fingerprints(path: str) -> dict[str, Fingerprint]:
    """For every path below `path`: inode, size and time of change, to tell later what is new."""
    found: dict[str, Fingerprint] = {}
    for name in _walk(path):
        status = os.lstat(f"{path}/{name}")
        size = 0 if stat.S_ISDIR(status.st_mode) else status.st_size
        changed = 0 if stat.S_ISDIR(status.st_mode) else status.st_mtime_ns
        found[name] = (status.st_ino, size, changed)
    return found


def list_entries(path: str, before: dict[str, Fingerprint] | None = None) -> dict[str, EntryResult]:
    """Everything below a directory (or the file `path` itself, as "."); with `before`, only what is new."""
    if not os.path.isdir(path):
        return {".": describe(path)}
    if before is None:
        names = _walk(path)
    else:
        now = fingerprints(path)
        names = [name for name in now if before.get(name) != now[name]]
    return {name: describe(f"{path}/{name}") for name in names[:MOST_ENTRIES]}


def links(path: str) -> dict[str, str]:
    """Every symbolic link below `path` with its target."""
    return {name: os.readlink(f"{path}/{name}") for name in _walk(path) if os.path.islink(f"{path}/{name}")}


def describe(path: str) -> EntryResult:
    """One file, read up to a bound."""
    status = os.lstat(path)
    kind = _KINDS.get(stat.S_IFMT(status.st_mode), "device")
    text = ""
    if kind == "file":
        with open(path, "rb") as file:
            text = file.read(MOST_TEXT).decode("utf-8", "backslashreplace")
    return {
        "kind": kind,  # type: ignore[typeddict-item]  # the values of _KINDS are the literals
        "size": status.st_size,
        "disk": status.st_blocks * 512,
        "mode": stat.S_IMODE(status.st_mode),
        "text": text,
        "target": os.readlink(path) if kind == "link" else "",
    }


def _walk(path: str) -> list[str]:
    names: list[str] = []
    for directory, below, files in os.walk(path):
        below.sort()
        prefix = os.path.relpath(directory, path)
        names += [os.path.normpath(f"{prefix}/{name}") for name in sorted(below) + sorted(files)]
    return sorted(names)
