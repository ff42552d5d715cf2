"""Text that has to fit into so many columns."""

from __future__ import annotations

from podlint.display.cells import fits, show, walk
from podlint.display.escape import defused, escape


def fitted(text: str, limit: int) -> str:
    """`text` with what cannot be seen escaped, in at most `limit` columns: `…` stands for the middle of what
    is longer. `limit` is at least 3."""
    text = defused(text)
    if fits(text, limit):
        return escape(text)
    head = walk(text, 0, (limit - 1) // 2, 1)
    tail = walk(text, len(text), limit - 1 - (limit - 1) // 2, -1)
    return f"{escape(text[:head])}…{escape(text[tail:])}"


def width(text: str) -> int:
    """How many columns an escaped text takes."""
    return len(text) if text.isascii() else sum(show(char)[1] for char in text)


def wrapped(text: str, limit: int) -> list[str]:
    """The words of `text`, escaped, on lines of at most `limit` columns; longer words are broken."""
    lines, line = [], ""
    for word in escape(text).split(" "):
        while width(word) > limit:
            if line:
                lines.append(line)
                line = ""
            end = max(walk(word, 0, limit, 1), 1)
            lines.append(word[:end])
            word = word[end:]
        if line and width(line) + 1 + width(word) > limit:
            lines.append(line)
            line = word
        else:
            line = f"{line} {word}" if line else word
    return [*lines, line]
