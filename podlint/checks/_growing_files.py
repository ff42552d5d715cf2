"""Files that grow as long as their pod runs, and what keeps a file from growing."""

from __future__ import annotations

from collections.abc import Iterator

from podlint.shell.effects import Action, Hold, Output, Repeats
from podlint.storage.index import PlaceIndex
from podlint.storage.places import Kind, Place
from podlint.storage.view import ContainerView, PlacedEffect, PodView

_PERIODIC = frozenset({"livenessProbe", "readinessProbe"})
_TAKING = frozenset({Action.RENAME, Action.DELETE, Action.TRUNCATE})
_ROTATORS = frozenset(
    {"logrotate", "savelog", "rotatelogs", "cronolog", "multilog", "svlogd", "crond", "cron", "supercronic"}
)
_SILENT = frozenset({"exec", "exit", "set", "true", ":", "sleep", "test", "[", "cd", "export"})
_PIPES = frozenset({"mkfifo", "mknod"})


def growing(container: ContainerView, bounds: Bounds) -> Iterator[PlacedEffect]:
    """The writes of a container that add to a file again and again, and that nobody bounds."""
    image = container.image
    for placed in container.effects:
        stored = placed.place.kind in (Kind.VOLUME, Kind.PRIVATE)
        if stored and image is not None and placed.place.kind is Kind.PRIVATE:
            stored = not image.links_to_output(str(placed.place.path))
        if stored and _adds(placed, container) and not bounds.hold(placed.place):
            yield placed


def is_of_image(placed: PlacedEffect, container: ContainerView) -> bool:
    """Whether the image, and no script, says that this file is written."""
    return placed.text.value == container.spec.image


def is_dated(placed: PlacedEffect, container: ContainerView) -> bool:
    """Whether the image begins this log anew each day, so that their number grows, and no single file."""
    image = container.image
    return is_of_image(placed, container) and image is not None and image.dated


def is_periodic(placed: PlacedEffect) -> bool:
    """Whether a probe does it, each time it runs."""
    return placed.process.kind in _PERIODIC


def _adds(placed: PlacedEffect, container: ContainerView) -> bool:
    effect = placed
    if is_of_image(placed, container):
        # Elsewhere than on a volume, an image's logs are mostly links to its standard output.
        return placed.place.kind is Kind.VOLUME and not (
            is_dated(placed, container) and _is_configured(container)
        )
    if not effect.action.writes or placed.process.kind not in (*_PERIODIC, "main"):
        return False
    if is_periodic(placed):
        return effect.action is Action.APPEND and _prints(placed)
    if effect.hold is Hold.UNKNOWN and effect.repeats is Repeats.ONCE:
        return _is_output_of_the_last(placed) and container.pod_spec.restart_policy == "Always"
    if effect.hold is Hold.HELD:
        # A path that is only handed to a program is no evidence that the program writes it.
        return effect.repeats is Repeats.FOREVER or ">" in effect.by or effect.by == "tee"
    return effect.action is Action.APPEND and effect.repeats is Repeats.FOREVER


def _is_configured(container: ContainerView) -> bool:
    """Whether another configuration than the image's own may say how long logs are kept."""
    image = container.image
    return image is not None and any(
        (file + "/").startswith(mount.path.rstrip("/") + "/")
        for file in image.configuration
        for mount in container.spec.mounts
    )


def _prints(placed: PlacedEffect) -> bool:
    """Whether anything is printed into what `exec >>` has opened."""
    effect = placed
    return not effect.by.startswith("exec") or any(
        call.output is Output.FILE and call.into == effect.path and call.name not in _SILENT
        for call in placed.process.calls
    )


def _is_output_of_the_last(placed: PlacedEffect) -> bool:
    """Whether the output of the program that the container ends with goes there: probably a server."""
    effect, calls = placed, placed.process.calls
    if not effect.certain or not calls:
        return False
    last = max(calls, key=lambda call: call.order)
    if effect.by == "tee":
        return last.name == "tee"
    return ">" in effect.by and last.output is Output.FILE and last.into == effect.path


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
            for placed in container.effects:
                if placed.by in _PIPES:
                    self._replaced.add(placed.place, None)
                if container.is_running and (placed.repeats is not Repeats.ONCE or is_periodic(placed)):
                    self._enter(placed)

    def _enter(self, placed: PlacedEffect) -> None:
        effect = placed
        if effect.action in _TAKING:
            self._anything = self._anything or placed.place.kind is Kind.UNKNOWN
            self._taken.add(placed.place, None)
            if placed.target is not None:
                self._replaced.add(placed.target, None)
        elif effect.action is Action.REPLACE and effect.hold is not Hold.HELD:
            self._replaced.add(placed.place, None)

    def hold(self, place: Place) -> bool:
        """Whether anything bounds the file at a place."""
        return (
            self._anything
            or self._taken.any_holding(place)
            or self._replaced.any_at(place)
            or any(one.mounts_of(place) or _owns(one, place) for one in self._rotators)
        )


def _is_rotator(container: ContainerView) -> bool:
    image = container.image
    return (
        (image is not None and image.role == "rotator")
        or "logrotate" in container.spec.image
        or any(call.name in _ROTATORS for call in container.calls)
    )


def _owns(container: ContainerView, place: Place) -> bool:
    return place.kind is Kind.PRIVATE and place.identity[1] == str(container.spec.span.start)
