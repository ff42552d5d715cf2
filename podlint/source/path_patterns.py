"""Patterns for paths, as a .gitignore has them, relative to a directory of their own."""

from __future__ import annotations

import os
from collections.abc import Iterable

from msgspec import Struct

from podlint.source.ignore_patterns import parse_pattern
from podlint.source.ignored import Ignored


class PathPatterns(Struct, frozen=True):
    """Patterns that name files, and directories with all that is below them."""

    top: str
    """The absolute directory that the patterns are relative to, with a separator at its end."""
    ignored: Ignored

    @classmethod
    def of(cls, directory: str, patterns: Iterable[str]) -> PathPatterns:
        """The patterns of a directory, which need not exist; the last one that matches a path counts.

        Raises `ValueError` for what is no pattern.
        """
        top = os.path.join(os.path.abspath(directory), "")
        parsed = []
        for pattern in patterns:
            one = parse_pattern(pattern.removeprefix("./"))
            if one is None:
                raise ValueError(f"{pattern!r} is not a pattern for paths")
            parsed.append(one)
        return cls(top, Ignored(((top, tuple(reversed(parsed))),) if parsed else ()))

    def match(self, path: str, is_directory: bool = False) -> bool:
        """Whether they name a path, or a directory that it is in."""
        full = os.path.abspath(path)
        if not self.ignored.rules or not full.startswith(self.top):
            return False
        at = full.find(os.sep, len(self.top))
        while at >= 0:
            if self.ignored.covers(full[:at], is_directory=True):
                return True
            at = full.find(os.sep, at + 1)
        return self.ignored.covers(full, is_directory)
