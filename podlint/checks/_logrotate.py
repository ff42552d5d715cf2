"""What logrotate does in a pod, by the configurations that it finds, as far as the run knows them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from msgspec import Struct

from podlint.checks._users import runs_as_another
from podlint.shell.file_modes import changed
from podlint.shell.patterns import literal
from podlint.shell.process import ConfigScript
from podlint.vocabulary import (
    Action,
    ContainerView,
    Mount,
    Place,
    PlacedEffect,
    PodView,
    Process,
    Repeats,
    Role,
    Span,
    Volume,
)

if TYPE_CHECKING:
    from podlint.configs.logrotate import LogFile, Section


def seen_at(container: ContainerView) -> Span:
    """Where a container is seen to run logrotate: its command, or an image that is made for it."""
    calls = container.main.calls
    return next((call.span for call in calls if call.name == "logrotate"), container.span)


def sections_of(container: ContainerView) -> Iterator[Section]:
    """The sections of the configurations that its logrotate reads, in order."""
    sections = {id(found.setting.section): found.setting.section for found in container.configured}
    yield from (section for section in sections.values() if section is not None)


class Directories:
    """Whether a container's logrotate skips logs because everybody may write their directory."""

    def __init__(self, container: ContainerView, pod: PodView) -> None:
        self._container, self._pod = container, pod
        self._apart = runs_as_another(container)
        self._closed: dict[str, bool] = {}

    def open_for(self, section: Section) -> tuple[LogFile, Mount, Volume] | None:
        """The first log of a section that stands directly in a volume which everybody may write."""
        if "su" in section.directives or self._apart:
            return None
        for file in section.files:
            directory = file.pattern.rpartition("/")[0] or "/"
            for mount in self._container.spec.mounts:
                volume = self._pod.volume(mount.volume)
                if mount.path != directory or mount.read_only or volume is None:
                    continue
                if volume.kind == "emptyDir" and volume.mode is None and not self._is_closed(directory):
                    return file, mount, volume
        return None

    def _is_closed(self, directory: str) -> bool:
        if directory not in self._closed:
            self._closed[directory] = _is_closed(directory, self._container, self._pod)
        return self._closed[directory]


def _is_closed(directory: str, container: ContainerView, pod: PodView) -> bool:
    """Whether somebody takes the right to write from the directory, or may do so before it is used."""
    place = container.place_of(literal(directory))
    for other in pod.containers:
        if any(_closes(change) for change in other.effects.doing(Action.CHMOD).meeting(place)):
            return True
        if other.spec.role is Role.INIT and not other.understood and other.mounts_of(place):
            return True
    return False


def _closes(change: PlacedEffect) -> bool:
    """Whether a `chmod` may leave others no right to write; `chown` leaves it."""
    if not change.mode:
        return False
    mode = changed(0o777, change.mode, directory=True, umask=change.umask or 0)
    return mode is None or not mode & 0o002


class Script(Struct, frozen=True):
    """A script of a section: where it stands, and what it does (None where that was not followed)."""

    span: Span
    process: Process | None


class Rotation(Struct, frozen=True):
    """A log that logrotate rotates: the container in which it runs, where its name stands, and the file as
    that container sees it.

    `certain`: logrotate certainly runs with this configuration, and more than once.
    """

    rotator: ContainerView
    section: Section
    scripts: tuple[Script, ...]
    span: Span
    place: Place
    certain: bool

    def certainly_takes(self, place: Place) -> bool:
        """Whether a place is a file of this rotation; a glob takes all that it matches."""
        globs = all(isinstance(piece, str) or not piece.slash for piece in self.place.path.pieces)
        return globs and place.path.literal is not None and self.place.may_be(place)


def rotations(pod: PodView) -> Iterator[Rotation]:
    """All logs that logrotate rotates in a pod, but for those that it skips."""
    for container in pod.running:
        directories, scripts = Directories(container, pod), _scripts(container)
        skipped = {id(s) for s in sections_of(container) if directories.open_for(s) is not None}
        for found in container.configured:
            setting, section = found.setting, found.setting.section
            if section is not None and id(section) not in skipped:
                certain = found.sure and found.repeats is not Repeats.ONCE
                place = container.place_of(setting.path)
                yield Rotation(container, section, scripts[id(section)], setting.span, place, certain)


def _scripts(container: ContainerView) -> dict[int, tuple[Script, ...]]:
    """The scripts of each section, and what they do."""
    processes = {
        id(process.started_by.text): process
        for process in container.processes
        if isinstance(process.started_by, ConfigScript)
    }
    return {
        id(section): tuple(Script(text.span(), processes.get(id(text))) for text in section.scripts.values())
        for section in sections_of(container)
    }
