"""Logs that logrotate renames, by its configuration, under a writer that keeps them open."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from podlint.checks._logrotate import Rotation, seen_at
from podlint.checks._rotation import MAX_TAKEN, followers, is_live, may_reopen, renaming
from podlint.checks._undelivered import UndeliveredSignal, undelivered_signals
from podlint.vocabulary import Claim, ContainerView, Hold, Note, Place, PlacedEffect, PodView, Problem

if TYPE_CHECKING:
    from podlint.configs.logrotate import Section

_HOLDS = {
    Hold.HELD: "keeps it open",
    Hold.REOPENED: "opens it again for each line",
    Hold.BRIEF: "writes it",
    Hold.UNKNOWN: "may keep it open",
}


def certainly_writes(write: PlacedEffect) -> bool:
    """Whether the file is certainly written: by a script, or by a known image as it was configured."""
    spec = write.container.spec
    by_image = write.hold is Hold.HELD and write.is_image_default
    return write.certain or (by_image and not any(mount.path.startswith("/etc") for mount in spec.mounts))


def how_written(write: PlacedEffect) -> str:
    """How a writer holds its file, for a label."""
    return f'"{write.container.name}" {_HOLDS[write.hold]}'


def kept_open(write: PlacedEffect) -> str:
    """The beginning of what comes of a rename or removal, for an outcome."""
    holds = f'"{write.container.name}" keeps the file open'
    return f"{holds}: " if write.hold is Hold.HELD else f"if {holds}, "


def followers_of(taken: Place, pod: PodView) -> Iterator[Note]:
    """Who follows the file by its descriptor (`tail -f`): the next mistake, once this one is fixed."""
    for follow in followers(pod).meeting(taken):
        yield Note(follow, f'"{follow.container.name}" follows the old file', "tail-by-descriptor")


def renamed_by_logrotate(pod: PodView) -> Iterator[Problem]:
    """The writers that keep open what logrotate renames: one problem for each section and writer."""
    sections: dict[int, list[Rotation]] = {}
    signals: dict[ContainerView, list[UndeliveredSignal]] = {}
    for rotation in renaming(pod):
        sections.setdefault(id(rotation.section), []).append(rotation)
    for files in sections.values():
        rotator = files[0].rotator
        if may_reopen(files[0], pod):
            continue
        if files[0].scripts and rotator not in signals:
            signals[rotator] = list(undelivered_signals(rotator, pod))
        claims = tuple(
            Claim("unreachable-signal", undelivered.cause)
            for undelivered in signals.get(rotator, ())
            if any(script.span.holds(undelivered.signal.span) for script in files[0].scripts)
        )
        for writer in pod.others(rotator):
            held = list(_held_by(writer, files[:MAX_TAKEN]))
            if held:
                yield _problem(held, claims, pod)


def _held_by(writer: ContainerView, files: list[Rotation]) -> Iterator[tuple[Rotation, PlacedEffect]]:
    """What a writer keeps open among the files of a section, each path once, in the section's order."""
    opened = [w for w in writer.effects if w.hold in (Hold.HELD, Hold.UNKNOWN) and is_live(w)]
    seen: set[str] = set()
    for rotation in files:
        for write in opened[:MAX_TAKEN]:
            path = str(write.path)
            if path not in seen and rotation.certainly_takes(write.place):
                seen.add(path)
                yield rotation, write


def _problem(
    held: list[tuple[Rotation, PlacedEffect]], yields_to: tuple[Claim, ...], pod: PodView
) -> Problem:
    rotation, write = held[0]
    rotator, writer = rotation.rotator, write.container
    return Problem(
        f'logrotate in "{rotator.name}" renames "{write.path}" while "{writer.name}" writes it',
        Note(rotation, "renamed at each rotation"),
        outcome=_outcome(rotation.section, write),
        notes=(
            Note(write, how_written(write)),
            Note(seen_at(rotator), "logrotate runs here"),
            *(Note(script, f'does not make "{writer.name}" open it again') for script in rotation.scripts),
            *_renamed_too(held),
            *followers_of(rotation.place, pod),
        ),
        route=(
            Note(write, f'"{writer.name}" writes "{write.path}"'),
            Note(rotation, f'logrotate in "{rotator.name}" takes it away'),
        ),
        help=(
            "add `copytruncate` (the writer must append), or a `postrotate` that makes it open the file again"
        ),
        container=rotator,
        certain=rotation.certain and write.hold is Hold.HELD and certainly_writes(write),
        causes=((rotator, id(rotation.section), writer),),
        yields_to=yields_to,
    )


def _renamed_too(held: list[tuple[Rotation, PlacedEffect]]) -> Iterator[Note]:
    """The other files of the section that the writer keeps open, each where it stands."""
    for rotation, write in held[1:]:
        by_name = rotation.span != held[0][0].span
        yield Note(rotation if by_name else write, f'and so is "{write.path}"')


def _outcome(section: Section, write: PlacedEffect) -> str:
    """What becomes of the lines that are written after the rename."""
    if section.removes:
        return f"{kept_open(write)}all later lines are lost with the removed file, whose space is not freed"
    where = "the renamed file" if "rotate" in section.directives else "the old file"
    fate = "stays empty" if "create" in section.directives else "does not come back"
    return f'{kept_open(write)}all later lines go into {where}, and "{write.path}" {fate}'
