"""From system calls to intents: what a container asked the kernel to do to files, ports and processes."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from .noise import is_noise
from .places import Place, Places
from .trace import Call, int_or_none, string

Operation = Literal[
    "read",
    "append",
    "replace",
    "write",
    "create",
    "rename",
    "delete",
    "mkdir",
    "rmdir",
    "link",
    "symlink",
    "truncate",
    "chmod",
    "touch",
    "mknod",
    "connect",
    "listen",
    "signal",
]


@dataclass(frozen=True, slots=True)
class Intent:
    """One thing a container asked for; the same thing asked twice is one intent.

    `write` opens for writing without truncating or appending; `create` fails if the file is there; `touch`
    only sets times. `volume` is None for the private root, and `path` is then absolute. `other` is the
    second name of a rename (where it goes) or a link (what it points to; a symlink's text as written). For
    `listen` and `connect` to a port `path` is like `tcp:127.0.0.1:8080` or `tcp:[::]:80`; for `signal` it is
    like `SIGTERM` and `other` like `container:program`, `group` or `all`. `errno` is the kernel's refusal.
    Random parts of temporary names are written `XXXXXX`.
    """

    container: str
    operation: Operation
    volume: str | None
    path: str
    other_volume: str | None = None
    other: str | None = None
    errno: str | None = None


@dataclass(frozen=True, slots=True)
class Owner:
    """The container and program of a process."""

    container: str
    program: str

    def __str__(self) -> str:
        return f"{self.container}:{self.program}"


_TEMPORARY = re.compile(r"[A-Za-z0-9]{6}$")
_LINK_TEMPORARY = re.compile(r"Cu[A-Za-z0-9]{6}$")
_DECORATION = re.compile(r"<([^>]*)>")
_PROGRAM = re.compile(r'\["((?:[^"\\]|\\.)*)"')
_PORT = re.compile(r"sin6?_port=htons\((\d+)\)")
_ADDRESS = re.compile(r'(?:inet_addr\(|inet_pton\(AF_INET6, )"([^"]*)"')
_UNIX = re.compile(r'sun_path="((?:[^"\\]|\\.)*)"')
_BIRTHS = ("fork", "vfork", "clone", "clone3")


def owners(container: str, first: int, calls: list[Call]) -> dict[int, Owner]:
    """Which program each process of a container was at last, by its strace-side pid."""
    found = {first: Owner(container, "")}
    for call in calls:
        if call.name in _BIRTHS and call.child:
            found.setdefault(call.child, found.get(call.pid, Owner(container, "")))
        elif call.name == "execve" and call.succeeded:
            program = _PROGRAM.match(call.args[1])
            if program:
                found[call.pid] = Owner(container, posixpath.basename(program[1]).lstrip("-"))
    return found


class Reader:
    """Reads the calls of one container, keeping what they depend on: directories, sockets, random names."""

    def __init__(self, container: str, cwd: str, places: Places, processes: Mapping[int, Owner]) -> None:
        self._container = container
        self._places = places
        self._processes = processes
        self._cwds: dict[int, str] = {}
        self._first_cwd = cwd
        self._parents: dict[int, int] = {}
        self._sockets: dict[str, str] = {}
        self._masks: dict[str, str] = {}
        self._written: dict[int, set[Place]] = {}

    def read(self, calls: list[Call]) -> Iterator[tuple[float, Intent]]:
        """The intents with their times, in order. What comes before the first program is the launcher's."""
        self._parents = {call.child: call.pid for call in calls if call.name in _BIRTHS and call.child}
        begun = False
        for call in calls:
            begun = begun or (call.name == "execve" and call.succeeded)
            if not begun:
                continue
            handler = _HANDLERS.get(call.name)
            if handler is None:
                continue
            for intent in handler(self, call):
                if not is_noise(intent) and not self._completes(call.pid, intent):
                    yield call.time, intent

    def _completes(self, pid: int, intent: Intent) -> bool:
        """Whether this only gives a mode or a time to what the same program has written, as `cp -p` does."""
        place = Place(intent.volume, intent.path)
        written = self._written.setdefault(pid, set())
        if intent.operation in ("chmod", "touch"):
            return place in written
        if intent.operation in ("append", "replace", "write", "create", "mkdir"):
            written.add(place)
        return False

    def cwd(self, pid: int) -> str:
        """The working directory of a process; one that was just born has its parent's."""
        if pid not in self._cwds:
            parent = self._parents.get(pid)
            self._cwds[pid] = self._first_cwd if parent is None else self.cwd(parent)
        return self._cwds[pid]

    def _absolute(self, call: Call, name: str, directory: str = "AT_FDCWD") -> str:
        decoration = _DECORATION.search(directory)
        if directory.startswith("AT_FDCWD"):
            base = self.cwd(call.pid)
        else:
            base = decoration[1] if decoration else "/"
        return posixpath.join(base, name)

    def _place(self, path: str) -> Place:
        place = self._places.place(path)
        masked = self._masks.get(self._places.resolve(path))
        return Place(place.volume, posixpath.join(posixpath.dirname(place.path), masked)) if masked else place

    def _mask(self, path: str, pattern: re.Pattern[str]) -> None:
        """Remember that the last six characters of this name are random."""
        path = self._places.resolve(path)
        if pattern.search(path):
            self._masks[path] = posixpath.basename(path)[:-6] + "XXXXXX"

    def _intent(self, call: Call, operation: Operation, path: str, other: str | None = None) -> Intent:
        place = self._place(path)
        second = None if other is None else self._place(other)
        return Intent(
            self._container,
            operation,
            place.volume,
            place.path,
            second.volume if second else None,
            second.path if second else None,
            call.errno,
        )

    # One method per family of calls; the tables below say which arguments they find where.

    def open(self, call: Call) -> Iterator[Intent]:
        """open, openat, openat2, creat."""
        if call.name == "creat":
            path, flags, mode = self._absolute(call, string(call.args[0])), "O_WRONLY|O_CREAT|O_TRUNC", ""
        elif call.name == "open":
            path, flags = self._absolute(call, string(call.args[0])), call.args[1]
            mode = call.args[2] if len(call.args) > 2 else ""
        else:
            path, flags = self._absolute(call, string(call.args[1]), call.args[0]), call.args[2]
            mode = call.args[3] if len(call.args) > 3 else ""
        words = set(re.findall(r"O_[A-Z]+", flags))
        if words & {"O_PATH", "O_DIRECTORY", "O_TMPFILE"}:
            return
        operation = _opening(words)
        if operation == "read" and self._is_directory(call, path):
            return
        if {"O_RDWR", "O_CREAT", "O_EXCL"} <= words and mode == "0600":
            self._mask(path, _TEMPORARY)
        yield self._intent(call, operation, path)

    def _is_directory(self, call: Call, path: str) -> bool:
        """Directories are opened to be listed; `find` and `tar` do not always say O_DIRECTORY."""
        return self._places.resolve(path) == self.cwd(call.pid) or self._places.is_directory(
            self._place(path)
        )

    def one_path(self, call: Call) -> Iterator[Intent]:
        """Calls that name one file: mkdir, unlink, chmod, ..."""
        operation, position = _ONE_PATH[call.name]
        name = call.args[position]
        if not name.startswith('"'):  # utimensat on a descriptor
            return
        directory = call.args[0] if position else "AT_FDCWD"
        if "AT_REMOVEDIR" in call.args[-1]:
            operation = "rmdir"
        yield self._intent(call, operation, self._absolute(call, string(name), directory))

    def descriptor(self, call: Call) -> Iterator[Intent]:
        """ftruncate: the file behind a descriptor."""
        decoration = _DECORATION.search(call.args[0])
        if decoration and decoration[1].startswith("/"):
            yield self._intent(call, "truncate", decoration[1])

    def two_paths(self, call: Call) -> Iterator[Intent]:
        """rename and link in their plain and their `at` forms."""
        if call.name in ("rename", "link"):
            first, second = (self._absolute(call, string(word)) for word in call.args[:2])
        else:
            first = self._absolute(call, string(call.args[1]), call.args[0])
            second = self._absolute(call, string(call.args[3]), call.args[2])
        if call.name.startswith("rename"):
            yield self._intent(call, "rename", first, second)
        else:
            yield self._intent(call, "link", second, first)

    def symlink(self, call: Call) -> Iterator[Intent]:
        """symlink, symlinkat: the text of a link is kept as it is."""
        directory = call.args[1] if call.name == "symlinkat" else "AT_FDCWD"
        path = self._absolute(call, string(call.args[-1]), directory)
        self._mask(path, _LINK_TEMPORARY)
        place = self._place(path)
        text = string(call.args[0])
        yield Intent(self._container, "symlink", place.volume, place.path, None, text, call.errno)

    def change_directory(self, call: Call) -> Iterator[Intent]:
        """chdir, fchdir: no intent, but later relative names depend on it."""
        if call.succeeded:
            if call.name == "chdir":
                path = self._absolute(call, string(call.args[0]))
            else:
                decoration = _DECORATION.search(call.args[0])
                path = decoration[1] if decoration else "/"
            self._cwds[call.pid] = self._places.resolve(path, last=True)
        yield from ()

    def birth(self, call: Call) -> Iterator[Intent]:
        """fork, clone: the child starts where its parent is now."""
        if call.child:
            self._cwds.setdefault(call.child, self.cwd(call.pid))
        yield from ()

    def program(self, call: Call) -> Iterator[Intent]:
        """execve: another program, which has written nothing yet."""
        if call.succeeded:
            self._written.pop(call.pid, None)
        yield from ()

    def socket(self, call: Call) -> Iterator[Intent]:
        """socket: remember whether it is for streams."""
        self._sockets[call.path] = "udp" if "SOCK_DGRAM" in call.args[1] else "tcp"
        yield from ()

    def address(self, call: Call) -> Iterator[Intent]:
        """bind, connect. A TCP port is taken by listen, so that a bind which works is not yet an intent."""
        decoration = _DECORATION.search(call.args[0])
        key = decoration[1] if decoration else ""
        operation: Operation = "connect" if call.name == "connect" else "listen"
        unix = _UNIX.search(call.args[1])
        if unix:
            path = self._absolute(call, string(unix[1]))
            self._sockets[key] = ""
            yield self._intent(call, operation, path)
            return
        port, host = _PORT.search(call.args[1]), _ADDRESS.search(call.args[1])
        if not port or not host:
            return
        protocol = self._sockets.get(key, "tcp").split(":")[0]
        name = f"{protocol}:[{host[1]}]:{port[1]}" if ":" in host[1] else f"{protocol}:{host[1]}:{port[1]}"
        if operation == "listen":
            self._sockets[key] = name
            if protocol == "tcp" and call.succeeded:
                return
        errno = None if call.errno == "EINPROGRESS" else call.errno
        yield Intent(self._container, operation, None, name, errno=errno)

    def listen(self, call: Call) -> Iterator[Intent]:
        """listen, on the address that bind has given."""
        decoration = _DECORATION.search(call.args[0])
        name = self._sockets.get(decoration[1] if decoration else "", "")
        if name:
            yield Intent(self._container, "listen", None, name, errno=call.errno)

    def signal(self, call: Call) -> Iterator[Intent]:
        """kill: who is meant, by program, as pids mean nothing to a test."""
        number = call.args[-1]
        if number == "0":
            return
        target = call.args[0].split(" ")[0]
        other: str | None = None
        if target == "0":
            other = "group"
        elif target.startswith("-"):
            other = "all" if target == "-1" else "group"
        else:
            owner = self._processes.get(call.child or int_or_none(target) or 0)
            other = str(owner) if owner and call.errno is None else None
        yield Intent(self._container, "signal", None, number, None, other, call.errno)


def _opening(words: set[str]) -> Operation:
    if not words & {"O_WRONLY", "O_RDWR"}:
        return "read"
    if "O_EXCL" in words:
        return "create"
    if "O_TRUNC" in words:
        return "replace"
    return "append" if "O_APPEND" in words else "write"


_ONE_PATH: dict[str, tuple[Operation, int]] = {
    "unlink": ("delete", 0),
    "unlinkat": ("delete", 1),
    "mkdir": ("mkdir", 0),
    "mkdirat": ("mkdir", 1),
    "rmdir": ("rmdir", 0),
    "truncate": ("truncate", 0),
    "chmod": ("chmod", 0),
    "fchmodat": ("chmod", 1),
    "fchmodat2": ("chmod", 1),
    "mknod": ("mknod", 0),
    "mknodat": ("mknod", 1),
    "utime": ("touch", 0),
    "utimes": ("touch", 0),
    "utimensat": ("touch", 1),
    "futimesat": ("touch", 1),
}
_HANDLERS: dict[str, Callable[[Reader, Call], Iterator[Intent]]] = {
    **dict.fromkeys(("open", "openat", "openat2", "creat"), Reader.open),
    **dict.fromkeys(_ONE_PATH, Reader.one_path),
    **dict.fromkeys(("rename", "renameat", "renameat2", "link", "linkat"), Reader.two_paths),
    **dict.fromkeys(("symlink", "symlinkat"), Reader.symlink),
    **dict.fromkeys(("chdir", "fchdir"), Reader.change_directory),
    **dict.fromkeys(_BIRTHS, Reader.birth),
    "execve": Reader.program,
    **dict.fromkeys(("bind", "connect"), Reader.address),
    "ftruncate": Reader.descriptor,
    "socket": Reader.socket,
    "listen": Reader.listen,
    "kill": Reader.signal,
}
