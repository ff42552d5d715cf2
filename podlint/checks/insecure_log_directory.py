"""insecure-log-directory: logrotate skips logs in a directory that everybody may write."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from podlint.checks._logrotate import ROOT, Directories, sections_of, seen_at
from podlint.findings import Finding, Label, Severity
from podlint.images.knowledge import image_of
from podlint.manifest.model import Mount, Volume
from podlint.storage.view import ContainerView, PodView

if TYPE_CHECKING:
    from podlint.configs.logrotate import LogFile

RULE = "insecure-log-directory"


def check(view: PodView) -> Iterator[Finding]:
    """Report sections of logrotate's configuration whose logs stand at the root of an emptyDir."""
    if view.pod.partial:
        return
    for one in view.concurrent:
        directories = Directories(one, view)
        for section in sections_of(one):
            found = directories.open_for(section)
            if found is not None:
                yield _finding(*found, one, view)


def _finding(file: LogFile, mount: Mount, volume: Volume, one: ContainerView, view: PodView) -> Finding:
    return Finding(
        rule=RULE,
        severity=Severity.ERROR if _is_root(one) else Severity.WARNING,
        message=(
            f'"{one.name}" never rotates "{file.pattern}": everybody may write emptyDir "{volume.name}", and '
            f'there logrotate skips all logs of a section without "su"'
        ),
        primary=Label(file.span.region(), "skipped"),
        related=(
            Label(mount.span.region(), f'emptyDir "{volume.name}", mode 0777'),
            Label(seen_at(one).region(), "logrotate runs here"),
        ),
        help="add `su root root` to the section, or let the logs stand in a directory below the mount",
        pod=view.pod.title,
        container=one.name,
    )


def _is_root(one: ContainerView) -> bool:
    """Whether the container certainly runs as root."""
    image = image_of(one.container.image)
    by_image = image is not None and image.is_certain("user") and image.user in ROOT
    return one.container.run_as_user == 0 or (one.container.run_as_user is None and by_image)
