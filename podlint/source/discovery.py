"""Discovery: which files a run reads, in an order that depends on nothing but their names."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TypeAlias

from msgspec import Struct

from podlint.source.decode import kind_of, reason_of
from podlint.source.git_index import Tracked
from podlint.source.ignored import Ignored, repository_of

SUFFIXES = (".yaml", ".yml", ".json")
_KUSTOMIZATION = "Kustomization"
"""The one manifest that may have a name without a suffix: kustomize looks for it, too."""


class File(Struct, frozen=True):
    """A file to read. `named`: it was given by name, not found in a directory."""

    path: str
    named: bool = False


class Unreadable(Struct, frozen=True):
    """Something that was asked for and cannot be read: missing, no permission, no file."""

    path: str
    reason: str


class LeftOut(Struct, frozen=True):
    """Something in a directory that is named like a manifest and is not read on purpose, with the reason.

    `kind` is `link`, or what it is in place of a file: `FIFO`, `socket`, `device`.
    """

    path: str
    kind: str
    reason: str


class Hidden(Struct, frozen=True):
    """A directory, or a file that is named like a manifest, that a .gitignore leaves out, or that the run is
    told to leave out (`excluded`)."""

    path: str
    excluded: bool = False


Found: TypeAlias = File | Unreadable | LeftOut | Hidden
Excludes: TypeAlias = Callable[[str, bool], bool]
"""Whether a run is told to leave a path out; the flag says that it is a directory."""


def nothing_excluded(_path: str, _is_directory: bool) -> bool:
    """What is left out by default."""
    return False


_PASSED = (".git", ".podlint-baseline.json")
"""Names of what is never a manifest and speaks of some all the same."""


def discover(paths: Sequence[str], excludes: Excludes = nothing_excluded) -> Iterator[Found]:
    """What there is to read under the given files and directories, each thing once.

    A named file is read whatever its name, unless it is excluded. In a directory, files are those that end in
    `.yaml`, `.yml` or `.json` and that no .gitignore leaves out, or that git tracks all the same; symbolic
    links are not followed out of it, and `.git` is not entered. A baseline is no input.
    """
    seen: set[str] = set()
    for path in paths:
        for found in _under(path, excludes):
            key = os.path.abspath(found.path) if found.path else ""
            if key not in seen:
                seen.add(key)
                yield found


def _under(path: str, excludes: Excludes) -> Iterator[Found]:
    """What one given path stands for."""
    try:
        mode = os.stat(path).st_mode
    except OSError as error:
        yield Unreadable(path, reason_of(error))
        return
    except ValueError:
        yield Unreadable(path, "the path holds a NUL character")
        return
    if excludes(path, stat.S_ISDIR(mode)):
        yield Hidden(path, excluded=True)
    elif stat.S_ISDIR(mode):
        yield from _walk(path, excludes)
    elif stat.S_ISREG(mode):
        yield File(path, named=True)
    else:
        yield Unreadable(path, f"is {kind_of(mode)}, not a file")


def _walk(top: str, excludes: Excludes) -> Iterator[Found]:
    """The files below a directory, walked with a stack, so that depth costs no recursion."""
    prefix = "" if top in (".", "./") else os.path.join(top, "")
    inside = os.path.join(os.path.realpath(top), "")
    tracked = Tracked(repository_of(os.path.abspath(top)), SUFFIXES)
    pending: list[Iterator[Found | _Directory]] = [
        _entries(_Directory(top, prefix, Ignored.above(top), tracked, excludes), inside)
    ]
    while pending:
        entry = next(pending[-1], None)
        if entry is None:
            pending.pop()
        elif isinstance(entry, _Directory):
            pending.append(_entries(entry, inside))
        else:
            yield entry


class _Directory(Struct, frozen=True):
    """A directory to enter: how to open it, what its entries' paths begin with, what is ignored there."""

    path: str
    prefix: str
    ignored: Ignored
    tracked: Tracked
    excludes: Excludes


def _entries(directory: _Directory, inside: str) -> Iterator[Found | _Directory]:
    """The entries of one directory in the order of their names; `inside` is the real path of the top."""
    try:
        with os.scandir(directory.path) as scan:
            entries = sorted(scan, key=lambda entry: entry.name)
    except OSError as error:
        yield Unreadable(directory.path, reason_of(error))
        return
    ignored = directory.ignored.within(directory.path, _has_ignore_file(entries))
    for entry in entries:
        path = directory.prefix + entry.name
        try:
            is_link = entry.is_symlink()
            is_directory = entry.is_dir(follow_symlinks=False)
        except OSError as error:
            yield Unreadable(path, reason_of(error))
            continue
        wanted = entry.name.lower().endswith(SUFFIXES) or entry.name == _KUSTOMIZATION
        if not (wanted or is_directory or is_link) or entry.name in _PASSED:
            continue
        excluded = directory.excludes(path, is_directory)
        if excluded or (
            ignored.covers(entry.path, is_directory)
            and (is_directory or not directory.tracked.holds(entry.path))
        ):
            if wanted or is_directory:
                yield Hidden(path, excluded)
            if is_directory and not excluded:
                yield from _tracked_below(entry.path, path, directory)
            continue
        if is_directory:
            yield _Directory(
                entry.path, os.path.join(path, ""), ignored, directory.tracked, directory.excludes
            )
        elif is_link:
            yield from _behind_link(entry.path, path, inside)
        elif entry.is_file(follow_symlinks=False):
            yield File(path)
        else:
            kind = kind_of(entry.stat(follow_symlinks=False).st_mode)
            yield LeftOut(path, kind.partition(" ")[2], f"is {kind}, not a file")


def _tracked_below(place: str, path: str, directory: _Directory) -> Iterator[File]:
    """The files in an ignored directory that git tracks all the same, as somebody has added them by force."""
    for name in directory.tracked.below(place):
        found = os.path.join(path, name)
        if os.path.isfile(found) and not os.path.islink(found) and not directory.excludes(found, False):
            yield File(found)


def _behind_link(link: str, path: str, inside: str) -> Iterator[Found]:
    """A link: what it leads to is read where it stands, or not at all."""
    target = os.path.realpath(link)
    if not link.lower().endswith(SUFFIXES) and not os.path.isdir(target):
        return
    if not os.path.join(target, "").startswith(inside):
        yield LeftOut(path, "link", "is a symbolic link that leads out of the directory")
    elif not os.path.exists(target):
        yield LeftOut(path, "link", "is a symbolic link to nothing")
    elif os.path.isfile(target) and not target.lower().endswith(SUFFIXES):
        yield File(path)


def _has_ignore_file(entries: Iterable[os.DirEntry[str]]) -> bool:
    """Whether a .gitignore stands among the entries; git, too, does not follow a link of that name."""
    return any(entry.name == ".gitignore" and entry.is_file(follow_symlinks=False) for entry in entries)
