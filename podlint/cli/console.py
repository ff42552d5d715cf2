"""Standard output and standard error: text out, whatever their encoding and whoever reads them."""

from __future__ import annotations

import contextlib
import os
import sys
from errno import EBADF
from typing import TextIO


def write(text: str) -> None:
    """Write to standard output. Characters that it cannot encode are written as escapes.

    A reader that has gone away, as in `podlint rules | head -1`, is no error: the rest is dropped.
    Raises `OSError` when standard output cannot be written to for another reason.
    """
    stream: TextIO | None = sys.stdout
    if stream is None:
        # The process was started with standard output closed.
        raise OSError(EBADF, "it is closed")
    encoding = stream.encoding or "utf-8"
    try:
        stream.write(text.encode(encoding, "backslashreplace").decode(encoding))
        stream.flush()
    except BrokenPipeError:
        discard_stdout()


def is_colored(wanted: str = "auto") -> bool:
    """Whether standard output is coloured, see `podlint.report.terminal.use_color`."""
    from podlint.report.terminal import use_color

    return sys.stdout is not None and use_color(sys.stdout, os.environ, wanted)


def complain(message: str, hint: str = "") -> None:
    """Write one message to standard error; it may quote foreign text, so control characters are escaped."""
    from podlint.display.escape import escape

    lines = f"podlint: {escape(message)}\n" + (f"  help: {escape(hint)}\n" if hint else "")
    stream: TextIO | None = sys.stderr
    if stream is None:
        return
    encoding = stream.encoding or "utf-8"
    with contextlib.suppress(OSError):  # Nobody can be told that nobody can be told.
        stream.write(lines.encode(encoding, "backslashreplace").decode(encoding))
        stream.flush()


def discard_stdout() -> None:
    """Point standard output at nothing, so that the interpreter's last flush does not fail again."""
    if sys.stdout is None:
        return
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
