"""Files that are not there yet when their reader starts."""

from __future__ import annotations

from msgspec import Struct

from podlint.checks._calls import call_of, holds
from podlint.manifest.model import Role
from podlint.shell.effects import Action, Repeats
from podlint.storage.places import Kind, Place, place_of
from podlint.storage.view import ContainerView, PlacedEffect, PodView

_MAKING = frozenset({Action.APPEND, Action.REPLACE, Action.WRITE, Action.TOUCH, Action.LINK, Action.SYMLINK})
_POD_OWN = ("emptyDir", "ephemeral")
_LISTING = frozenset({"ls", "find", "inotifywait", "inotifywatch", "stat", "test", "["})


class Maker(Struct, frozen=True):
    """Who creates a file while its reader already runs; `write` is None where only a program that podlint
    does not know can do it."""

    container: ContainerView
    write: PlacedEffect | None


def maker_of(read: PlacedEffect, reader: ContainerView, pod: PodView) -> Maker | None:
    """Who creates, in a volume that starts empty, a file that a reader needs at its start.

    None where the file may be there, where the reader waits for it or tries again, and where nobody is seen
    that could create it.
    """
    if not fails_without(read) or _may_wait(read, reader):
        return None
    found: Maker | None = None
    for container in pod.containers:
        if container is reader or not container.mounts_of(read.place):
            continue
        write = next((p for p in container.effects if _makes(p, read.place)), None)
        if write is None and (
            container.understood or all(m.read_only for m in container.mounts_of(read.place))
        ):
            continue
        if _starts_before(container, reader, pod):
            return None
        if found is None or (found.write is None and write is not None):
            found = Maker(container, write)
    return found


def fails_without(read: PlacedEffect) -> bool:
    """Whether a main process surely reads a file of the pod's own storage, once, and counts on it."""
    effect, volume = read, read.place.volume
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


def _makes(placed: PlacedEffect, place: Place) -> bool:
    """Whether an effect may bring a file about."""
    if placed.action in _MAKING:
        return placed.place.may_hold(place)
    return placed.action is Action.RENAME and placed.target is not None and placed.target.may_hold(place)


def _may_wait(read: PlacedEffect, reader: ContainerView) -> bool:
    """Whether the reader does something about the file before it reads it: looks for it, creates it, or runs
    a program that may."""
    process, order = read.process, read.order
    if any(p.process is process and p.order < order and _makes(p, read.place) for p in reader.effects):
        return True
    own = call_of(read)
    if own is not None and any(field.value.literal == "--retry" for field in own.fields):
        return True
    for call in process.calls:
        if call.order >= order or holds(call, read):
            continue
        if not call.known:
            return True
        places = [place_of(f.value, reader.spec, reader.pod_spec) for f in call.fields[1:]]
        if any(p.may_be(read.place) or (call.name in _LISTING and p.may_hold(read.place)) for p in places):
            return True
    return bool(process.doubts)


def _starts_before(container: ContainerView, reader: ContainerView, pod: PodView) -> bool:
    """Whether a container has run, or runs already, when the reader starts. App containers start together."""
    if container.spec.role is Role.APP or reader.spec.role is Role.APP:
        return container.spec.role is not Role.APP
    return pod.containers.index(container) < pod.containers.index(reader)
