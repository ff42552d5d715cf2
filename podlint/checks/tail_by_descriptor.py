"""tail-by-descriptor: a `tail -f` stays with the old file when another one takes its name."""

from __future__ import annotations

from collections.abc import Iterator

from podlint.checks._file_mounts import frozen
from podlint.checks._rotation import Loss, followers, loss_of, rotators_of
from podlint.vocabulary import (
    Claim,
    ContainerView,
    Kind,
    Note,
    PlacedEffect,
    PodView,
    Problem,
    cause_at,
    rule,
)

_OUTCOME = 'after that "tail -f" stays with the old file, and prints nothing that is written later'


@rule
def check(pod: PodView) -> Iterator[Problem]:
    """Report followers by descriptor, once for each file of a container."""
    follows = followers(pod)
    if not follows:
        return
    rotators = rotators_of(pod)
    for follow in follows:
        loss = loss_of(follow, rotators, pod)
        if loss is not None:
            yield _rotated(follow, loss)
        elif (writer := _unknown_writer(follow, pod)) is not None:
            yield _perhaps_rotated(follow, writer)


def _rotated(follow: PlacedEffect, loss: Loss) -> Problem:
    notes = [Note(loss.span, f'"{loss.rotator.name}" {loss.operation} it')]
    if loss.write is not None:
        opens = "is asked to open it again" if loss.reopens else "opens it again for each line"
        notes.append(Note(loss.write, f'"{loss.write.container.name}" {opens}'))
    by_name = f"follow by name: `tail -n+1 -F {follow.path}`"
    return Problem(
        f'{_following(follow)}, and "{loss.rotator.name}" {loss.operation} it',
        Note(follow, "followed by its descriptor"),
        outcome=_OUTCOME,
        notes=tuple(notes),
        help=f"{by_name}; lines that nobody has read by then are lost in any case (rotator-race)"
        if loss.operation == "removes"
        else f"{by_name}, or copy and truncate instead of renaming",
        container=follow.container,
        certain=loss.certain,
        yields_to=frozen(follow),
    )


def _following(follow: PlacedEffect) -> str:
    return f'"{follow.container.name}" follows "{follow.path}" with "tail -f"'


def _unknown_writer(follow: PlacedEffect, pod: PodView) -> ContainerView | None:
    """A sibling with a program that podlint does not know, which writes the file and may rotate it itself."""
    if follow.place.kind is not Kind.VOLUME or pod.effects.writing().meeting(follow.place):
        # A script makes the file, and nobody was seen to rotate it.
        return None
    for other in pod.others(follow.container):
        mounts = other.mounts_of(follow.place)
        if not other.understood and mounts and not all(mount.read_only for mount in mounts):
            return other
    return None


def _perhaps_rotated(follow: PlacedEffect, writer: ContainerView) -> Problem:
    return Problem(
        f'{_following(follow)}, and "{writer.name}" may rotate it',
        Note(follow, "followed by its descriptor"),
        outcome=_OUTCOME,
        notes=(Note(writer, "may rotate the file"),),
        help=f"follow by name: `tail -n+1 -F {follow.path}`",
        container=follow.container,
        minor=True,
        # That it may not be there yet is a mistake of the same `-f`, with the same remedy.
        yields_to=(Claim("read-before-created", cause_at(follow.container, follow)), *frozen(follow)),
    )
