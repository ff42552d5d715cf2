"""split-subpath: writer and reader mount two directories of one volume and mean one file."""

from __future__ import annotations

from collections.abc import Iterator

from podlint.checks._missed import Missed, Why, missed_reads
from podlint.manifest.model import Mount
from podlint.storage.view import PodView
from podlint.vocabulary import Note, Problem, rule


@rule
def check(pod: PodView) -> Iterator[Problem]:
    """Report reads whose writer has the same volume under another subPath."""
    if len(pod.containers) < 2:
        return
    for missed in missed_reads(pod):
        if missed.why is Why.OTHER_SUBPATH:
            yield _finding(missed, pod)


def _finding(missed: Missed, pod: PodView) -> Problem:
    read, write, reader, writer = missed.read, missed.write, missed.reader.name, missed.writer.name
    mine, theirs = read.place.mount, write.place.mount
    assert mine is not None and theirs is not None
    return Problem(
        certain=missed.certain,
        message=(
            f'"{reader}" reads "{read.path}" and never sees what "{writer}" writes to '
            f'"{write.path}": of volume "{mine.volume}" they mount {_part(mine)} and {_part(theirs)}'
        ),
        at=Note(read.span, f'"{read.place.path}" of the volume'),
        notes=(
            Note(write.span, f'"{writer}" writes "{write.place.path}" of the volume'),
            Note(mine.span, f'"{reader}" mounts {_part(mine)}'),
            Note(theirs.span, f'"{writer}" mounts {_part(theirs)}'),
        ),
        route=(
            Note(write.span, f'"{writer}" writes "{write.path}"'),
            Note(theirs.span, f'to {_part(theirs)} of volume "{theirs.volume}"'),
            Note(mine.span, f"which is not {_part(mine)}"),
            Note(read.span, f'where "{reader}" reads "{read.path}"'),
        ),
        help="give both mounts the same subPath, or none",
        container=missed.reader,
    )


def _part(mount: Mount) -> str:
    return f'subPath "{mount.sub_path}"' if mount.sub_path else "the whole"
