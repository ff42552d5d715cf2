"""Regular expressions that are compiled when they are first used."""

from __future__ import annotations

import re
from typing import cast

# `podlint.startup` puts `late` in the place of `re.compile` for a while.
_compile = re.compile


class _Late:
    """Stands in for a compiled pattern until one of its methods is asked for."""

    def __init__(self, pattern: str, flags: int) -> None:
        self._pattern = pattern
        self._flags = flags

    def __getattr__(self, name: str) -> object:
        method: object = getattr(_compile(self._pattern, self._flags), name)
        # From now on the method is found without coming here.
        self.__dict__[name] = method
        return method


def late(pattern: str, flags: int = 0) -> re.Pattern[str]:
    """As `re.compile`, but at the first use: a run over one small file needs one in six of the patterns, and
    compiling the rest takes it half as long as a bare interpreter needs to start."""
    return cast("re.Pattern[str]", _Late(pattern, flags))
