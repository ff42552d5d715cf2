"""split-subpath: writer and reader mount two directories of one volume and mean one file."""

from __future__ import annotations

from collections.abc import Iterator

from podlint.checks._missed_reads import MissedRead, Why, missed_reads
from podlint.manifest.model import Mount
from podlint.vocabulary import Note, PodView, Problem, rule


@rule
def check(pod: PodView) -> Iterator[Problem]:
    """Report reads whose writer has the same volume under another subPath."""
    yield from map(_problem, missed_reads(pod, Why.OTHER_SUBPATH))


def _problem(missed: MissedRead) -> Problem:
    read, write, reader, writer = missed.read, missed.write, missed.reader.name, missed.writer.name
    mine, theirs = read.mount, write.mount
    assert mine is not None and theirs is not None
    return Problem(
        f'"{reader}" reads "{read.path}" from another directory of volume "{mine.volume}" '
        f'than "{writer}" writes to',
        Note(read, f'"{read.place.path}" of the volume'),
        outcome=f'"{reader}" never sees what "{writer}" writes to "{write.path}"',
        notes=(
            Note(write, f'"{writer}" writes "{write.place.path}" of the volume'),
            Note(mine, f'"{reader}" mounts {_part(mine)}'),
            Note(theirs, f'"{writer}" mounts {_part(theirs)}'),
        ),
        route=(
            Note(write, f'"{writer}" writes "{write.path}"'),
            Note(theirs, f'on volume "{theirs.volume}", of which it mounts {_part(theirs)}'),
            Note(mine, f'of which "{reader}" mounts {_part(mine)}'),
            Note(read, f'where "{reader}" reads "{read.path}"'),
        ),
        help="give both mounts the same subPath, or none",
        container=missed.reader,
        certain=missed.certain,
        causes=(read.cause,),
    )


def _part(mount: Mount) -> str:
    return f'subPath "{mount.sub_path}"' if mount.sub_path else "the whole volume"
