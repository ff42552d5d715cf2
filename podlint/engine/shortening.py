"""How long words of a report may get: those of a manifest know no bounds."""

from __future__ import annotations

MAX_WORDS = 1000
"""Characters of a message or a label; names in it may have a hundred thousand."""
MAX_NAME = 300
"""Characters of the name of a pod or a container, which Kubernetes limits to 253 and 63."""


def shortened(text: str, limit: int) -> str:
    """`text`, of which `…` stands for the middle where it has more than `limit` characters."""
    return text if len(text) <= limit else f"{text[: limit * 2 // 3]}…{text[-limit // 3 + 1 :]}"
