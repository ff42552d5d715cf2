"""replica-collision: all replicas of a workload write one file of a volume that they share."""

from __future__ import annotations

from collections.abc import Hashable, Iterator

from podlint.checks._replicas import Replicas, replicas_of
from podlint.checks._rotation import is_live, keeps_offset
from podlint.storage.index import PlaceIndex
from podlint.vocabulary import Action, ContainerView, Note, PlacedEffect, PodView, Problem, Volume, rule


@rule
def check(pod: PodView) -> Iterator[Problem]:
    """Report logs of one name on a volume of all replicas, once for each container and volume."""
    replicas = replicas_of(pod)
    if replicas is None:
        return
    found: dict[Hashable, list[PlacedEffect]] = {}
    for container in pod.running:
        states = _begun_anew(container)
        for write in container.effects.on():
            if _collides(write) and not (write.action is Action.APPEND and states.any_at(write.place)):
                found.setdefault((id(container), write.place.identity), []).append(write)
    for writes in found.values():
        yield _problem(writes, replicas)


def _collides(write: PlacedEffect) -> bool:
    """Whether each replica writes it all the time, at one path of one storage."""
    volume = write.volume
    return (
        volume is not None
        and _is_shared(volume)
        and write.process.kind == "main"
        and write.place.path.literal is not None
        and is_live(write)
        and (keeps_offset(write) or write.action is Action.APPEND)
    )


def _begun_anew(container: ContainerView) -> PlaceIndex[None]:
    """Files that a container empties again and again, before it appends to them: each is a state, of which
    the last one counts, and no log."""
    found: PlaceIndex[None] = PlaceIndex()
    for effect in container.effects.doing(Action.REPLACE).repeated():
        found.add(effect.place, None)
    return found


def _is_shared(volume: Volume) -> bool:
    """Whether all replicas get the same storage: those of one claim do, and those of one node one host path.
    From a claim template each gets its own."""
    if volume.kind == "persistentVolumeClaim":
        return bool(volume.source_name) and volume.identity[0] != "volumeClaimTemplate"
    return volume.kind == "hostPath"


def _problem(writes: list[PlacedEffect], replicas: Replicas) -> Problem:
    writes.sort(key=lambda write: not keeps_offset(write))
    write, *others = writes
    volume, container = write.volume, write.container
    assert volume is not None
    on_node = volume.kind == "hostPath"
    storage = f'"{volume.source_name}" of the node' if on_node else f'claim "{volume.source_name}"'
    which = "those on one node" if on_node else "all of them"
    outcome = f"{which} append to one file: lines mix, or overwrite one another on a network file system"
    if keeps_offset(write):
        outcome = f"{which} begin at the start of one file, and overwrite one another's lines"
    return Problem(
        f'"{container.name}" writes "{write.path}" in each of {replicas.words}, on {storage}',
        Note(write, "the same file in each replica"),
        outcome=outcome,
        notes=(
            replicas.note,
            Note(volume, "one storage for all replicas"),
            *(Note(other, "and this") for other in others[:_MOST] if other.span != write.span),
        ),
        help="mount it with `subPathExpr: $(POD_NAME)`, or name the file by `$HOSTNAME`",
        container=container,
        # Which of them share a node, the scheduler decides; and lines that mix may be meant.
        certain=write.certain and not on_node,
        minor=not keeps_offset(write),
    )


_MOST = 5
"""Other files that one finding names."""
