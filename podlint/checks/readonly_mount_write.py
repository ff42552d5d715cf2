"""readonly-mount-write: a script writes to a volume that its container mounts read-only."""

from __future__ import annotations

from collections.abc import Iterator

from podlint.checks._refused import Refusal, also_refused, refusals_by_mount
from podlint.manifest.model import READ_ONLY_KINDS, Mount
from podlint.storage.places import Place
from podlint.storage.view import ContainerView, PodView
from podlint.vocabulary import Note, Problem, rule


@rule
def check(pod: PodView) -> Iterator[Problem]:
    """Report writes that are refused, one finding for each container and mount."""
    for container in pod.containers:
        for mount, told in refusals_by_mount(container, _is_refused).items():
            yield _finding(told, mount, container, pod)


def _is_refused(place: Place) -> bool:
    """Whether a place is on a read-only mount of a volume that could be written elsewhere (the kinds that
    never can are api-volume-write's)."""
    return (
        place.mount is not None
        and place.mount.read_only
        and (place.volume is None or place.volume.kind not in READ_ONLY_KINDS)
    )


def _finding(told: list[Refusal], mount: Mount, container: ContainerView, pod: PodView) -> Problem:
    first = told[0]
    volume = first.place.volume
    by_source = volume is not None and volume.read_only
    if volume is not None and by_source:
        why = Note(volume.span, "read-only at its source")
        advice = f'take readOnly from the source of volume "{volume.name}", or write somewhere else'
    else:
        why = Note(mount.span, "mounted read-only here")
        advice = (
            f'mount volume "{mount.volume}" without readOnly in "{container.name}" (who only reads can keep it), '
            "or write somewhere else"
        )
    return Problem(
        certain=first.certain,
        minor=first.minor,
        message=(
            f'"{container.name}" cannot {first.deed}: volume "{mount.volume}" is '
            + ("read-only" if by_source else f'mounted read-only at "{mount.path}"')
        ),
        at=Note(first.effect.span, 'fails with "Read-only file system"'),
        notes=(why, *also_refused(told)),
        help=advice,
        container=container,
    )
