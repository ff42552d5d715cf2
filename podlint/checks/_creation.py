"""Files that are not there yet when their reader starts."""

from __future__ import annotations

from msgspec import Struct

from podlint.checks._calls import call_of, holds
from podlint.manifest.model import Role
from podlint.shell.effects import Action, Repeats
from podlint.storage.places import Kind, Place, place_of
from podlint.storage.view import ContainerView, Placed, PodView

_MAKING = frozenset({Action.APPEND, Action.REPLACE, Action.WRITE, Action.TOUCH, Action.LINK, Action.SYMLINK})
_POD_OWN = ("emptyDir", "ephemeral")
_LISTING = frozenset({"ls", "find", "inotifywait", "inotifywatch", "stat", "test", "["})


class Maker(Struct, frozen=True):
    """Who creates a file while its reader already runs; `write` is None where only a program that podlint
    does not know can do it."""

    container: ContainerView
    write: Placed | None


def maker_of(read: Placed, reader: ContainerView, view: PodView) -> Maker | None:
    """Who creates, in a volume that starts empty, a file that a reader needs at its start.

    None where the file may be there, where the reader waits for it or tries again, and where nobody is seen
    that could create it.
    """
    if not fails_without(read) or _may_wait(read, reader):
        return None
    found: Maker | None = None
    for one in view.containers:
        if one is reader or not one.mounts_of(read.place):
            continue
        write = next((p for p in one.effects if _makes(p, read.place)), None)
        if write is None and (one.understood or all(m.read_only for m in one.mounts_of(read.place))):
            continue
        if _starts_before(one, reader, view):
            return None
        if found is None or (found.write is None and write is not None):
            found = Maker(one, write)
    return found


def fails_without(read: Placed) -> bool:
    """Whether a main process surely reads a file of the pod's own storage, once, and counts on it."""
    effect, volume = read.effect, read.place.volume
    return (
        effect.action is Action.READ
        and effect.certain
        and not effect.excused
        and effect.repeats is Repeats.ONCE
        and effect.follow != "name"
        and read.process.kind == "main"
        and read.place.kind is Kind.VOLUME
        and volume is not None
        and volume.kind in _POD_OWN
    )


def _makes(placed: Placed, place: Place) -> bool:
    """Whether an effect may bring a file about."""
    if placed.effect.action in _MAKING:
        return placed.place.may_hold(place)
    return placed.effect.action is Action.RENAME and placed.to is not None and placed.to.may_hold(place)


def _may_wait(read: Placed, reader: ContainerView) -> bool:
    """Whether the reader does something about the file before it reads it: looks for it, creates it, or runs
    a program that may."""
    process, order = read.process, read.effect.order
    if any(p.process is process and p.effect.order < order and _makes(p, read.place) for p in reader.effects):
        return True
    own = call_of(read)
    if own is not None and any(field.value.literal == "--retry" for field in own.fields):
        return True
    for call in process.calls:
        if call.order >= order or holds(call, read.effect):
            continue
        if not call.known:
            return True
        places = [place_of(f.value, reader.container, reader.pod) for f in call.fields[1:]]
        if any(p.may_be(read.place) or (call.name in _LISTING and p.may_hold(read.place)) for p in places):
            return True
    return bool(process.doubts)


def _starts_before(one: ContainerView, reader: ContainerView, view: PodView) -> bool:
    """Whether a container has run, or runs already, when the reader starts. App containers start together."""
    if one.container.role is Role.APP or reader.container.role is Role.APP:
        return one.container.role is not Role.APP
    return view.containers.index(one) < view.containers.index(reader)
