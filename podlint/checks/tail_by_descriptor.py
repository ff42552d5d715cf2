"""tail-by-descriptor: a `tail -f` stays with the old file when another one takes its name."""

from __future__ import annotations

from collections.abc import Iterator

from podlint.checks._creation import maker_of
from podlint.checks._rotation import Loss, loss_of, rotators_of
from podlint.storage.places import Kind
from podlint.storage.view import ContainerView, PlacedEffect, PodView
from podlint.vocabulary import Note, Problem, rule


@rule
def check(pod: PodView) -> Iterator[Problem]:
    """Report followers by descriptor, once for each file of a container."""
    follows = [
        (container, p) for container in pod.running for p in container.effects if p.follow == "descriptor"
    ]
    if not follows:
        return
    rotators = rotators_of(pod)
    told: set[tuple[str, str]] = set()
    for container, follow in follows:
        mark = (container.name, str(follow.path))
        if mark not in told:
            told.add(mark)
            loss = loss_of(follow, rotators, pod)
            if loss is not None:
                yield _rotated(follow, container, loss, pod)
            elif (writer := _stranger(follow, container, pod)) is not None:
                yield _perhaps_rotated(follow, container, writer, pod)


def _rotated(follow: PlacedEffect, container: ContainerView, loss: Loss, pod: PodView) -> Problem:
    related = [Note(loss.span, f'"{loss.rotator.name}" {loss.deed} it')]
    if loss.write is not None and loss.writer is not None:
        words = "is told to open it again" if loss.told else "opens it anew for each line"
        related.append(Note(loss.write.span, f'"{loss.writer.name}" {words}'))
    return Problem(
        certain=loss.must,
        message=(
            f'"{container.name}" sees no more of "{follow.path}" once "{loss.rotator.name}" {loss.deed} it: '
            f'"tail -f" stays with the old file'
        ),
        at=Note(follow.span, "followed by its descriptor"),
        notes=tuple(related),
        help=_advice(follow, loss),
        container=container,
    )


def _advice(follow: PlacedEffect, loss: Loss) -> str:
    by_name = f"follow by name: `tail -n+1 -F {follow.path}`"
    if loss.deed == "removes":
        return f"{by_name}; what nobody has read by then is lost all the same (rotator-race)"
    return f"{by_name}, or copy and truncate instead of renaming"


def _stranger(follow: PlacedEffect, container: ContainerView, pod: PodView) -> ContainerView | None:
    """A sibling with a program that podlint does not know, which writes the file and may rotate it itself."""
    if follow.place.kind is not Kind.VOLUME or maker_of(follow, container, pod) is not None:
        return None
    writes = [p for c in pod.containers for p in c.effects if p.action.writes]
    if any(write.place.may_be(follow.place) for write in writes):
        # A script makes the file, and nobody was seen to rotate it.
        return None
    for other in pod.others(container):
        mounts = other.mounts_of(follow.place)
        if not other.understood and mounts and not all(mount.read_only for mount in mounts):
            return other
    return None


def _perhaps_rotated(
    follow: PlacedEffect, container: ContainerView, writer: ContainerView, pod: PodView
) -> Problem:
    path = follow.path
    return Problem(
        minor=True,
        message=(
            f'"{container.name}" follows "{path}" by its descriptor: if "{writer.name}" rotates its log itself, '
            f'"{container.name}" sees nothing more'
        ),
        at=Note(follow.span, "followed by its descriptor"),
        notes=(Note(writer.spec.span, "may rotate the file"),),
        help=f"follow by name: `tail -n+1 -F {path}`",
        container=container,
    )
