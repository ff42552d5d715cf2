"""readonly-mount-write: a script writes to a volume that its container mounts read-only."""

from __future__ import annotations

from collections.abc import Iterator

from podlint.checks._refused import Refusal, also_refused, refusals_by_mount
from podlint.findings import Finding, Label
from podlint.manifest.model import Mount
from podlint.manifest.volumes import READ_ONLY_KINDS
from podlint.storage.places import Place
from podlint.storage.view import ContainerView, PodView

RULE = "readonly-mount-write"


def check(view: PodView) -> Iterator[Finding]:
    """Report writes that are refused, one finding for each container and mount."""
    if view.pod.partial:
        return
    for one in view.containers:
        for mount, told in refusals_by_mount(one, _is_refused).items():
            yield _finding(told, mount, one, view)


def _is_refused(place: Place) -> bool:
    """Whether a place is on a read-only mount of a volume that could be written elsewhere (the kinds that
    never can are api-volume-write's)."""
    return (
        place.mount is not None
        and place.mount.read_only
        and (place.volume is None or place.volume.kind not in READ_ONLY_KINDS)
    )


def _finding(told: list[Refusal], mount: Mount, one: ContainerView, view: PodView) -> Finding:
    first = told[0]
    volume = first.place.volume
    by_source = volume is not None and volume.read_only
    if volume is not None and by_source:
        why = Label(volume.span.region(), "read-only at its source")
        advice = f'take readOnly from the source of volume "{volume.name}", or write somewhere else'
    else:
        why = Label(mount.span.region(), "mounted read-only here")
        advice = (
            f'mount volume "{mount.volume}" without readOnly in "{one.name}" (who only reads can keep it), '
            "or write somewhere else"
        )
    return Finding(
        rule=RULE,
        severity=first.severity,
        message=(
            f'"{one.name}" cannot {first.deed}: volume "{mount.volume}" is '
            + ("read-only" if by_source else f'mounted read-only at "{mount.path}"')
        ),
        primary=Label(first.effect.span.region(), 'fails with "Read-only file system"'),
        related=(why, *also_refused(told)),
        help=advice,
        pod=view.pod.title,
        container=one.name,
    )
