"""Files that are made from the program itself: written, or held against what would be written."""

from __future__ import annotations

import sys
from pathlib import Path


def keep(path: Path, content: str, arguments: list[str]) -> int:
    """Write a file where it is stale; with `--check` only say so. Returns the exit code."""
    if path.is_file() and path.read_text(encoding="utf-8") == content:
        return 0
    if "--check" in arguments:
        print(f"{path.name} is stale: run `python3 dev.py data`", file=sys.stderr)
        return 1
    path.write_text(content, encoding="utf-8")
    print(f"wrote {path.name}")
    return 0
