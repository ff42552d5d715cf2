"""split-subpath: writer and reader mount two directories of one volume and mean one file."""

from __future__ import annotations

from collections.abc import Iterator

from podlint.checks._missed import Missed, Why, missed_reads
from podlint.findings import Finding, Label, Severity
from podlint.manifest.model import Mount
from podlint.storage.view import PodView

RULE = "split-subpath"


def check(view: PodView) -> Iterator[Finding]:
    """Report reads whose writer has the same volume under another subPath."""
    if len(view.containers) < 2 or view.pod.partial:
        return
    for missed in missed_reads(view):
        if missed.why is Why.OTHER_SUBPATH:
            yield _finding(missed, view)


def _finding(missed: Missed, view: PodView) -> Finding:
    read, write, reader, writer = missed.read, missed.write, missed.reader.name, missed.writer.name
    mine, theirs = read.place.mount, write.place.mount
    assert mine is not None and theirs is not None
    return Finding(
        rule=RULE,
        severity=Severity.ERROR if missed.certain else Severity.WARNING,
        message=(
            f'"{reader}" reads "{read.effect.path}" and never sees what "{writer}" writes to '
            f'"{write.effect.path}": of volume "{mine.volume}" they mount {_part(mine)} and {_part(theirs)}'
        ),
        primary=Label(read.effect.span.region(), f'"{read.place.path}" of the volume'),
        related=(
            Label(write.effect.span.region(), f'"{writer}" writes "{write.place.path}" of the volume'),
            Label(mine.span.region(), f'"{reader}" mounts {_part(mine)}'),
            Label(theirs.span.region(), f'"{writer}" mounts {_part(theirs)}'),
        ),
        route=(
            Label(write.effect.span.region(), f'"{writer}" writes "{write.effect.path}"'),
            Label(theirs.span.region(), f'to {_part(theirs)} of volume "{theirs.volume}"'),
            Label(mine.span.region(), f"which is not {_part(mine)}"),
            Label(read.effect.span.region(), f'where "{reader}" reads "{read.effect.path}"'),
        ),
        help="give both mounts the same subPath, or none",
        pod=view.pod.title,
        container=reader,
    )


def _part(mount: Mount) -> str:
    return f'subPath "{mount.sub_path}"' if mount.sub_path else "the whole"
