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
_COMPRESSED = b"\0\0\0\4"
"""The version in which a name may lack what it begins with as the one before does."""


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

    def has_any(self, directory: str) -> bool:
        """Whether anything of a directory, or the whole of it as another repository, is tracked."""
        # The names are read where this may be so: there may be hundreds of thousands.
        name = self._name(directory)
        if self._data[4:8] != _COMPRESSED and name not in self._data:
            return False
        return self.holds(directory) or any(True for _ in self.below(directory))

    def _name(self, path: str) -> bytes:
        full = os.path.abspath(path)
        return os.fsencode(full[len(self._top) :]) if full.startswith(self._top) else b"/"

    @cached_property
    def _data(self) -> bytes:
        try:
            return read(os.path.join(_git_directory(self._repository), "index")) if self._repository else b""
        except (UndecodableError, ValueError):
            return b""

    @cached_property
    def _names(self) -> list[bytes]:
        try:
            return [name for name in _names_in(self._data) if name.lower().endswith(self._suffixes)]
        except (ValueError, IndexError):
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
