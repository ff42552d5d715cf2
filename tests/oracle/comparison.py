"""What the analyser predicts of a pod, held against what the oracle saw it do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from podlint.shell.effects import Action
from podlint.shell.endpoints import Endpoint, Signal
from podlint.shell.patterns import Pattern, from_pieces
from podlint.storage.places import Kind, Place
from podlint.storage.view import PlacedEffect, PodView
from tests.views import pods_of

from .contacts import CONTACTS, missed_contacts, unseen_contacts
from .intents import Intent
from .oracle import Observation

_WRITES = frozenset({"append", "replace", "write", "create", "truncate", "touch"})
_SEEN_AS = {
    Action.READ: frozenset({"read"}),
    Action.EXECUTE: frozenset({"read"}),
    Action.APPEND: _WRITES,
    Action.REPLACE: _WRITES,
    Action.WRITE: _WRITES | {"mknod"},
    Action.TRUNCATE: _WRITES,
    Action.TOUCH: _WRITES,
    Action.RENAME: frozenset({"rename"}),
    Action.DELETE: frozenset({"delete", "rmdir"}),
    Action.MKDIR: frozenset({"mkdir"}),
    Action.RMDIR: frozenset({"rmdir"}),
    Action.LINK: frozenset({"link"}),
    Action.SYMLINK: frozenset({"symlink"}),
    Action.CHMOD: frozenset({"chmod"}),
}
"""Which operations a predicted action may be seen as: how a file is opened for writing differs between
builds of `cp`."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """`missed`: seen, not predicted. `not_seen`: predicted as certain, never seen. `effects`: how many were
    predicted in all."""

    missed: list[Intent]
    not_seen: list[PlacedEffect | Endpoint | Signal]
    effects: int


def view_of(pod: Path | str) -> PodView:
    """The one pod of a manifest (the path of a file, or its text) as the analyser sees it."""
    views = pods_of(["-"], pod.encode()) if isinstance(pod, str) else pods_of([str(pod)])
    assert len(views) == 1, pod
    return views[0]


def compare(view: PodView, seen: Observation) -> Comparison:
    """Hold a prediction against an observation."""
    predicted = [(one.name, placed) for one in view.containers for placed in one.effects]
    excused = _copies_instead_of_renames(seen)
    # Of what it has not understood the analyser says so, and promises nothing.
    doubtful = {one.name for one in view.containers if any(process.doubts for process in one.processes)}
    missed = [
        intent
        for intent in seen.intents
        if intent.operation not in CONTACTS
        and intent.container not in doubtful
        and intent not in excused
        and not any(name == intent.container and _is(placed, intent) for name, placed in predicted)
    ]
    not_seen = [
        placed
        for name, placed in predicted
        if placed.certain
        and not placed.only_if_needed
        and placed.place.kind in (Kind.VOLUME, Kind.PRIVATE)
        and placed.action is not Action.EXECUTE
        and not (placed.place.mount is not None and placed.place.mount.read_only)
        and not any(name == intent.container and _is(placed, intent) for intent in seen.intents)
    ]
    missed += missed_contacts(view, seen)
    return Comparison(missed, [*not_seen, *unseen_contacts(view, seen)], len(predicted))


_LONGER = (1, 4, 16)


def compare_longer(view: PodView, seconds: float, observe: Callable[[float], Observation]) -> Comparison:
    """Hold a prediction against what `observe(seconds)` sees; while something is not seen, watch for longer.

    What a pod that never ends has not done yet, on a machine that is busy, it may still do.
    """
    for times in _LONGER:
        comparison = compare(view, observe(seconds * times))
        if comparison.missed or not comparison.not_seen:
            break
    return comparison


def _is(placed: PlacedEffect, intent: Intent) -> bool:
    if intent.operation not in _SEEN_AS[placed.action] or not _is_at(
        placed.place, intent.volume, intent.path
    ):
        return False
    if (
        placed.action in (Action.RENAME, Action.LINK)
        and placed.target is not None
        and intent.other is not None
    ):
        return _is_at(placed.target, intent.other_volume, intent.other)
    return True


def _is_at(place: Place, volume: str | None, path: str) -> bool:
    if place.kind is Kind.UNKNOWN:
        return True
    if place.kind is Kind.DEVICE or place.kind is Kind.PRIVATE:
        return volume is None and place.path.matches(path)
    mount = place.mount
    return mount is not None and mount.volume == volume and _in_volume(place).matches(_normal(path))


def _normal(path: str) -> str:
    """A path in a volume from its root."""
    return "/" + "/".join(part for part in path.split("/") if part not in ("", "."))


def _in_volume(place: Place) -> Pattern:
    """The path in the volume; that of a host path is told from the node's root."""
    if place.volume is not None and place.volume.kind == "hostPath":
        cut = len(place.volume.source_name.rstrip("/"))
        return from_pieces((place.path.prefix[cut:] or "/", *place.path.pieces[1:]))
    return place.path


def _copies_instead_of_renames(seen: Observation) -> set[Intent]:
    """What `mv` does where a rename is refused across file systems: read, write, delete."""
    excused: set[Intent] = set()
    for rename in seen.intents:
        if rename.operation == "rename" and rename.errno == "EXDEV":
            for intent in seen.intents:
                source = (intent.volume, intent.path) == (rename.volume, rename.path)
                target = (intent.volume, intent.path) == (rename.other_volume, rename.other)
                if (source and intent.operation in ("read", "delete", "rmdir")) or (
                    target
                    and intent.operation
                    in ("create", "replace", "write", "delete", "mkdir", "chmod", "touch", "symlink")
                ):
                    excused.add(intent)
    return excused
