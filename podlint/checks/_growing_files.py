"""Files that grow as long as their pod runs, and what keeps a file from growing."""

from __future__ import annotations

from collections.abc import Iterator

from podlint.storage.index import PlaceIndex
from podlint.vocabulary import (
    Action,
    ContainerView,
    Hold,
    Kind,
    Output,
    Place,
    PlacedEffect,
    PodView,
    Repeats,
)

_PERIODIC = frozenset({"livenessProbe", "readinessProbe"})
_TAKING = frozenset({Action.RENAME, Action.DELETE, Action.TRUNCATE})


def growing(container: ContainerView, bounds: Bounds) -> Iterator[PlacedEffect]:
    """The writes of a container that add to a file again and again, and that nobody bounds."""
    for write in container.effects:
        if _is_stored(write) and _adds(write) and not bounds.hold(write.place):
            yield write


def is_of_image(write: PlacedEffect) -> bool:
    """Whether the image, and no script, says that this file is written."""
    return write.is_image_default


def is_dated(write: PlacedEffect) -> bool:
    """Whether the image begins this log anew each day, so that their number grows, and no single file."""
    image = write.container.image
    return is_of_image(write) and image is not None and image.dated


def is_periodic(effect: PlacedEffect) -> bool:
    """Whether a probe does it, each time it runs."""
    return effect.process.kind in _PERIODIC


def _is_stored(write: PlacedEffect) -> bool:
    """Whether it is kept anywhere; an image may have a link to its standard output there."""
    image, place = write.container.image, write.place
    if place.kind is Kind.PRIVATE:
        return image is None or not image.links_to_output(str(place.path))
    return place.kind is Kind.VOLUME


def _adds(write: PlacedEffect) -> bool:
    container = write.container
    if is_of_image(write):
        # Elsewhere than on a volume, an image's logs are mostly links to its standard output.
        return write.place.kind is Kind.VOLUME and not (is_dated(write) and _is_configured(container))
    if not write.action.writes or write.process.kind not in (*_PERIODIC, "main"):
        return False
    if is_periodic(write):
        return write.action is Action.APPEND and _prints(write)
    if write.hold is Hold.UNKNOWN and write.repeats is Repeats.ONCE:
        return _is_output_of_the_last(write) and container.pod_spec.restart_policy == "Always"
    if write.hold is Hold.HELD:
        # A path that is only handed to a program is no evidence that the program writes it.
        return write.repeats is Repeats.FOREVER or write.is_redirection or write.command == "tee"
    return write.action is Action.APPEND and write.repeats is Repeats.FOREVER


def _is_configured(container: ContainerView) -> bool:
    """Whether another configuration than the image's own may say how long logs are kept."""
    image = container.image
    return image is not None and any(
        (file + "/").startswith(mount.path.rstrip("/") + "/")
        for file in image.configuration
        for mount in container.spec.mounts
    )


def _prints(write: PlacedEffect) -> bool:
    """Whether anything is printed into what `exec >>` has opened."""
    return not write.is_held_by_shell or any(
        call.output is Output.FILE and call.into == write.path and not call.command.has("silent")
        for call in write.process.calls
    )


def _is_output_of_the_last(write: PlacedEffect) -> bool:
    """Whether the output of the program that the container ends with goes there: probably a server."""
    calls = write.process.calls
    if not write.certain or not calls:
        return False
    last = max(calls, key=lambda call: call.order)
    if write.command == "tee":
        return last.name == "tee"
    return write.is_redirection and last.output is Output.FILE and last.into == write.path


class Bounds:
    """What keeps the files of a pod short: whoever may cut, rename, remove or replace them now and then.

    Named pipes hold nothing at all.
    """

    def __init__(self, pod: PodView) -> None:
        self._rotators = [container for container in pod.running if _is_rotator(container)]
        self._anything = False
        self._taken: PlaceIndex[None] = PlaceIndex()
        self._replaced: PlaceIndex[None] = PlaceIndex()
        for container in pod.containers:
            for effect in container.effects:
                if pod.knowledge.command(effect.command).has("makes-pipes"):
                    self._replaced.add(effect.place, None)
                if container.is_running and (effect.repeats is not Repeats.ONCE or is_periodic(effect)):
                    self._enter(effect)

    def _enter(self, effect: PlacedEffect) -> None:
        if effect.action in _TAKING:
            self._anything = self._anything or effect.place.kind is Kind.UNKNOWN
            self._taken.add(effect.place, None)
            if effect.target is not None:
                self._replaced.add(effect.target, None)
        elif effect.action is Action.REPLACE and effect.hold is not Hold.HELD:
            self._replaced.add(effect.place, None)

    def hold(self, place: Place) -> bool:
        """Whether anything bounds the file at a place."""
        return (
            self._anything
            or self._taken.any_holding(place)
            or self._replaced.any_at(place)
            or any(rotator.mounts_of(place) or _owns(rotator, place) for rotator in self._rotators)
        )


def _is_rotator(container: ContainerView) -> bool:
    image = container.image
    return (
        (image is not None and image.role == "rotator")
        or "logrotate" in container.spec.image
        or any(call.command.has("rotates") or call.command.has("schedules") for call in container.calls)
    )


def _owns(container: ContainerView, place: Place) -> bool:
    return place.kind is Kind.PRIVATE and place.identity[1] == str(container.spec.span.start)
