"""How characters that must not reach a terminal are made visible."""

from __future__ import annotations

import re

from podlint.regex import late

_SURROGATES = late("[\ud800-\udfff]")
_BYTES = late("[\udc80-\udcff]")
"""What stands for a byte of a file name that is no UTF-8 (PEP 383)."""
_INVISIBLE = late(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180d\u180f\u2800\u3164\uffa0\U000e0100-\U000e01ef]"
)
"""Printable by their category, yet not to be seen: fillers, a blank, selectors beyond those of emoji."""

COMMAND = late(r"#(?=#(?:vso)?\[)", re.IGNORECASE)
"""What begins a command to a CI runner anywhere in a line of its log: `##[…]` for GitHub Actions
(actions/runner, ActionCommand.cs), `##vso[…]` for Azure Pipelines."""
HARMLESS = "\U000f0023"
"""Stands for the first character of such a command where lines keep their length; shown as its escape."""

_SHORT = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}


def escape_char(char: str) -> str:
    """The character itself, or its escape (`\\x1b`, `\\u202e`, `\\U000e0041`) when it cannot be seen.

    Not to be seen are the Unicode categories Other and Separator except the space (controls, bidirectional
    overrides, zero-width characters, surrogates, private and unassigned characters, and every space that only
    looks like one: a no-break space in YAML is no indentation), and letters without a shape.
    """
    if char.isprintable() and not _INVISIBLE.match(char):
        return char
    if char == HARMLESS:
        return "\\x23"
    code = ord(char)
    if code <= 0xFF:
        return _SHORT.get(char) or f"\\x{code:02x}"
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"


def escape(text: str) -> str:
    """`text` on one line, every character that cannot be seen written as its escape, and no command to a CI
    runner in it."""
    text = defused(text)
    return text if text.isascii() and text.isprintable() else "".join(map(escape_char, text))


def defused(text: str) -> str:
    """`text`, of the same length, with `HARMLESS` where a command to a CI runner would begin."""
    return COMMAND.sub(HARMLESS, text) if "##" in text else text


def opening(text: str) -> str:
    """Escaped text that opens a line, where it is no command to GitHub Actions: these begin with two colons,
    behind whatever blanks (actions/runner, ActionCommand.cs)."""
    return text.replace("::", "\\x3a:", 1) if text.lstrip().startswith("::") else text


def replace_surrogates(text: str) -> str:
    """`text` with U+FFFD for each surrogate: no encoding of Unicode has a form for one that stands alone.

    The length stays the same, so columns in code points stay right.
    """
    return _SURROGATES.sub("\ufffd", text)


def path_text(path: str) -> str:
    """A path as Unicode can carry it; bytes of a name that are no UTF-8 are written as `\\xff`, so that two
    files stay two paths."""
    return replace_surrogates(_BYTES.sub(lambda one: f"\\x{ord(one[0]) - 0xDC00:02x}", path))
