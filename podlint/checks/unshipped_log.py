"""unshipped-log: a volume over the links to standard output of an image, with logs that nobody reads."""

from __future__ import annotations

from collections.abc import Iterator

from podlint.checks._readers import Readers
from podlint.regex import late
from podlint.vocabulary import ContainerView, Mount, Note, PlacedEffect, PodView, Problem, rule

_CONFIGURATION = late(r"^/etc(?:/|$)|/etc/|conf|templates")
"""Paths of mounts that may tell a program to log elsewhere than its image does."""


@rule
def check(pod: PodView) -> Iterator[Problem]:
    """Report the logs of images that a volume has turned into files for nobody."""
    if pod.shares_processes:
        return
    for container in pod.running:
        logs = list(_hidden(container))
        if logs and logs[0].mount is not None and not any(_is_read(logs, container, pod)):
            yield _problem(container, logs[0].mount, pod)


def _is_read(logs: list[PlacedEffect], container: ContainerView, pod: PodView) -> Iterator[bool]:
    """Whether somebody may read some of the logs. Who reads one of them has seen that they are files."""
    readers = Readers(pod, without=container)
    for log in logs:
        path = str(log.path)
        yield readers.may_see(log.place) or pod.mentions(path) or pod.collects(path)


def _hidden(container: ContainerView) -> Iterator[PlacedEffect]:
    """The logs that the image of a container links to its output, where they are on a volume of the pod's
    own."""
    image, spec = container.image, container.spec
    if image is None or not (image.linked and image.is_certain("logs") and image.is_certain("program")):
        return
    if spec.argv or any(_CONFIGURATION.search(mount.path) for mount in spec.mounts):
        return
    for log in container.effects.writing():
        if log.is_image_default and log.volume is not None and log.volume.starts_empty:
            yield log


def _problem(container: ContainerView, mount: Mount, pod: PodView) -> Problem:
    name, volume = container.name, mount.volume
    declared = pod.volume(volume)
    beside = [other for other in pod.others(container) if _mounts(other, volume)]
    return Problem(
        f'"{name}" logs to files on volume "{volume}", which nobody reads',
        Note(mount, "over the links of the image to standard output"),
        outcome="`kubectl logs` shows none of these lines, and they are deleted with the pod",
        notes=(
            *((Note(declared, "only in this pod"),) if declared is not None else ()),
            *(Note(other, f'"{other.name}" mounts it, but never reads them') for other in beside[:3]),
        ),
        help="leave the volume out, as the image logs to standard output, or read the files in a sidecar",
        container=container,
        certain=pod.is_built_in and not pod.spec.patched,
        # Somebody may look at them through a sibling that mounts the volume.
        minor=bool(beside),
        causes=((container, mount.path),),
    )


def _mounts(container: ContainerView, volume: str) -> bool:
    return any(mount.volume == volume for mount in container.spec.mounts)
