"""log-goes-to-stdout: a container follows a log that its image links to its own standard output."""

from __future__ import annotations

from collections.abc import Iterator

from podlint.checks._calls import call_of
from podlint.vocabulary import (
    Action,
    Claim,
    ContainerView,
    Note,
    Output,
    PlacedEffect,
    PodView,
    Problem,
    rule,
)

_REPLACING = frozenset({Action.DELETE, Action.RENAME, Action.SYMLINK, Action.LINK})


@rule
def check(pod: PodView) -> Iterator[Problem]:
    """Report followers of links to the output that they print to. A terminal is another thing."""
    for container in pod.running:
        if not container.spec.interactive:
            for read in container.effects.reading().certain().private():
                if read.follow and _is_own_output(read, container):
                    yield _problem(read, container)


def _is_own_output(read: PlacedEffect, container: ContainerView) -> bool:
    """Whether a follower in the main process opens what it prints to itself, by a link of the image."""
    image, path = container.image, read.path.literal
    if image is None or path is None or not (image.is_certain("logs") and image.links_to_output(path)):
        return False
    call = call_of(read)
    if read.process.kind != "main" or call is None or call.output is not Output.CONTAINER:
        return False
    return not any(
        effect.action in _REPLACING and effect.place.may_hold(read.place) for effect in container.effects
    )


def _problem(read: PlacedEffect, container: ContainerView) -> Problem:
    name, path = container.name, read.path
    return Problem(
        f'"{name}" follows "{path}", which is a link to its own output',
        Note(read, "the image links this log to the output of the container"),
        outcome=f"`{read.command}` takes lines out of the log before anybody sees them, about half of all",
        help="leave it out: the log is on standard output already; let the server stay in the foreground",
        container=container,
        causes=(read.cause,),
        yields_to=(Claim("wrong-side-path", read.cause),),
    )
