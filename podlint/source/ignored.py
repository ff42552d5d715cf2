"""Ignored: what the .gitignore files of a directory and of those above it leave out."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from msgspec import Struct

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec

MAX_IGNORE_BYTES = 1024 * 1024
# Patterns become regular expressions, and one with many wildcards takes time in a high power of a name's
# length. A stranger's pattern beyond these bounds is passed over: podlint then reads more, not less.
MAX_STARS_IN_NAME = 3
MAX_DOUBLE_STARS = 2


class Ignored(Struct, frozen=True):
    """The rules in force in a directory, outermost first: a .gitignore's directory and patterns."""

    rules: tuple[tuple[str, GitIgnoreSpec], ...] = ()

    @classmethod
    def above(cls, directory: str) -> Ignored:
        """The rules of the repository that a directory lies in, down to the directory's parent.

        None when there is no repository, or when these rules leave out the directory itself: who names an
        ignored directory wants it read.
        """
        top = os.path.abspath(directory)
        parents = []
        current = top
        while not os.path.lexists(os.path.join(current, ".git")):
            parent = os.path.dirname(current)
            if parent == current:
                return cls()
            parents.append(parent)
            current = parent
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
        from pathspec import GitIgnoreSpec

        top = os.path.abspath(directory)
        try:
            with open(os.path.join(top, ".gitignore"), "rb") as file:
                lines = file.read(MAX_IGNORE_BYTES).decode("utf-8", "replace").splitlines()
        except OSError:
            return self
        spec = GitIgnoreSpec.from_lines(_usable(lines))
        return Ignored((*self.rules, (os.path.join(top, ""), spec)))

    def covers(self, path: str, is_directory: bool) -> bool:
        """Whether a file or directory is left out; the innermost .gitignore that mentions it decides."""
        if not self.rules:
            return False
        full = os.path.abspath(path)
        for top, spec in reversed(self.rules):
            inner = full[len(top) :].replace(os.sep, "/")
            verdict = spec.check_file(inner + "/" if is_directory else inner).include
            if verdict is not None:
                return verdict
        return False


def _is_regular(path: str) -> bool:
    return os.path.isfile(path) and not os.path.islink(path)


def _usable(lines: list[str]) -> list[str]:
    """The patterns that are quick to match and that can be understood, one at a time as git reads them."""
    from pathspec import GitIgnoreSpec

    usable = []
    for line in lines:
        names = line.strip().split("/")
        if names.count("**") > MAX_DOUBLE_STARS:
            continue
        if any(name != "**" and name.count("*") > MAX_STARS_IN_NAME for name in names):
            continue
        try:
            GitIgnoreSpec.from_lines([line])
        except ValueError:
            continue
        usable.append(line)
    return usable
