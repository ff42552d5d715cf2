"""Reports in files: moved into their place whole, and never over what is read."""

from __future__ import annotations

import os
from collections.abc import Sequence

from podlint.cli.console import complain
from podlint.source.decode import reason_of
from podlint.source.replacing import replace_file


def save(rendered: str, output: str, inputs: Sequence[str], what: str = "report") -> bool:
    """Write a report beside its place and move it there: what was there before stays whole until then."""
    try:
        if os.path.islink(output):
            raise ValueError("it is a symbolic link")
        if os.path.exists(output) and any(_is_same(output, path) for path in inputs):
            raise ValueError("it is one of the files that are read")
        data = rendered.encode("utf-8", "backslashreplace")
        if os.path.exists(output) and not os.path.isfile(output):
            # A device or a pipe (`/dev/stdout`) takes what is written to it, and cannot be replaced.
            with open(output, "wb") as file:
                file.write(data)
            return True
        replace_file(output, data)
    except (OSError, ValueError) as error:
        reason = reason_of(error) if isinstance(error, OSError) else str(error)
        complain(f"cannot write the {what} to {output!r}: {reason}")
        return False
    return True


def _is_same(output: str, path: str) -> bool:
    """Whether a file is one that is checked: the path itself, or a manifest below it. JSON below a directory
    may be the report of an earlier run."""
    try:
        if os.path.isdir(path):
            inside = os.path.join(os.path.realpath(path), "")
            return output.lower().endswith((".yaml", ".yml")) and os.path.realpath(output).startswith(inside)
        return os.path.samefile(output, path)
    except OSError:
        return False
