"""The mounts of one container by path, so that a path is looked up and not compared with each of them."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator

from podlint.manifest.model import Container, Mount
from podlint.shell.patterns import Hole, Pattern, literal

MAX_COMPARED = 64
"""Mounts with which a path that is not fully known is compared. Where more could be meant, it may lead into
any of them."""


class MountIndex:
    """The mounts of one container by path; of several at one path the first."""

    def __init__(self, container: Container) -> None:
        self._by_path: dict[str, Mount] = {}
        for mount in container.mounts:
            self._by_path.setdefault(mount.path.rstrip("/"), mount)
        # Few even where there are many mounts: n paths of different lengths have some n²/2 characters.
        self._lengths = sorted({len(path) for path in self._by_path}, reverse=True)
        self._directories = sorted(path + "/" for path in self._by_path)

    def at(self, path: str) -> Mount | None:
        """The mount on which a known path lies: the innermost, whose path is the longest whole-component
        prefix of it."""
        for length in self._lengths:
            if path[length : length + 1] in ("/", ""):
                mount = self._by_path.get(path[:length])
                if mount is not None and (length or path.startswith("/")):
                    return mount
        return None

    def may_be_at_another(self, path: Pattern) -> bool:
        """Whether a path that is not fully known may lie on a mount below the part of it that is known."""
        known = path.prefix
        for number, directory in enumerate(self._beginning_with(known)):
            if number >= MAX_COMPARED:
                return True
            if directory != known and _may_be_below(path, directory):
                return True
        return False

    def _beginning_with(self, known: str) -> Iterator[str]:
        """The mounts' paths, a slash behind each, that begin with some text."""
        first = bisect_left(self._directories, known)
        for index in range(first, len(self._directories)):
            if not self._directories[index].startswith(known):
                return
            yield self._directories[index]


def _may_be_below(path: Pattern, directory: str) -> bool:
    return path.may_be(Pattern((directory, Hole()))) or path.may_be(literal(directory[:-1]))
