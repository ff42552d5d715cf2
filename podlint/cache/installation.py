"""The installation: what tells it from one that would report something else."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from hashlib import sha256

import yaml

from podlint.pages import rules_directory

_PACKAGE = os.path.dirname(os.path.dirname(__file__))
_READERS = ("pyyaml-", "tree_sitter")
"""How the names of the packages begin that read manifests and scripts, in lower case."""


def fingerprint(version: str) -> bytes:
    """32 bytes that change with podlint, its data and pages, and with what it reads manifests with.

    An installed package tells its version and the digests of its files (RECORD, as the Python Packaging User
    Guide describes it), which are the same on each machine. What is younger than that was changed in place,
    as all of a checkout is, and counts by size and time.
    """
    digest = sha256(f"{version}\0{sys.version}\0{sys.platform}".encode())
    record = os.path.join(f"{_PACKAGE}-{version}.dist-info", "RECORD")
    try:
        with open(record, "rb") as file:
            digest.update(file.read())
        since = os.stat(record).st_mtime_ns
    except OSError:
        since = -1
    for path, size, changed in sorted(_files(_PACKAGE, rules_directory())):
        if changed > since:
            digest.update(f"\0{path}\0{size}\0{changed}".encode("utf-8", "surrogateescape"))
    for name in sorted(os.listdir(os.path.dirname(os.path.dirname(yaml.__file__)))):
        if name.lower().startswith(_READERS) and name.endswith(".dist-info"):
            digest.update(f"\0{name}".encode())
    return digest.digest()


def _files(*directories: str) -> Iterator[tuple[str, int, int]]:
    """Each file below these directories: its path, its size, and when it was changed."""
    pending = list(directories)
    while pending:
        with os.scandir(pending.pop()) as entries:
            for entry in entries:
                if entry.name == "__pycache__":
                    continue
                if entry.is_dir():
                    pending.append(entry.path)
                else:
                    found = entry.stat()
                    yield entry.path, found.st_size, found.st_mtime_ns
