"""How characters that must not reach a terminal are made visible."""

from __future__ import annotations

import re

_SURROGATES = re.compile("[\ud800-\udfff]")
_SHORT = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}


def escape_char(char: str) -> str:
    """The character itself, or its escape (`\\x1b`, `\\u202e`, `\\U000e0041`) when it is not printable.

    Not printable are the Unicode categories Other and Separator except the space: controls, bidirectional
    overrides, zero-width characters, surrogates, private and unassigned characters, and every space that only
    looks like one (a no-break space in YAML is no indentation).
    """
    if char.isprintable():
        return char
    code = ord(char)
    if code <= 0xFF:
        return _SHORT.get(char) or f"\\x{code:02x}"
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"


def escape(text: str) -> str:
    """`text` on one line, every character that is not printable written as its escape."""
    return text if text.isprintable() else "".join(map(escape_char, text))


def replace_surrogates(text: str) -> str:
    """`text` with U+FFFD for each surrogate: no encoding of Unicode has a form for one that stands alone.

    The length stays the same, so columns in code points stay right.
    """
    return _SURROGATES.sub("\ufffd", text)
