"""The edits, one module for each group of rules. Importing this package registers them all."""

from tests.mutation.mutating import JOBS, MARK, MUTATORS, OBJECTS

from . import lifecycle, logging, mounts, network, shell, storage

__all__ = [
    "JOBS",
    "MARK",
    "MUTATORS",
    "OBJECTS",
    "lifecycle",
    "logging",
    "mounts",
    "network",
    "shell",
    "storage",
]
