"""Ignored: what the .gitignore files of a directory and of those above it leave out."""

from __future__ import annotations

import os
from codecs import BOM_UTF8
from itertools import islice

from msgspec import Struct

from podlint.source.ignore_patterns import IgnorePattern, parse_pattern

MAX_IGNORE_BYTES = 1024 * 1024
MAX_PATTERNS = 1000
"""Patterns in force in one directory: each name below is compared with all of them. What a stranger's
.gitignore has beyond is passed over: podlint then reads more, not less."""


def repository_of(directory: str) -> str:
    """The top of the git work tree that an absolute directory lies in; "" where there is none."""
    current = directory
    while not os.path.lexists(os.path.join(current, ".git")):
        parent = os.path.dirname(current)
        if parent == current:
            return ""
        current = parent
    return current


class Ignored(Struct, frozen=True):
    """The rules in force in a directory, outermost first: a .gitignore's directory and patterns."""

    rules: tuple[tuple[str, tuple[IgnorePattern, ...]], ...] = ()

    @classmethod
    def above(cls, directory: str) -> Ignored:
        """The rules of the repository that a directory lies in, down to the directory's parent.

        None when there is no repository, or when these rules leave out the directory itself: who names an
        ignored directory wants it read.
        """
        top = os.path.abspath(directory)
        repository = repository_of(top)
        parents = []
        current = top
        while repository and current != repository:
            current = os.path.dirname(current)
            parents.append(current)
        ignored = cls()
        for parent in reversed(parents):
            ignored = ignored.within(parent, _is_regular(os.path.join(parent, ".gitignore")))
            below = top if parent == parents[0] else parents[parents.index(parent) - 1]
            if ignored.covers(below, is_directory=True):
                return cls()
        return ignored

    def within(self, directory: str, has_file: bool) -> Ignored:
        """The rules in force inside a directory, with those of its own .gitignore where it has one."""
        if not has_file:
            return self
        room = MAX_PATTERNS - sum(len(patterns) for _, patterns in self.rules)
        if room <= 0:
            return self
        top = os.path.abspath(directory)
        try:
            with open(os.path.join(top, ".gitignore"), "rb") as file:
                # git compares bytes: its `?` is one of them.
                text = file.read(MAX_IGNORE_BYTES).removeprefix(BOM_UTF8).decode("latin-1")
        except OSError:
            return self
        parsed = map(parse_pattern, text.split("\n"))
        # The last one that matches counts.
        patterns = tuple(islice((one for one in parsed if one is not None), room))[::-1]
        return Ignored((*self.rules, (os.path.join(top, ""), patterns))) if patterns else self

    def covers(self, path: str, is_directory: bool) -> bool:
        """Whether a file or directory is left out; the innermost .gitignore that mentions it decides."""
        if not self.rules:
            return False
        full = os.path.abspath(path)
        name = _as_bytes(os.path.basename(full))
        for top, patterns in reversed(self.rules):
            inner = _as_bytes(full[len(top) :].replace(os.sep, "/"))
            for one in patterns:
                if one.directories_only and not is_directory:
                    continue
                if one.regex.match(inner if one.on_path else name):
                    return not one.includes
        return False


def _as_bytes(path: str) -> str:
    """A path with a character for each of its bytes."""
    return path if path.isascii() else os.fsencode(path).decode("latin-1")


def _is_regular(path: str) -> bool:
    return os.path.isfile(path) and not os.path.islink(path)
