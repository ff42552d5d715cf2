"""truncated-under-writer: a log is emptied under a writer that does not append."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from podlint.checks._logrotate import Rotation, rotations
from podlint.checks._rotation import empties, keeps_offset, was_copied
from podlint.shell.effects import Action, Hold
from podlint.source.span import Span
from podlint.storage.view import ContainerView, PlacedEffect, PodView
from podlint.vocabulary import Note, Problem, rule


@rule
def check(pod: PodView) -> Iterator[Problem]:
    """Report writers without O_APPEND whose file somebody empties, once for each writer and file."""
    cutting = [one for one in rotations(pod) if "copytruncate" in one.section.directives]
    for writer in pod.running:
        told: set[str] = set()
        for write in writer.effects:
            path = str(write.path)
            found = _cut(write, writer, cutting, pod) if keeps_offset(write) and path not in told else None
            if found is not None:
                told.add(path)
                yield _finding(write, writer, found, pod)


class Cut(Struct, frozen=True):
    """Who empties a file, where that is said, and whether a copy is kept."""

    cutter: ContainerView
    span: Span
    copied: bool


def _cut(write: PlacedEffect, writer: ContainerView, cutting: list[Rotation], pod: PodView) -> Cut | None:
    """Who empties the file that a writer holds."""
    for container in pod.running:
        # In one container a program may have ended before the script empties its file.
        if container is writer and write.hold is not Hold.HELD:
            continue
        for cut in container.effects:
            other = cut.span != write.span
            if other and empties(cut) and cut.place.may_be(write.place):
                return Cut(
                    container, cut.span, cut.action is not Action.TRUNCATE or was_copied(cut, container)
                )
    for rotation in cutting:
        if rotation.surely_takes(write.place):
            return Cut(rotation.rotator, rotation.span, True)
    return None


def _finding(write: PlacedEffect, writer: ContainerView, cut: Cut, pod: PodView) -> Problem:
    tee = write.by == "tee"
    opened = "`tee` without `-a`" if tee else "`>`"
    who = "another loop" if cut.cutter is writer else f'"{cut.cutter.name}"'
    return Problem(
        message=(
            f'"{writer.name}" holds "{write.path}" by {opened}, and keeps its offset '
            f"when {who} empties it: NUL bytes fill the file up to there"
        ),
        at=Note(write.span, "opened without O_APPEND"),
        notes=(Note(cut.span, f'"{cut.cutter.name}" empties it'),),
        help=(
            f"append: {'`tee -a`' if tee else '`>>`'}"
            + ("; and copy the file before it is emptied (rotator-race)" if not cut.copied else "")
        ),
        container=writer,
    )
