"""truncated-under-writer: a log is emptied under a writer that does not append."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from podlint.checks._logrotate import Rotation, rotations
from podlint.checks._rotation import empties, keeps_offset, was_copied
from podlint.vocabulary import Action, ContainerView, Hold, Note, PlacedEffect, PodView, Problem, Span, rule


@rule
def check(pod: PodView) -> Iterator[Problem]:
    """Report writers without O_APPEND whose file somebody empties, once for each writer and file."""
    cuts = [effect for container in pod.running for effect in container.effects.that(empties)]
    rotated = [rotation for rotation in rotations(pod) if "copytruncate" in rotation.section.directives]
    for writer in pod.running:
        for write in writer.effects.that(keeps_offset):
            cut = _cut(write, cuts, rotated)
            if cut is not None:
                yield _problem(write, cut)


class Cut(Struct, frozen=True):
    """Who empties a file, where that is said, and whether a copy is kept."""

    cutter: ContainerView
    span: Span
    copied: bool


def _cut(write: PlacedEffect, cuts: list[PlacedEffect], rotated: list[Rotation]) -> Cut | None:
    """Who empties the file that a writer holds."""
    for cut in cuts:
        # In one container a program may have ended before the script empties its file.
        apart = cut.container is not write.container or write.hold is Hold.HELD
        if apart and cut.place.may_be(write.place) and cut.span != write.span:
            return Cut(cut.container, cut.span, cut.action is not Action.TRUNCATE or was_copied(cut))
    rotation = next((rotation for rotation in rotated if rotation.certainly_takes(write.place)), None)
    return Cut(rotation.rotator, rotation.span, True) if rotation is not None else None


def _problem(write: PlacedEffect, cut: Cut) -> Problem:
    writer, cutter = write.container, cut.cutter
    opened, appending = ("`tee` without `-a`", "`tee -a`") if write.command == "tee" else ("`>`", "`>>`")
    who = "empties it in another loop" if cutter is writer else f'"{cutter.name}" empties it'
    copy = "" if cut.copied else "; and copy the file before it is emptied (rotator-race)"
    return Problem(
        f'"{writer.name}" writes "{write.path}" without O_APPEND, and {who}',
        Note(write, f"{opened} does not append"),
        outcome="the writer goes on at its old offset, so the file begins with NUL bytes up to there",
        notes=(Note(cut.span, f'"{cutter.name}" empties it'),),
        help=f"append to it: {appending}{copy}",
        container=writer,
        causes=(write.cause,),
    )
