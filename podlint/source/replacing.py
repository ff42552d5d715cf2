"""Files that are written: what was there before stays whole until all of the new is."""

from __future__ import annotations

import os
from collections.abc import Callable


def replace_file(path: str, data: bytes, check: Callable[[str], None] | None = None) -> None:
    """Write a file beside its place and move it there, with the mode of what was there before.

    `check` is called with the path of what was written; nothing is moved where it raises. Raises `OSError`.
    """
    beside = f"{path}.{os.getpid()}.tmp"
    with open(beside, "xb") as file:
        try:
            file.write(data)
            file.close()
            if check is not None:
                check(beside)
            if os.path.exists(path):
                os.chmod(beside, os.stat(path).st_mode & 0o7777)
            os.replace(beside, path)
        except BaseException:
            os.unlink(beside)
            raise
