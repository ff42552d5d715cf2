"""subpath-blocks-reload: a configuration is watched for changes, but mounted in a way that never changes."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from podlint.regex import late
from podlint.shell.patterns import literal
from podlint.vocabulary import (
    ContainerView,
    Mount,
    Note,
    Pattern,
    PodView,
    Problem,
    Repeats,
    Span,
    Volume,
    rule,
)

_PATH = late(r"(?:^|[=,:])(/[^\s,=:\"']*)")
_HASHED = late(r"-[bcdfghkmt2456789]{10}$")
"""The end of a name that kustomize gives to content that never changes."""
_RESTARTING = (
    "checksum/",
    "reloader.stakater.com/",
    "configmap.reloader.stakater.com/",
    "secret.reloader.stakater.com/",
)
"""Annotations by which a change of the configuration restarts the pod anyway."""


class _Watch(Struct, frozen=True):
    """A path that a container watches for changes, and where it says so."""

    path: Pattern
    span: Span
    certain: bool


@rule
def check(pod: PodView) -> Iterator[Problem]:
    """Report one problem for each mount by subPath that a watching container counts on."""
    if any(name.startswith(_RESTARTING) for name in pod.spec.annotation_names):
        return
    for watcher in pod.running:
        for watch in _watches(watcher):
            for container, mount in _frozen(watch, watcher, pod):
                volume = pod.volume(mount.volume)
                if volume is not None and not _never_changes(volume, container):
                    yield _problem(mount, volume, container, watch, watcher)


def _watches(container: ContainerView) -> Iterator[_Watch]:
    """What a container watches: a reloader by its arguments, a script by its commands."""
    image = container.image
    if image is not None and image.role == "config-reload":
        for argument in container.spec.argv:
            match = _PATH.search(argument.text.value)
            if match and not argument.unknown:
                yield _Watch(literal(match.group(1).rstrip("/")), argument.text.span(), image.official)
    for call in container.calls:
        compares = call.command.has("compares") and call.repeats is Repeats.FOREVER
        if compares or call.command.has("watches-files"):
            for field in call.fields[1:]:
                if field.value.prefix.startswith("/"):
                    yield _Watch(_without_events(field.value), field.span, call.certain)


def _without_events(path: Pattern) -> Pattern:
    """`inotifyd PROG FILE:EVENTS`."""
    whole = path.literal
    return path if whole is None else literal(whole.partition(":")[0])


def _frozen(watch: _Watch, watcher: ContainerView, pod: PodView) -> Iterator[tuple[ContainerView, Mount]]:
    """The mounts by subPath of what is watched: the watcher's own, or, where that sees the changes, those
    of the others."""
    path = watch.path.literal
    own = [
        mount
        for mount in watcher.spec.mounts
        if _is_frozen(mount, pod)
        and path is not None
        and (mount.path + "/").startswith(path.rstrip("/") + "/")
    ]
    place = watcher.place_of(watch.path)
    if place.mount is not None and _is_frozen(place.mount, pod):
        own.append(place.mount)
    if own:
        yield from ((watcher, mount) for mount in own)
    elif place.volume is not None and place.volume.shows_keys:
        for other in pod.others(watcher):
            for mount in other.mounts_of(place):
                if _is_frozen(mount, pod):
                    yield other, mount


def _is_frozen(mount: Mount, pod: PodView) -> bool:
    """Whether a mount shows what one key held when the container started (kubelet: subPath is resolved
    once)."""
    volume = pod.volume(mount.volume)
    return volume is not None and volume.shows_keys and mount.sub_path != ""


def _never_changes(volume: Volume, container: ContainerView) -> bool:
    named = all(_HASHED.search(source.name) for source in volume.files)
    return (named and bool(volume.files)) or container.files.is_immutable(volume)


def _problem(
    mount: Mount, volume: Volume, container: ContainerView, watch: _Watch, watcher: ContainerView
) -> Problem:
    if container is watcher:
        message = f'"{container.name}" watches "{mount.path}", which never changes'
    else:
        message = f'"{watcher.name}" sees a change, but "{container.name}" keeps the old "{mount.path}"'
    return Problem(
        message,
        Note(mount, "mounted by subPath: never updated"),
        outcome=f"a change of the {volume.kind} does not arrive before the container is restarted",
        notes=(Note(watch.span, f'"{watcher.name}" watches for changes'), Note(volume, f"a {volume.kind}")),
        help=f'mount volume "{volume.name}" as a directory of its own, without subPath',
        container=container,
        certain=watch.certain,
        causes=(mount.span,),
    )
