"""kubelet's `$(NAME)` expansion, written from its documentation and not from podlint: a second witness."""

from __future__ import annotations

import re
from collections.abc import Mapping

_TOKEN = re.compile(r"\$(?:(?P<escape>\$)|\((?P<name>[^)]*)\))")


def expand(text: str, env: Mapping[str, str]) -> str:
    """Replace `$(NAME)` where NAME is in `env`, and `$$` by `$`, in one pass; everything else stays."""

    def replace(match: re.Match[str]) -> str:
        if match["escape"]:
            return "$"
        return env.get(match["name"], match[0])

    return _TOKEN.sub(replace, text)
