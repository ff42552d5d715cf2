"""How files are named in SARIF: URIs relative to the directory podlint ran in, and `file:` URIs beyond it."""

from __future__ import annotations

import os
from functools import lru_cache
from urllib.parse import quote

from podlint.report.escape import replace_surrogates

BASE = "SRCROOT"
"""The name of that directory in `originalUriBaseIds`."""

STDIN = "<stdin>"


def directory_uri(path: str) -> str:
    """The `file:` URI of an absolute directory, with the final slash that SARIF 2.1.0 3.14.14 asks for."""
    return f"{_file_uri(path).rstrip('/')}/"


@lru_cache(maxsize=1024)
def relative_uri(path: str, root: str) -> tuple[str, bool]:
    """The URI of a file, and whether it is relative to `root` (an absolute directory; empty when unknown).

    Every character that is not unreserved (RFC 3986 2.3) is percent-encoded as UTF-8; bytes of a file name
    that are not UTF-8 come out as they are. Standard input is `stdin`, relative to nothing.
    """
    if path == STDIN:
        return "stdin", False
    whole = os.path.normpath(os.path.join(root, path))
    if root and os.path.isabs(whole):
        try:
            inside = os.path.relpath(whole, root)
        except ValueError:  # Another drive of Windows.
            return _file_uri(whole), False
        if inside.split(os.sep)[0] == os.pardir:
            return _file_uri(whole), False
        return _encode(inside, safe="/"), True
    if os.path.isabs(whole):
        return _file_uri(whole), False
    return _encode(whole, safe="/"), whole.split(os.sep)[0] != os.pardir


def _file_uri(path: str) -> str:
    """The `file:` URI of an absolute path."""
    return f"file:///{_encode(path, safe='/:').lstrip('/')}"


def _encode(path: str, safe: str) -> str:
    """A path as the path of a URI."""
    slashed = path.replace(os.sep, "/")
    try:
        return quote(slashed.encode("utf-8", "surrogateescape"), safe=safe)
    except UnicodeEncodeError:
        return quote(replace_surrogates(slashed), safe=safe)
