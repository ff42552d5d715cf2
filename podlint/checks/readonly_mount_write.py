"""readonly-mount-write: a script writes to a volume that its container mounts read-only."""

from __future__ import annotations

from collections.abc import Iterator

from podlint.checks._refused_changes import refusal, refused_on_mounts
from podlint.vocabulary import Note, Place, PodView, Problem, rule


@rule
def check(pod: PodView) -> Iterator[Problem]:
    """Report writes that are refused, one problem for each container and mount."""
    for container, mount, changes in refused_on_mounts(pod, _is_refused):
        volume = changes[0].place.volume
        if volume is not None and volume.read_only:
            because, why = f'volume "{volume.name}" is read-only', Note(volume, "its source is read-only")
            advice = f'take readOnly from the source of volume "{volume.name}"'
        else:
            because, why = (
                f'volume "{mount.volume}" is mounted read-only',
                Note(mount, "mounted read-only here"),
            )
            advice = f'mount volume "{mount.volume}" without readOnly in "{container.name}"'
        yield refusal(changes, container, because, why, help=f"{advice}, or write somewhere else")


def _is_refused(place: Place) -> bool:
    """Whether a place is on a read-only mount of a volume that could be written elsewhere; one that never can
    is the matter of api-volume-write."""
    mount, volume = place.mount, place.volume
    return mount is not None and mount.read_only and (volume is None or not volume.is_always_read_only)
