"""api-volume-write: a script changes files of a ConfigMap, a Secret or the like, which nobody can."""

from __future__ import annotations

from collections.abc import Iterator

from podlint.checks._refused import Refusal, also_refused, refusals_by_mount
from podlint.manifest.model import READ_ONLY_KINDS, Mount
from podlint.shell.effects import Action
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
    """Whether a place is on a volume of a kind that the kubelet always mounts read-only."""
    return place.volume is not None and place.volume.kind in READ_ONLY_KINDS


def _finding(told: list[Refusal], mount: Mount, container: ContainerView, pod: PodView) -> Problem:
    first = told[0]
    volume = first.place.volume
    assert volume is not None
    return Problem(
        certain=first.certain,
        minor=first.minor,
        message=(
            f'"{container.name}" cannot {first.deed}: volume "{volume.name}" is of kind {volume.kind}, which is '
            "always mounted read-only"
        ),
        at=Note(first.effect.span, 'fails with "Read-only file system"'),
        notes=(
            Note(mount.span, f'volume "{volume.name}" is mounted here'),
            Note(volume.span, f"of kind {volume.kind}: read-only whatever readOnly says"),
            *also_refused(told),
        ),
        help=_advice(first),
        container=container,
    )


def _advice(refusal: Refusal) -> str:
    """What to do instead, by what was tried."""
    volume = refusal.place.volume
    kind = volume.kind if volume is not None else ""
    if refusal.effect.action is Action.CHMOD and kind != "image":
        if refusal.effect.by == "chmod":
            return "set defaultMode in the volume; a script needs 0755, or to be run as sh FILE"
        return "let the pod's fsGroup or the volume's defaultMode give access; nobody can change the owner"
    return "write to an emptyDir instead; an init container can copy there what is to be changed"
