"""The place of a cache: which directory it is, whether it may be used, and how it is made and deleted."""

from __future__ import annotations

import os
import stat
from collections.abc import Sequence

from podlint.source.decode import reason_of
from podlint.source.git_index import Tracked
from podlint.source.ignored import repository_of

DIRECTORY = ".podlint_cache"
RESULTS = "results.sqlite"
FILES = (f"{RESULTS}-journal", RESULTS)
"""What SQLite makes in it, in the order in which it can be deleted: a journal is never without the file that
it belongs to."""

_TAG = "CACHEDIR.TAG"
_IGNORE = ".gitignore"
_MARKS = {
    # The first line is what programs that make backups look for (https://bford.info/cachedir/).
    _TAG: b"Signature: 8a477f597d28d172789f06886806bc55\n"
    b"# The cache of podlint: what it has found before. `podlint clean` deletes it.\n",
    _IGNORE: b"*\n",
}


class Unusable(Exception):
    """A directory that is not used as a cache; `str()` says why."""


def directory_for(paths: Sequence[str]) -> str:
    """The directory of the cache for a run over some paths: at the top of the git repository that the first
    one lies in, else in the current directory."""
    first = next((path for path in paths if path != "-"), os.curdir)
    absolute = os.path.abspath(first)
    top = repository_of(absolute if os.path.isdir(absolute) else os.path.dirname(absolute))
    return os.path.join(top or os.getcwd(), DIRECTORY)


def prepare(directory: str) -> None:
    """Make the directory, with its marks, unless it is there.

    Raises `Unusable`, also where it was made by another program or user, or is part of a repository: whoever
    has written into it could have podlint report what they like.
    """
    try:
        if os.path.lexists(directory):
            _check(directory)
        else:
            os.makedirs(directory, exist_ok=True)
        present = os.listdir(directory)
        for name, content in _MARKS.items():
            if name not in present:
                _write(os.path.join(directory, name), content)
    except OSError as error:
        raise Unusable(reason_of(error)) from None


def clean(directory: str) -> bool:
    """Delete a cache; false where there is none. Raises `Unusable`, also where it holds what is not its own:
    that stays."""
    try:
        if not os.path.lexists(directory):
            return False
        _check(directory)
        present = sorted(os.listdir(directory), key=_order)
        for name in filter(_is_own, present):
            os.unlink(os.path.join(directory, name))
        os.rmdir(directory)
    except OSError as error:
        raise Unusable(reason_of(error)) from None
    return True


def _is_own(name: str) -> bool:
    return name in FILES or name.startswith(tuple(_MARKS))


def _order(name: str) -> tuple[bool, bool, bool, str]:
    """What is deleted first. The tag goes last: a directory without it would not be taken for a cache."""
    return (name == _TAG, name.startswith(tuple(_MARKS)), name == RESULTS, name)


def _check(directory: str) -> None:
    """Raise `Unusable` for a directory that this program has not made, for this user."""
    found = os.lstat(directory)
    if stat.S_ISLNK(found.st_mode):
        raise Unusable("it is a symbolic link")
    if hasattr(os, "geteuid") and found.st_uid != os.geteuid():
        raise Unusable("it belongs to another user")
    present = os.listdir(directory)
    for name in filter(_is_own, present):
        if not stat.S_ISREG(os.lstat(os.path.join(directory, name)).st_mode):
            raise Unusable(f"{name} in it is not a file")
    if _TAG in present:
        with open(os.path.join(directory, _TAG), "rb") as file:
            is_cache = file.read(len(_MARKS[_TAG]) + 1) == _MARKS[_TAG]
    else:
        # What was begun, and nothing else.
        is_cache = all(map(_is_own, present)) and RESULTS not in present
    if not is_cache:
        raise Unusable("it was not made by podlint")
    top = repository_of(os.path.dirname(directory))
    if ".git" in present or Tracked(top, ("",)).has_any(directory):
        raise Unusable("git tracks it")


def _write(path: str, content: bytes) -> None:
    # Another run may make the same directory at the same time.
    beside = f"{path}.{os.getpid()}.tmp"
    with open(beside, "wb") as file:
        file.write(content)
    os.replace(beside, path)
