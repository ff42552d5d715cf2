"""insecure-log-directory: logrotate skips logs in a directory that everybody may write."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from podlint.checks._logrotate import Directories, sections_of, seen_at
from podlint.checks._users import is_root
from podlint.vocabulary import ContainerView, Mount, Note, PodView, Problem, Volume, rule

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
                yield _problem(*found, container)


def _problem(file: LogFile, mount: Mount, volume: Volume, container: ContainerView) -> Problem:
    name = container.name
    return Problem(
        f'logrotate in "{name}" skips "{file.pattern}": everybody may write emptyDir "{volume.name}"',
        Note(file, 'in a section without "su"'),
        outcome="no log of this section is ever rotated, and the volume fills up",
        notes=(
            Note(mount, f'emptyDir "{volume.name}", mode 0777'),
            Note(seen_at(container), "logrotate runs here"),
        ),
        help="add `su root root` to the section, or put the logs into a directory below the mount",
        container=container,
        certain=is_root(container),
    )
