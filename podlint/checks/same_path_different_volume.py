"""same-path-different-volume: two containers mean one file, and mount two volumes at its path."""

from __future__ import annotations

from collections.abc import Iterator

from podlint.checks._missed_reads import MissedRead, Why, missed_reads
from podlint.vocabulary import Note, PodView, Problem, rule


@rule
def check(pod: PodView) -> Iterator[Problem]:
    """Report reads below a mount whose writer has another volume mounted at that very path."""
    yield from map(_problem, missed_reads(pod, Why.OTHER_VOLUME))


def _problem(missed: MissedRead) -> Problem:
    read, write, reader, writer = missed.read, missed.write, missed.reader.name, missed.writer.name
    mine, theirs = read.mount, write.mount
    assert mine is not None and theirs is not None
    path = read.path
    return Problem(
        f'"{reader}" reads "{path}" from another volume than "{writer}" writes it to',
        Note(read, f'read from volume "{mine.volume}"'),
        outcome=f'these are two files: "{reader}" never sees what "{writer}" writes',
        notes=(
            Note(write, f'"{writer}" writes it to volume "{theirs.volume}"'),
            Note(mine.volume_span, f'"{reader}" mounts this at "{mine.path}"'),
            Note(theirs.volume_span, f'"{writer}" mounts this at "{theirs.path}"'),
        ),
        route=(
            Note(write, f'"{writer}" writes "{path}" to volume "{theirs.volume}"'),
            Note(read, f'"{reader}" reads "{path}" from volume "{mine.volume}"'),
        ),
        help=f'mount "{theirs.volume}" at "{mine.path}" in "{reader}" too, instead of "{mine.volume}"',
        container=missed.reader,
        certain=missed.certain,
        causes=(read.cause,),
    )
