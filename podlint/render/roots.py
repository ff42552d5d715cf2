"""Roots: which kustomizations of a run are built, and which files are read so and not by themselves."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Sequence

from msgspec import Struct

from podlint.findings import Unread
from podlint.render.kustomize import Built, build
from podlint.render.layers import file_in, read_layers
from podlint.render.rendering import Rendering
from podlint.render.running import RenderError
from podlint.source.ignored import repository_of


class Roots(Struct, frozen=True):
    """What was built of the kustomizations of a run, the files that are read in it, and what was not."""

    renderings: tuple[Rendering, ...]
    replaced: frozenset[str]
    unread: tuple[Unread, ...]


def build_roots(files: Sequence[str]) -> Roots:
    """Build the kustomizations in the directories of some files.

    One that others of the run are built on is no root: it is not deployed by itself, and may lack what its
    overlays add. Where none of these can be built, it is one all the same.
    """
    found = _kustomizations(files)
    unread = [one for one in found.values() if isinstance(one, Unread)]
    waiting = {directory: one for directory, one in found.items() if isinstance(one, _Candidate)}
    built: list[Built] = []
    covered: set[str] = set()
    while roots := [one for one in waiting.values() if not _is_used(one, waiting.values())] or [
        *waiting.values()
    ]:
        for one in roots:
            del waiting[one.real]
            if one.real in covered or one.component:
                continue
            try:
                done = build(one.directory, _bound(one.directory))
            except RenderError as error:
                unread.append(Unread(one.path, f"not rendered: {error}"))
            else:
                built.append(done)
                covered |= {os.path.realpath(directory) for directory in done.directories}
    return Roots(tuple(_renderings(built)), _replaced(files, built), tuple(unread))


class _Candidate(Struct, frozen=True):
    """A kustomization of the run: its directory as the run names it and as it really is, the real
    directories that it is built on."""

    directory: str
    real: str
    path: str
    component: bool
    below: frozenset[str]


def _kustomizations(files: Iterable[str]) -> dict[str, _Candidate | Unread]:
    """The kustomizations in the directories of some files, by their real directories."""
    found: dict[str, _Candidate | Unread] = {}
    for directory in dict.fromkeys(os.path.dirname(file) for file in files):
        real = os.path.realpath(directory or os.curdir)
        if real in found:
            continue
        place = os.path.normpath(directory or os.curdir)
        path: str | None = place
        try:
            path = file_in(place)
            if path is None:
                continue
            root = read_layers(place, _bound(place))
        except RenderError as error:
            found[real] = Unread(path or place, f"not rendered: {error}")
            continue
        below = frozenset(os.path.realpath(one.directory) for one in root.all()) - {real}
        found[real] = _Candidate(place, real, path, root.is_component, below)
    return found


def _bound(directory: str) -> str:
    """What a kustomization may not lead out of: the repository around it, or else where the run stands."""
    place = os.path.realpath(directory)
    here = os.path.realpath(os.curdir)
    inside = place == here or place.startswith(os.path.join(here, ""))
    return repository_of(place) or (here if inside else os.path.dirname(place))


def _is_used(one: _Candidate, others: Iterable[_Candidate]) -> bool:
    return any(one.real in other.below for other in others if other is not one)


def _renderings(built: Sequence[Built]) -> Iterable[Rendering]:
    """What was built; what shares a base with others is a variant of it."""
    users = Counter(directory for one in built for directory in one.directories)
    for one in built:
        directory = os.path.dirname(one.source.path) or os.curdir
        shares = any(users[layer] > 1 for layer in one.directories)
        yield Rendering(directory, directory if shares else "", (one.source,))


def _replaced(files: Iterable[str], built: Iterable[Built]) -> frozenset[str]:
    """The files of a run that are read as parts of what was built."""
    read = {os.path.realpath(file) for one in built for file in one.files}
    return frozenset(file for file in files if os.path.realpath(file) in read)
