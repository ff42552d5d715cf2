"""same-path-different-volume: two containers mean one file, and mount two volumes at its path."""

from __future__ import annotations

from collections.abc import Iterator

from podlint.checks._missed import Missed, Why, missed_reads
from podlint.findings import Finding, Label, Severity
from podlint.storage.view import PodView

RULE = "same-path-different-volume"


def check(view: PodView) -> Iterator[Finding]:
    """Report reads below a mount whose writer has another volume mounted at that very path."""
    if len(view.containers) < 2 or view.pod.partial:
        return
    for missed in missed_reads(view):
        if missed.why is Why.OTHER_VOLUME:
            yield _finding(missed, view)


def _finding(missed: Missed, view: PodView) -> Finding:
    read, write, reader, writer = missed.read, missed.write, missed.reader.name, missed.writer.name
    mine, theirs = read.place.mount, write.place.mount
    assert mine is not None and theirs is not None
    path = read.effect.path
    return Finding(
        rule=RULE,
        severity=Severity.ERROR if missed.certain else Severity.WARNING,
        message=(
            f'"{reader}" reads "{path}" from volume "{mine.volume}" and never sees what "{writer}" writes '
            f'there: at "{mine.path}" it has volume "{theirs.volume}"'
        ),
        primary=Label(read.effect.span.region(), f'read from volume "{mine.volume}"'),
        related=(
            Label(write.effect.span.region(), f'"{writer}" writes it to volume "{theirs.volume}"'),
            Label(mine.volume_span.region(), f'"{reader}" mounts this at "{mine.path}"'),
            Label(theirs.volume_span.region(), f'"{writer}" mounts this at "{theirs.path}"'),
        ),
        route=(
            Label(write.effect.span.region(), f'"{writer}" writes "{path}" to volume "{theirs.volume}"'),
            Label(read.effect.span.region(), f'"{reader}" reads "{path}" from volume "{mine.volume}"'),
        ),
        help=f'mount "{theirs.volume}" at "{mine.path}" in "{reader}" too, instead of "{mine.volume}"',
        pod=view.pod.title,
        container=reader,
    )
