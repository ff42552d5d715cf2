"""Standard output and standard error: text out, whatever their encoding and whoever reads them."""

from __future__ import annotations

import contextlib
import os
import sys


def write(text: str) -> None:
    """Write to standard output. Characters that it cannot encode are written as escapes.

    Raises `BrokenPipeError` when nobody reads any more.
    """
    stream = sys.stdout
    encoding = stream.encoding or "utf-8"
    stream.write(text.encode(encoding, "backslashreplace").decode(encoding))
    stream.flush()


def complain(message: str, hint: str = "") -> None:
    """Write one message to standard error; it may quote foreign text, so control characters are escaped."""
    lines = f"podlint: {visible(message)}\n" + (f"  help: {visible(hint)}\n" if hint else "")
    stream = sys.stderr
    encoding = stream.encoding or "utf-8"
    with contextlib.suppress(OSError):  # Nobody can be told that nobody can be told.
        stream.write(lines.encode(encoding, "backslashreplace").decode(encoding))
        stream.flush()


def visible(text: str) -> str:
    """The text with everything escaped that could move a cursor or start a control sequence."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


def discard_stdout() -> None:
    """Point standard output at nothing, so that the interpreter's last flush does not fail again."""
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
