"""The files that git tracks, read from its index (gitformat-index(5)) without running git."""

from __future__ import annotations

import os
from bisect import bisect_left
from collections.abc import Iterator
from functools import cached_property
from itertools import takewhile

from podlint.source.decode import UndecodableError, read

_FIXED = 62
"""Bytes of an entry before its name: ten numbers, a SHA-1 and the flags."""
_EXTENDED = 0x4000


class Tracked:
    """The tracked files of one work tree whose names end in one of some suffixes; read when first asked for.

    None where there is no index, or one that cannot be read: of a repository with SHA-256, or a split one.
    """

    def __init__(self, repository: str, suffixes: tuple[str, ...]) -> None:
        """`repository` is the absolute top of the work tree, "" where there is none."""
        self._top = os.path.join(repository, "")
        self._repository = repository
        self._suffixes = tuple(map(os.fsencode, suffixes))

    def holds(self, path: str) -> bool:
        """Whether a file is tracked."""
        name = self._name(path)
        at = bisect_left(self._names, name)
        return self._names[at : at + 1] == [name]

    def below(self, directory: str) -> Iterator[str]:
        """The tracked files below a directory, as paths from there, sorted."""
        prefix = self._name(directory) + b"/"
        names = self._names[bisect_left(self._names, prefix) :] if self._names else []
        return (
            os.fsdecode(one[len(prefix) :]) for one in takewhile(lambda one: one.startswith(prefix), names)
        )

    def _name(self, path: str) -> bytes:
        full = os.path.abspath(path)
        return os.fsencode(full[len(self._top) :]) if full.startswith(self._top) else b"/"

    @cached_property
    def _names(self) -> list[bytes]:
        try:
            data = read(os.path.join(_git_directory(self._repository), "index")) if self._repository else b""
            return [name for name in _names_in(data) if name.lower().endswith(self._suffixes)]
        except (UndecodableError, ValueError, IndexError):
            return []


def _git_directory(repository: str) -> str:
    """Where git keeps what it knows of a work tree: a linked one has a file that names it."""
    place = os.path.join(repository, ".git")
    if os.path.isdir(place):
        return place
    head, _, target = os.fsdecode(read(place)).strip().partition(": ")
    if head != "gitdir":
        raise ValueError("not a work tree")
    return os.path.join(repository, target)


def _names_in(data: bytes) -> Iterator[bytes]:
    """The names in an index, in order. Raises `ValueError`."""
    version, count = int.from_bytes(data[4:8], "big"), int.from_bytes(data[8:12], "big")
    if data[:4] != b"DIRC" or version not in (2, 3, 4):
        raise ValueError("not an index")
    at, name = 12, b""
    for _ in range(count):
        start = at
        at += _FIXED
        if int.from_bytes(data[at - 2 : at], "big") & _EXTENDED:
            at += 2
        kept = 0
        if version == 4:
            dropped, at = _number(data, at)
            kept = len(name) - dropped
        end = data.index(b"\0", at)
        name = name[:kept] + data[at:end]
        yield name
        # Before version 4 entries are filled up with one to eight NULs to a multiple of eight bytes.
        at = end + 1 if version == 4 else start + ((end - start) // 8 + 1) * 8


def _number(data: bytes, at: int) -> tuple[int, int]:
    """A number of variable length, and what is behind it."""
    byte = data[at]
    value = byte & 127
    while byte & 128:
        at += 1
        byte = data[at]
        value = ((value + 1) << 7) | (byte & 127)
    return value, at + 1
