"""Reading what strace wrote: from lines to system calls with their arguments, results and errors."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_LINE = re.compile(r"(?P<pid>\d+) +(?P<time>\d+\.\d+) (?P<rest>.*)")
_CALL = re.compile(r"(?P<name>[a-z_0-9]+)\(")
_RESUMED = re.compile(r"<\.\.\. (?P<name>[a-z_0-9]+) resumed>")
_UNFINISHED = " <unfinished ...>"
# A string, the path behind a descriptor, a remark, a bracket or comma, or a run of anything else.
_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"(?:\.\.\.)?|<[^>]*>|/\*.*?\*/|[(){}\[\],]|[^"<(){}\[\],/]+|.')
_RESULT = re.compile(r"= (?P<value>\S+?)(?:<(?P<path>[^>]*)>)?(?: (?P<errno>E[A-Z0-9]+) .*)?(?: .*)?$")
_TRANSLATED = re.compile(r"/\* (\d+) in strace's PID NS \*/")
_ESCAPE = re.compile(rb"\\(?:([0-7]{1,3})|x([0-9a-f]{2})|(.))")
_SIMPLE_ESCAPES = {b"n": b"\n", b"t": b"\t", b"r": b"\r", b"v": b"\v", b"f": b"\f", b"a": b"\a", b"b": b"\b"}


@dataclass(frozen=True, slots=True)
class Call:
    """A system call of one process.

    `pid` is the number that strace sees. `args` are strace's own words (`AT_FDCWD</tmp>`, `"name"`,
    `O_RDONLY`). `value` is the result ("?" if it never returned), `child` the strace-side pid that a
    result or argument stands for, `path` what a returned descriptor points to.
    """

    pid: int
    time: float
    name: str
    args: tuple[str, ...]
    value: str
    path: str
    errno: str | None
    child: int | None

    @property
    def succeeded(self) -> bool:
        """Whether the kernel did it."""
        return self.errno is None and self.value != "?"


def parse(text: str) -> list[Call]:
    """The calls of a record, in the order in which they began."""
    started: dict[int, tuple[float, str]] = {}
    calls: list[Call] = []
    for line in text.splitlines():
        match = _LINE.match(line)
        if match is None:
            continue
        pid, time, rest = int(match["pid"]), float(match["time"]), match["rest"]
        if rest.endswith(_UNFINISHED):
            started[pid] = time, rest.removesuffix(_UNFINISHED)
            continue
        resumed = _RESUMED.match(rest)
        if resumed:
            if pid not in started:
                continue
            time, head = started.pop(pid)
            rest = head + rest[resumed.end() :]
        calls += _read_call(pid, time, rest)
    for pid, (time, head) in started.items():  # cut off by the end of the run
        calls += _read_call(pid, time, head + ") = ?")
    return sorted(calls, key=lambda call: call.time)


def _read_call(pid: int, time: float, text: str) -> Iterator[Call]:
    head = _CALL.match(text)
    if head is None:  # "+++ exited with 0 +++"
        return
    args, end = _split_arguments(text, head.end())
    result = _RESULT.match(text[end:].strip())
    if result is None:
        return
    errno = result["errno"]
    if errno and errno.startswith("ERESTART"):  # the kernel will make the call again
        return
    translated = _TRANSLATED.search(text, head.end())
    yield Call(
        pid=pid,
        time=time,
        name=head["name"],
        args=args,
        value=result["value"],
        path=unescape(result["path"] or ""),
        errno=errno,
        child=int(translated[1]) if translated else int_or_none(result["value"]),
    )


def _split_arguments(text: str, start: int) -> tuple[tuple[str, ...], int]:
    """The arguments between the parenthesis before `start` and its partner, and where that ends."""
    args: list[str] = []
    current = ""
    depth = 0
    for match in _TOKEN.finditer(text, start):
        token = match[0]
        if token == ")" and depth == 0:
            args.append(current.strip())
            return tuple(args), match.end()
        if token in ("(", "[", "{"):
            depth += 1
        elif token in (")", "]", "}"):
            depth -= 1
        if token == "," and depth == 0:
            args.append(current.strip())
            current = ""
        else:
            current += token
    args.append(current.strip())
    return tuple(args), len(text)


def int_or_none(text: str) -> int | None:
    """The number that `text` is, if it is one above zero."""
    return int(text) if text.isdigit() and text != "0" else None


def string(argument: str) -> str:
    """The text of a quoted argument."""
    return unescape(argument.removesuffix("...").removeprefix('"').removesuffix('"'))


def unescape(text: str) -> str:
    """Undo strace's C escapes."""
    if "\\" not in text:
        return text

    def replace(match: re.Match[bytes]) -> bytes:
        octal, hexadecimal, simple = match.groups()
        if octal or hexadecimal:
            return bytes([int(octal or hexadecimal, 8 if octal else 16)])
        return _SIMPLE_ESCAPES.get(simple, simple)

    return _ESCAPE.sub(replace, text.encode()).decode("utf-8", "backslashreplace")
