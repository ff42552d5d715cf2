"""truncated-under-writer: a log is emptied under a writer that does not append."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from podlint.checks._logrotate import Rotation, rotations
from podlint.checks._rotation import empties, keeps_offset, was_copied
from podlint.findings import Finding, Label, Severity
from podlint.shell.effects import Action, Hold
from podlint.source.span import Span
from podlint.storage.view import ContainerView, Placed, PodView

RULE = "truncated-under-writer"


def check(view: PodView) -> Iterator[Finding]:
    """Report writers without O_APPEND whose file somebody empties, once for each writer and file."""
    if view.pod.partial:
        return
    cutting = [one for one in rotations(view) if "copytruncate" in one.section.directives]
    for writer in view.concurrent:
        told: set[str] = set()
        for write in writer.effects:
            path = str(write.effect.path)
            found = (
                _cut(write, writer, cutting, view)
                if keeps_offset(write.effect) and path not in told
                else None
            )
            if found is not None:
                told.add(path)
                yield _finding(write, writer, found, view)


class Cut(Struct, frozen=True):
    """Who empties a file, where that is said, and whether a copy is kept."""

    cutter: ContainerView
    span: Span
    copied: bool


def _cut(write: Placed, writer: ContainerView, cutting: list[Rotation], view: PodView) -> Cut | None:
    """Who empties the file that a writer holds."""
    for one in view.concurrent:
        # In one container a program may have ended before the script empties its file.
        if one is writer and write.effect.hold is not Hold.HELD:
            continue
        for cut in one.effects:
            other = cut.effect.span != write.effect.span
            if other and empties(cut.effect) and cut.place.may_be(write.place):
                return Cut(
                    one, cut.effect.span, cut.effect.action is not Action.TRUNCATE or was_copied(cut, one)
                )
    for rotation in cutting:
        if rotation.surely_takes(write.place):
            return Cut(rotation.rotator, rotation.span, True)
    return None


def _finding(write: Placed, writer: ContainerView, cut: Cut, view: PodView) -> Finding:
    tee = write.effect.by == "tee"
    opened = "`tee` without `-a`" if tee else "`>`"
    who = "another loop" if cut.cutter is writer else f'"{cut.cutter.name}"'
    return Finding(
        rule=RULE,
        severity=Severity.WARNING,
        message=(
            f'"{writer.name}" holds "{write.effect.path}" by {opened}, and keeps its offset '
            f"when {who} empties it: NUL bytes fill the file up to there"
        ),
        primary=Label(write.effect.span.region(), "opened without O_APPEND"),
        related=(Label(cut.span.region(), f'"{cut.cutter.name}" empties it'),),
        help=(
            f"append: {'`tee -a`' if tee else '`>>`'}"
            + ("; and copy the file before it is emptied (rotator-race)" if not cut.copied else "")
        ),
        pod=view.pod.title,
        container=writer.name,
    )
