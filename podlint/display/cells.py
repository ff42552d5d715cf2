"""How many columns of a terminal a character takes, and what is shown in them."""

from __future__ import annotations

from functools import lru_cache
from unicodedata import category, east_asian_width

from podlint.display.escape import escape_char

TAB = "    "
CROWD = 4
"""More characters than so many per column (combining marks have no width) are never shown in one line."""


@lru_cache(maxsize=4096)
def show(char: str) -> tuple[str, int]:
    """What stands on the screen for one character of a source line, and its width in columns.

    Widths are those of UAX #11 (wide and fullwidth characters take two columns) with combining marks and the
    conjoining vowels and finals of Hangul at none.
    """
    if char == "\t":
        return TAB, len(TAB)
    shown = escape_char(char)
    if shown != char:
        return shown, len(shown)
    if category(char) in ("Mn", "Me") or "\u1160" <= char <= "\u11ff" or "\ud7b0" <= char <= "\ud7ff":
        return char, 0
    return char, 2 if east_asian_width(char) in "WF" else 1


def fits(text: str, limit: int) -> bool:
    """Whether `text` takes at most `limit` columns and is no crowd; looks no further than it must."""
    if len(text) > limit * CROWD:
        return False
    if len(text) <= limit and text.isascii() and text.isprintable():
        return True
    width = 0
    for char in text:
        width += show(char)[1]
        if width > limit:
            return False
    return True


def walk(text: str, start: int, limit: int, step: int) -> int:
    """The offset one comes to from `start` in direction `step` (1 or -1) within `limit` columns."""
    at, width = start, 0
    while 0 <= (index := at if step > 0 else at - 1) < len(text) and abs(at - start) < limit * CROWD:
        width += show(text[index])[1]
        if width > limit:
            break
        at += step
    return at
