"""Logs that logrotate renames, by its configuration, under a writer that keeps them open."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from podlint.checks._logrotate import Rotation, seen_at
from podlint.checks._reach import missed_by
from podlint.checks._rotation import MAX_TAKEN, is_live, is_told_by_script, renaming
from podlint.findings import Finding, Label, Severity
from podlint.shell.effects import Effect, Hold
from podlint.source.span import Span
from podlint.storage.places import Place
from podlint.storage.view import ContainerView, Placed, PodView

if TYPE_CHECKING:
    from podlint.configs.logrotate import Section


def surely_writes(write: Placed, writer: ContainerView) -> bool:
    """Whether the file is certainly written: by a script, or by a known image as it was configured."""
    if write.effect.certain:
        return True
    by_image = write.effect.hold is Hold.HELD and write.effect.text.value == writer.container.image
    return by_image and not any(mount.path.startswith("/etc") for mount in writer.container.mounts)


def how_written(effect: Effect, writer: ContainerView) -> str:
    """How a writer holds its file, for a label."""
    how = {
        Hold.HELD: "keeps it open",
        Hold.REOPENED: "opens it anew for each line",
        Hold.BRIEF: "writes it",
        Hold.UNKNOWN: "may keep it open",
    }
    return f'"{writer.name}" {how[effect.hold]}'


def followers_of(taken: Place, view: PodView) -> Iterator[Label]:
    """Who follows the file by its descriptor (`tail -f`): the next mistake, once this one is mended."""
    for one in view.concurrent:
        for p in one.effects:
            if p.effect.follow == "descriptor" and p.place.may_be(taken):
                yield Label(p.effect.span.region(), f'"{one.name}" follows the old file (tail-by-descriptor)')


def renamed_by_logrotate(rule: str, view: PodView) -> Iterator[Finding]:
    """The writers that keep open what logrotate renames: one finding for each section and writer."""
    sections: dict[int, list[Rotation]] = {}
    missed: dict[int, list[Span]] = {}
    for rotation in renaming(view):
        sections.setdefault(id(rotation.section), []).append(rotation)
        rotator = rotation.rotator
        if rotation.scripts and id(rotator) not in missed:
            missed[id(rotator)] = [one.signal.span for one in missed_by(rotator, view)]
    for files in sections.values():
        # That a signal of its script cannot leave the container is what unreachable-signal says.
        lost = missed.get(id(files[0].rotator), [])
        if not is_told_by_script(files[0], view) and not _holds(files[0], lost):
            for writer in view.others(files[0].rotator):
                held = list(_held_by(writer, files[:MAX_TAKEN]))
                if held:
                    yield _renamed(rule, held, writer, view)


def _holds(rotation: Rotation, spans: list[Span]) -> bool:
    """Whether one of the spans stands in a script of a rotation."""
    return any(
        span.source is script.span.source and script.span.start <= span.start < script.span.end
        for script in rotation.scripts
        for span in spans
    )


def _held_by(writer: ContainerView, files: list[Rotation]) -> Iterator[tuple[Rotation, Placed]]:
    """What a writer keeps open among the files of a section, each path once, in the section's order."""
    opened = [w for w in writer.effects if w.effect.hold in (Hold.HELD, Hold.UNKNOWN) and is_live(w.effect)]
    told: set[str] = set()
    for rotation in files:
        for write in opened[:MAX_TAKEN]:
            path = str(write.effect.path)
            if path not in told and rotation.surely_takes(write.place):
                told.add(path)
                yield rotation, write


def _renamed(rule: str, held: list[tuple[Rotation, Placed]], writer: ContainerView, view: PodView) -> Finding:
    rotation, write = held[0]
    rotator, section, place = rotation.rotator, rotation.section, rotation.place
    must = rotation.sure and write.effect.hold is Hold.HELD and surely_writes(write, writer)
    writing = Label(write.effect.span.region(), how_written(write.effect, writer))
    here = Label(rotation.span.region(), "renamed while it is being written")
    scripts = (
        Label(script.span.region(), f'makes nobody in "{writer.name}" open the file again')
        for script in rotation.scripts
    )
    shown = str(write.effect.path)
    return Finding(
        rule=rule,
        severity=Severity.ERROR if must else Severity.WARNING,
        message=(
            f'logrotate in "{rotator.name}" renames "{shown}" under its writer "{writer.name}": '
            + _after_logrotate(section, write)
        ),
        primary=here,
        related=(
            writing,
            Label(seen_at(rotator).region(), "logrotate runs here"),
            *scripts,
            *_renamed_too(held),
            *followers_of(place, view),
        ),
        route=(
            Label(write.effect.span.region(), f'"{writer.name}" writes "{shown}"'),
            Label(rotation.span.region(), f'logrotate in "{rotator.name}" takes it away'),
        ),
        help=(
            "add `copytruncate` (the writer must append), or a `postrotate` that makes the writer open its "
            "file again"
        ),
        pod=view.pod.title,
        container=rotator.name,
    )


def _renamed_too(held: list[tuple[Rotation, Placed]]) -> Iterator[Label]:
    """The other files of the section that the writer keeps open, where each is told of."""
    for rotation, write in held[1:]:
        by_name = rotation.span != held[0][0].span
        span = rotation.span if by_name else write.effect.span
        yield Label(span.region(), f'and so is "{write.effect.path}"')


def _after_logrotate(section: Section, write: Placed) -> str:
    """What becomes of the lines that are written after the rename."""
    start = "all later lines" if write.effect.hold is Hold.HELD else "if it keeps it open, all later lines"
    if section.removes:
        return f"{start} are lost with the removed file, whose space is not freed"
    where = "the renamed file" if "rotate" in section.directives else "the old file"
    fate = "stays empty" if "create" in section.directives else "never comes back"
    return f'{start} go into {where}, and "{write.effect.path}" {fate}'
