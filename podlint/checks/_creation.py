"""Files that are not there yet when their reader starts."""

from __future__ import annotations

from msgspec import Struct

from podlint.checks._calls import call_of, holds
from podlint.manifest.model import Role
from podlint.vocabulary import Action, ContainerView, Place, PlacedEffect, PodView, Repeats

_MAKING = frozenset({Action.APPEND, Action.REPLACE, Action.WRITE, Action.TOUCH, Action.LINK, Action.SYMLINK})


class Maker(Struct, frozen=True):
    """Who creates a file while its reader already runs; `write` is None where only a program that podlint
    does not know can do it."""

    container: ContainerView
    write: PlacedEffect | None


def maker_of(read: PlacedEffect, pod: PodView) -> Maker | None:
    """Who creates, in a volume that starts empty, a file that a read `fails_without`.

    None where the file may be there, where the reader waits for it or tries again, and where nobody is seen
    that could create it.
    """
    reader = read.container
    if _may_wait(read):
        return None
    found: Maker | None = None
    signs = _signs(read)
    for container in pod.containers:
        if container is reader or not container.mounts_of(read.place):
            continue
        write = next((effect for effect in container.effects if _makes(effect, read.place)), None)
        writable = any(not mount.read_only for mount in container.mounts_of(read.place))
        if write is None and (container.understood or not writable):
            continue
        if _starts_before(container, reader, pod) or any(
            _makes(effect, sign) for sign in signs for effect in container.effects
        ):
            return None
        if found is None or (found.write is None and write is not None):
            found = Maker(container, write)
    return found


def fails_without(read: PlacedEffect) -> bool:
    """Whether a main process surely reads a file of the pod's own storage, once, and counts on it."""
    return (
        read.action is Action.READ
        and read.certain
        and not read.failure_handled
        and read.repeats is Repeats.ONCE
        and read.follow != "name"
        and read.process.kind == "main"
        and read.volume is not None
        and read.volume.starts_empty
    )


def _makes(effect: PlacedEffect, place: Place) -> bool:
    """Whether an effect may bring a file about."""
    if effect.action in _MAKING:
        return effect.place.may_hold(place)
    return effect.action is Action.RENAME and effect.target is not None and effect.target.may_hold(place)


def _may_wait(read: PlacedEffect) -> bool:
    """Whether the reader does something about the file before it reads it: looks for it, creates it, or runs
    a program that may."""
    reader, process, order = read.container, read.process, read.order
    before = (effect for effect in reader.effects if effect.process is process and effect.order < order)
    if any(_makes(effect, read.place) for effect in before):
        return True
    own = call_of(read)
    if own is not None and any(field.value.literal == "--retry" for field in own.fields):
        return True
    for call in process.calls:
        if call.order >= order or holds(call, read):
            continue
        if not call.known:
            return True
        places = [reader.place_of(field.value) for field in call.fields[1:]]
        lists = call.command.has("inspects") or call.command.has("watches-files")
        if any(place.may_be(read.place) or (lists and place.may_hold(read.place)) for place in places):
            return True
    return bool(process.doubts)


def _signs(read: PlacedEffect) -> list[Place]:
    """The files that the reader waits for in a loop: where a maker makes one of them, it is a sign that this
    one is done with the file that is read."""
    asking = (
        call
        for call in read.process.calls
        if call.repeats is not Repeats.ONCE
        and call.order < read.order
        and (call.command.has("tests") or call.command.has("inspects"))
    )
    places = (read.container.place_of(field.value) for call in asking for field in call.fields[1:])
    return [place for place in places if place.mount is not None]


def _starts_before(container: ContainerView, reader: ContainerView, pod: PodView) -> bool:
    """Whether a container has run, or runs already, when the reader starts. App containers start together."""
    if container.spec.role is Role.APP or reader.spec.role is Role.APP:
        return container.spec.role is not Role.APP
    return pod.containers.index(container) < pod.containers.index(reader)
