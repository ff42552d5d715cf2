"""insecure-log-directory: logrotate skips logs in a directory that everybody may write."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from podlint.checks._logrotate import ROOT, Directories, sections_of, seen_at
from podlint.manifest.model import Mount, Volume
from podlint.storage.view import ContainerView, PodView
from podlint.vocabulary import Note, Problem, rule

if TYPE_CHECKING:
    from podlint.configs.logrotate import LogFile


@rule
def check(pod: PodView) -> Iterator[Problem]:
    """Report sections of logrotate's configuration whose logs stand at the root of an emptyDir."""
    for container in pod.running:
        directories = Directories(container, pod)
        for section in sections_of(container):
            found = directories.open_for(section)
            if found is not None:
                yield _finding(*found, container, pod)


def _finding(file: LogFile, mount: Mount, volume: Volume, container: ContainerView, pod: PodView) -> Problem:
    return Problem(
        certain=_is_root(container),
        message=(
            f'"{container.name}" never rotates "{file.pattern}": everybody may write emptyDir "{volume.name}", and '
            f'there logrotate skips all logs of a section without "su"'
        ),
        at=Note(file.span, "skipped"),
        notes=(
            Note(mount.span, f'emptyDir "{volume.name}", mode 0777'),
            Note(seen_at(container), "logrotate runs here"),
        ),
        help="add `su root root` to the section, or let the logs stand in a directory below the mount",
        container=container,
    )


def _is_root(container: ContainerView) -> bool:
    """Whether the container certainly runs as root."""
    image = container.image
    by_image = image is not None and image.is_certain("user") and image.user in ROOT
    return container.spec.run_as_user == 0 or (container.spec.run_as_user is None and by_image)
