"""Small servers and socket tools, httpd, netcat and socat: what they do to files, and when they end."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from podlint.knowledge.command import Command
from podlint.shell.commands.lines import Line
from podlint.shell.commands.operations import FileOperation, PathResolver, by_roles
from podlint.shell.effects import Action, Duration, Field
from podlint.shell.patterns import ANY_NAME, concat, from_pieces, literal

_NETCAT_RUNNING = ("-e", "-c", "--exec", "--sh-exec", "--lua-exec")
_SOCAT_RUNNING = frozenset({"exec", "system", "shell"})
_SOCAT_FILES = frozenset({"open", "file", "gopen", "create", "creat", "pipe", "fifo"})


def _httpd(command: Command, line: Line, paths: PathResolver) -> Iterable[FileOperation]:
    """busybox httpd: the files below its home, and a configuration there or in /etc."""
    home = line.value("-h")
    at = home or line.value("-p")
    if at is None:
        return
    base = paths.absolute(home.value if home is not None else literal("."))
    for path in (concat((base, literal("/"), ANY_NAME)), literal("/etc/httpd.conf")):
        yield FileOperation(Action.READ, path, at, maybe=True)


def _socat(command: Command, line: Line, paths: PathResolver) -> Iterable[FileOperation]:
    """The addresses that are files, by their type or as a bare path; which way the data go is left open."""
    yield from by_roles(command, line, paths)
    for field, kind in _addresses(line):
        value = field.value
        if kind in _SOCAT_FILES:
            value = from_pieces((value.prefix[len(kind) + 1 :], *value.pieces[1:]))
        elif kind or "/" not in value.prefix.partition(",")[0]:
            continue
        cut = value.prefix.find(",")
        path = paths.absolute(value if cut < 0 else literal(value.prefix[:cut]))
        yield FileOperation(Action.READ, path, field, maybe=True)
        yield FileOperation(Action.WRITE, path, field, maybe=True)


def _addresses(line: Line) -> Iterator[tuple[Field, str]]:
    """socat's addresses with their types in lower case, "" for a path or a number."""
    for field in line.operands:
        kind, colon, _ = field.value.prefix.partition(":")
        yield field, kind.lower() if colon and "/" not in kind else ""


def runs_another(handler: str, line: Line) -> bool:
    """Whether netcat or socat runs a command for a connection, of which nothing is known here."""
    if handler == "netcat":
        return line.has(*_NETCAT_RUNNING)
    return handler == "socat" and any(kind in _SOCAT_RUNNING for _, kind in _addresses(line))


def _httpd_lasts(name: str, line: Line) -> Duration:
    """Without an option that keeps it in front, httpd leaves a child behind that serves, and ends. `-f` is
    one for busybox; for Apache it names a file, and `-DFOREGROUND` and `-X` keep it."""
    words = [name for name, _ in line.options] + [str(field.value) for field in line.operands]
    if "-X" in words or any("FOREGROUND" in word for word in words):
        return Duration.ENDLESS
    if line.has("-f") and not line.operands:
        return Duration.ENDLESS
    return Duration.UNKNOWN if line.vague or line.has("-f", "-i") else Duration.BRIEF


def _netcat_lasts(name: str, line: Line) -> Duration:
    """`nc -l` ends with its first connection, unless it is told to keep on (`-lk`, in busybox also `-ll`).
    To netcat-traditional `-k` means something else."""
    if line.has("-z"):
        return Duration.BRIEF
    twice = sum(option == "-l" for option, _ in line.options) > 1
    keeps = twice or line.has("--keep-open") or (line.has("-k") and name != "nc.traditional")
    return Duration.ENDLESS if keeps and line.has("-l", "--listen") else Duration.UNKNOWN


def _socat_lasts(name: str, line: Line) -> Duration:
    """A listener ends with its first connection, unless it forks."""
    forks = any("fork" in str(field.value).split(",")[1:] for field in line.operands)
    return Duration.ENDLESS if forks else Duration.UNKNOWN


HANDLERS: dict[str, Callable[[Command, Line, PathResolver], Iterable[FileOperation]]] = {
    "httpd": _httpd,
    "netcat": by_roles,
    "socat": _socat,
}
DURATIONS: dict[str, Callable[[str, Line], Duration]] = {
    "httpd": _httpd_lasts,
    "netcat": _netcat_lasts,
    "socat": _socat_lasts,
}
"""By the handler: how long a program runs that is called by a name with a command line."""
