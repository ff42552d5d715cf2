"""How files are named in reports for programs: relative to a directory, as a path or as a URI."""

from __future__ import annotations

import os
from functools import lru_cache
from urllib.parse import quote

from podlint.display.escape import replace_surrogates

BASE = "SRCROOT"
"""The name of that directory in SARIF's `originalUriBaseIds`."""

STDIN = "<stdin>"


@lru_cache(maxsize=1024)
def relative_path(path: str, root: str, top: str = "") -> tuple[str, bool]:
    """How a file is called from the directory `top` (empty: from `root`), and whether it lies below it.

    `root` is the absolute directory that relative paths start from, empty when unknown. A file that lies
    elsewhere keeps its whole path.
    """
    whole = os.path.normpath(os.path.join(root, path))
    if root and os.path.isabs(whole):
        try:
            inside = os.path.relpath(whole, top or root)
        except ValueError:  # Another drive of Windows.
            return _slashed(whole), False
        if inside.split(os.sep)[0] == os.pardir:
            return _slashed(whole), False
        return _slashed(inside), True
    below = not os.path.isabs(whole) and whole.split(os.sep)[0] != os.pardir
    return _slashed(whole), below


@lru_cache(maxsize=1024)
def relative_uri(path: str, root: str, top: str = "") -> tuple[str, bool]:
    """The same as a URI: relative, or a `file:` URI for a whole path.

    Every character that is not unreserved (RFC 3986 2.3) is percent-encoded as UTF-8; bytes of a file name
    that are not UTF-8 come out as they are. Standard input is `stdin`, relative to nothing.
    """
    if path == STDIN:
        return "stdin", False
    name, below = relative_path(path, root, top)
    if os.path.isabs(name):
        return f"file:///{_encode(name, safe='/:').lstrip('/')}", False
    return _encode(name, safe="/"), below


def _slashed(path: str) -> str:
    return path.replace(os.sep, "/")


def _encode(path: str, safe: str) -> str:
    """A path as the path of a URI."""
    try:
        return quote(path.encode("utf-8", "surrogateescape"), safe=safe)
    except UnicodeEncodeError:
        return quote(replace_surrogates(path), safe=safe)
