"""same-path-different-volume: two containers mean one file, and mount two volumes at its path."""

from __future__ import annotations

from collections.abc import Iterator

from podlint.checks._missed import Missed, Why, missed_reads
from podlint.storage.view import PodView
from podlint.vocabulary import Note, Problem, rule


@rule
def check(pod: PodView) -> Iterator[Problem]:
    """Report reads below a mount whose writer has another volume mounted at that very path."""
    if len(pod.containers) < 2:
        return
    for missed in missed_reads(pod):
        if missed.why is Why.OTHER_VOLUME:
            yield _finding(missed, pod)


def _finding(missed: Missed, pod: PodView) -> Problem:
    read, write, reader, writer = missed.read, missed.write, missed.reader.name, missed.writer.name
    mine, theirs = read.place.mount, write.place.mount
    assert mine is not None and theirs is not None
    path = read.path
    return Problem(
        certain=missed.certain,
        message=(
            f'"{reader}" reads "{path}" from volume "{mine.volume}" and never sees what "{writer}" writes '
            f'there: at "{mine.path}" it has volume "{theirs.volume}"'
        ),
        at=Note(read.span, f'read from volume "{mine.volume}"'),
        notes=(
            Note(write.span, f'"{writer}" writes it to volume "{theirs.volume}"'),
            Note(mine.volume_span, f'"{reader}" mounts this at "{mine.path}"'),
            Note(theirs.volume_span, f'"{writer}" mounts this at "{theirs.path}"'),
        ),
        route=(
            Note(write.span, f'"{writer}" writes "{path}" to volume "{theirs.volume}"'),
            Note(read.span, f'"{reader}" reads "{path}" from volume "{mine.volume}"'),
        ),
        help=f'mount "{theirs.volume}" at "{mine.path}" in "{reader}" too, instead of "{mine.volume}"',
        container=missed.reader,
    )
