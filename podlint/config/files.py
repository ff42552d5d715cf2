"""Which file says how a path is checked: the nearest one upward, up to the root of the repository."""

from __future__ import annotations

import os

from podlint.config.errors import ConfigurationError, Fault
from podlint.config.reading import NAME, PYPROJECT


def candidates(directory: str) -> list[str]:
    """The files of an absolute directory that may be a configuration, the one that counts first.

    Raises `ConfigurationError` for a name that is nearly that of a configuration, and would not be read.
    """
    misnamed = os.path.join(directory, ".podlint.yml")
    if os.path.lexists(misnamed):
        raise ConfigurationError([Fault(os.path.relpath(misnamed), f"must be called {NAME} to be read")])
    names = (os.path.join(directory, name) for name in (NAME, PYPROJECT))
    return [path for path in names if os.path.lexists(path)]


def parent_of(directory: str) -> str | None:
    """The next directory in which to look; None at the root of a repository, or of the file system."""
    if os.path.lexists(os.path.join(directory, ".git")):
        return None
    parent = os.path.dirname(directory)
    return parent if parent != directory else None
