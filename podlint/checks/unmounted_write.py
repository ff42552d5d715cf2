"""unmounted-write: a helper keeps writing a file that is on no volume and that nobody can read."""

from __future__ import annotations

from collections.abc import Iterator

from podlint.checks._consumption import SCRATCH, Consumption
from podlint.shell.patterns import split_last
from podlint.vocabulary import (
    Claim,
    Hold,
    Note,
    PlacedEffect,
    PodView,
    Problem,
    Repeats,
    cause_at,
    rule,
)


@rule
def check(pod: PodView) -> Iterator[Problem]:
    """Report what helpers write for nobody. In a pod of one container there is nobody to share with."""
    if pod.spec.share_process_namespace:
        return
    for container in pod.running:
        consumption = Consumption(container)
        for write in container.effects.writing().private():
            path = str(write.path)
            outside = pod.collects(path) or pod.mentions(path)
            if _keeps_writing(write, pod) and not (
                outside or SCRATCH.search(path) or consumption.may_use(write)
            ):
                yield _problem(write, pod)


def _keeps_writing(write: PlacedEffect, pod: PodView) -> bool:
    """Whether this is output for others: more and more of it, or one descriptor that a program keeps."""
    if write.command == "sed" or write.hold is Hold.BRIEF:
        return False
    if write.hold is Hold.UNKNOWN:
        # A program of unknown length, and the file is where its output goes.
        ends = pod.knowledge.command(write.program).has("installs")
        return write.certain and write.is_redirection and not ends
    return write.repeats is Repeats.FOREVER or write.hold is Hold.HELD


def _problem(write: PlacedEffect, pod: PodView) -> Problem:
    container = write.container
    directory = split_last(write.path)[0].literal
    where = "outside of its mounts" if container.spec.mounts else f'"{container.name}" mounts no volume'
    # No volume can stand for the root directory.
    share = (
        f'mount a volume at "{directory}", here and in the reader'
        if directory not in (None, "/")
        else "write to a volume that the reader mounts too"
    )
    return Problem(
        f'"{container.name}" keeps writing "{write.path}", which is on no volume',
        Note(write, where),
        outcome="no other container can read the file, and it is lost when the container restarts",
        notes=tuple(Note(other, f'"{other.name}" cannot see it') for other in pod.others(container)[:3]),
        help=f"{share}, or write to standard output",
        container=container,
        # `cp -r a b` may write to `b` and to `b/*`: one word, one mistake.
        causes=(write.cause, cause_at(container, write)),
        yields_to=(
            Claim("wrong-side-path", write.cause),
            Claim("unmounted-shipper-source", write.cause),
        ),
    )
