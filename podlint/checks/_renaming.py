"""Logs that logrotate renames, by its configuration, under a writer that keeps them open."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from podlint.checks._logrotate import Rotation, seen_at
from podlint.checks._reach import missed_by
from podlint.checks._rotation import MAX_TAKEN, is_live, is_told_by_script, renaming
from podlint.shell.effects import Effect, Hold
from podlint.source.span import Span
from podlint.storage.places import Place
from podlint.storage.view import ContainerView, PlacedEffect, PodView
from podlint.vocabulary import Note, Problem

if TYPE_CHECKING:
    from podlint.configs.logrotate import Section


def surely_writes(write: PlacedEffect, writer: ContainerView) -> bool:
    """Whether the file is certainly written: by a script, or by a known image as it was configured."""
    if write.certain:
        return True
    by_image = write.hold is Hold.HELD and write.text.value == writer.spec.image
    return by_image and not any(mount.path.startswith("/etc") for mount in writer.spec.mounts)


def how_written(effect: Effect, writer: ContainerView) -> str:
    """How a writer holds its file, for a label."""
    how = {
        Hold.HELD: "keeps it open",
        Hold.REOPENED: "opens it anew for each line",
        Hold.BRIEF: "writes it",
        Hold.UNKNOWN: "may keep it open",
    }
    return f'"{writer.name}" {how[effect.hold]}'


def followers_of(taken: Place, pod: PodView) -> Iterator[Note]:
    """Who follows the file by its descriptor (`tail -f`): the next mistake, once this one is mended."""
    for container in pod.running:
        for p in container.effects:
            if p.follow == "descriptor" and p.place.may_be(taken):
                yield Note(p.span, f'"{container.name}" follows the old file (tail-by-descriptor)')


def renamed_by_logrotate(pod: PodView) -> Iterator[Problem]:
    """The writers that keep open what logrotate renames: one finding for each section and writer."""
    sections: dict[int, list[Rotation]] = {}
    missed: dict[int, list[Span]] = {}
    for rotation in renaming(pod):
        sections.setdefault(id(rotation.section), []).append(rotation)
        rotator = rotation.rotator
        if rotation.scripts and id(rotator) not in missed:
            missed[id(rotator)] = [one.signal.span for one in missed_by(rotator, pod)]
    for files in sections.values():
        # That a signal of its script cannot leave the container is what unreachable-signal says.
        lost = missed.get(id(files[0].rotator), [])
        if not is_told_by_script(files[0], pod) and not _holds(files[0], lost):
            for writer in pod.others(files[0].rotator):
                held = list(_held_by(writer, files[:MAX_TAKEN]))
                if held:
                    yield _renamed(held, writer, pod)


def _holds(rotation: Rotation, spans: list[Span]) -> bool:
    """Whether one of the spans stands in a script of a rotation."""
    return any(
        span.source is script.span.source and script.span.start <= span.start < script.span.end
        for script in rotation.scripts
        for span in spans
    )


def _held_by(writer: ContainerView, files: list[Rotation]) -> Iterator[tuple[Rotation, PlacedEffect]]:
    """What a writer keeps open among the files of a section, each path once, in the section's order."""
    opened = [w for w in writer.effects if w.hold in (Hold.HELD, Hold.UNKNOWN) and is_live(w)]
    told: set[str] = set()
    for rotation in files:
        for write in opened[:MAX_TAKEN]:
            path = str(write.path)
            if path not in told and rotation.surely_takes(write.place):
                told.add(path)
                yield rotation, write


def _renamed(held: list[tuple[Rotation, PlacedEffect]], writer: ContainerView, pod: PodView) -> Problem:
    rotation, write = held[0]
    rotator, section, place = rotation.rotator, rotation.section, rotation.place
    must = rotation.sure and write.hold is Hold.HELD and surely_writes(write, writer)
    writing = Note(write.span, how_written(write, writer))
    here = Note(rotation.span, "renamed while it is being written")
    scripts = (
        Note(script.span, f'makes nobody in "{writer.name}" open the file again')
        for script in rotation.scripts
    )
    shown = str(write.path)
    return Problem(
        certain=must,
        message=(
            f'logrotate in "{rotator.name}" renames "{shown}" under its writer "{writer.name}": '
            + _after_logrotate(section, write)
        ),
        at=here,
        notes=(
            writing,
            Note(seen_at(rotator), "logrotate runs here"),
            *scripts,
            *_renamed_too(held),
            *followers_of(place, pod),
        ),
        route=(
            Note(write.span, f'"{writer.name}" writes "{shown}"'),
            Note(rotation.span, f'logrotate in "{rotator.name}" takes it away'),
        ),
        help=(
            "add `copytruncate` (the writer must append), or a `postrotate` that makes the writer open its "
            "file again"
        ),
        container=rotator,
    )


def _renamed_too(held: list[tuple[Rotation, PlacedEffect]]) -> Iterator[Note]:
    """The other files of the section that the writer keeps open, where each is told of."""
    for rotation, write in held[1:]:
        by_name = rotation.span != held[0][0].span
        span = rotation.span if by_name else write.span
        yield Note(span, f'and so is "{write.path}"')


def _after_logrotate(section: Section, write: PlacedEffect) -> str:
    """What becomes of the lines that are written after the rename."""
    start = "all later lines" if write.hold is Hold.HELD else "if it keeps it open, all later lines"
    if section.removes:
        return f"{start} are lost with the removed file, whose space is not freed"
    where = "the renamed file" if "rotate" in section.directives else "the old file"
    fate = "stays empty" if "create" in section.directives else "never comes back"
    return f'{start} go into {where}, and "{write.path}" {fate}'
