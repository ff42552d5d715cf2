"""api-volume-write: a script changes files of a ConfigMap, a Secret or the like, which nobody can."""

from __future__ import annotations

from collections.abc import Iterator

from podlint.checks._refused_changes import RefusedChange, refusal, refused_on_mounts
from podlint.vocabulary import Action, Note, Place, PodView, Problem, Volume, rule


@rule
def check(pod: PodView) -> Iterator[Problem]:
    """Report changes that are refused, one problem for each container and mount."""
    for container, mount, changes in refused_on_mounts(pod, _is_refused):
        volume = changes[0].place.volume
        assert volume is not None
        yield refusal(
            changes,
            container,
            f'{volume.kind} volume "{volume.name}" is always read-only',
            Note(mount, f'volume "{volume.name}" is mounted here'),
            Note(volume, "read-only, whatever readOnly says"),
            help=_advice(changes[0], volume),
        )


def _is_refused(place: Place) -> bool:
    return place.volume is not None and place.volume.is_always_read_only


def _advice(change: RefusedChange, volume: Volume) -> str:
    """What to do instead, by what was tried."""
    if change.effect.action is not Action.CHMOD or volume.kind == "image":
        return "write to an emptyDir instead; an init container can copy there what is to be changed"
    if change.effect.command == "chmod":
        return "set defaultMode in the volume; a script needs 0755, or to be run as sh FILE"
    return "let the pod's fsGroup or the volume's defaultMode give access; nobody can change the owner"
