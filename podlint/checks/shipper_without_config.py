"""shipper-without-config: a shipper that runs as its image is configured, and so reads none of the logs."""

from __future__ import annotations

from collections.abc import Iterator

from podlint.checks._volume_sides import SHARED_KINDS
from podlint.regex import late
from podlint.shell.defaults import is_told
from podlint.shell.wildcards import from_glob
from podlint.vocabulary import ContainerView, Image, Mount, Note, PodView, Problem, Volume, rule

_LOG = late(r"\blogs?\b|[a-z]logs\b|docker/containers")
"""Paths at which people mount logs, or from which they mount them."""

_DRIVE = late(r"/?[A-Za-z]:")
"""How a path on Windows begins; what is known of images is known of those for Linux."""


@rule
def check(pod: PodView) -> Iterator[Problem]:
    """Report shippers without a configuration that have logs, or a configuration where it is not looked
    for."""
    for container in pod.running:
        image = container.image
        if image is not None and _is_by_default(container, image):
            logs = next(_unread_logs(container, image, pod), None)
            config = next(_misplaced(container, image, pod), None)
            if logs is not None or config is not None:
                yield _problem(container, image, logs, config, pod)


def _is_by_default(container: ContainerView, image: Image) -> bool:
    """Whether a container certainly runs its image's program with its image's configuration."""
    return (
        image.role == "log-shipper"
        and image.follows is not None
        and image.configured_by is not None
        and image.is_certain("follows")
        and image.is_certain("configured_by")
        and container.spec.command is None
        and not any(_DRIVE.match(mount.path) for mount in container.spec.mounts)
        and not is_told(container.spec, image.configured_by)
    )


def _unread_logs(container: ContainerView, image: Image, pod: PodView) -> Iterator[Mount]:
    """The mounts of logs in which it reads nothing."""
    read = {container.place_of(from_glob(path)).mount for path in image.follows or ()}
    for mount in container.spec.mounts:
        volume = pod.volume(mount.volume)
        if (
            volume is not None
            and volume.kind in SHARED_KINDS
            and mount not in read
            and not _is_own(mount, image)
            and (_LOG.search(f"{mount.path} {volume.source_name}") or _is_written(volume, container, pod))
        ):
            yield mount


def _is_own(mount: Mount, image: Image) -> bool:
    """Whether the program keeps files of its own there."""
    own = (*image.state, *image.logs, *image.files, *image.volumes)
    return any(f"{path}/".startswith(f"{mount.path.rstrip('/')}/") for path in own)


def _is_written(volume: Volume, container: ContainerView, pod: PodView) -> bool:
    """Whether a sibling certainly writes to a volume."""
    return any(
        write.volume is not None and write.volume.identity == volume.identity
        for other in pod.others(container)
        for write in other.effects.writing().certain()
    )


def _misplaced(container: ContainerView, image: Image, pod: PodView) -> Iterator[Mount]:
    """Mounts of a file with the name of its configuration, where it does not look."""
    names = {path.rpartition("/")[2] for path in image.configuration}
    for mount in container.spec.mounts:
        volume = pod.volume(mount.volume)
        if volume is None or not volume.shows_keys:
            continue
        shown = {mount.sub_path.rpartition("/")[2]} if mount.sub_path else container.files.names_in(volume)
        if shown and not names.isdisjoint(shown):
            yield mount


def _problem(
    container: ContainerView, image: Image, logs: Mount | None, config: Mount | None, pod: PodView
) -> Problem:
    name, looked_for = container.name, next(iter(image.configuration), "")
    reads = f'only "{image.follows[0]}"' if image.follows else "no file"
    notes = []
    if logs is not None:
        notes.append(Note(logs, f'"{image.program}" reads nothing here'))
    if config is not None:
        notes.append(Note(config, f'"{image.program}" does not look here'))
    help = f'mount a configuration at "{looked_for}"' if looked_for else "mount a configuration"
    if config is not None:
        help = f'mount it at "{looked_for}", with `subPath`, or name it in `args`'
    return Problem(
        f'"{name}" runs {image.program} with the configuration of its image, which reads {reads}',
        Note(container, "no configuration is mounted where it looks"),
        outcome=f'nothing of what is on volume "{logs.volume}" is shipped'
        if logs is not None
        else "what the mounted configuration says is never done",
        notes=tuple(notes),
        help=help,
        container=container,
        certain=pod.is_built_in and not pod.spec.patched,
        causes=(container,),
    )
