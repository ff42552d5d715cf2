"""What logrotate does in a pod, by the configurations that it finds, as far as the run knows them."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from podlint.checks._calls import call_of
from podlint.configs.logrotate import LogFile, LogrotateConfig, Section, read_logrotate
from podlint.images.knowledge import image_of
from podlint.manifest.model import Mount, Role, Volume
from podlint.regex import late
from podlint.shell.effects import Action
from podlint.shell.patterns import Hole, Pattern, from_pieces, literal
from podlint.source.span import Span
from podlint.storage.places import Place, place_of
from podlint.storage.view import ContainerView, Placed, PodView

_MAIN = "/etc/logrotate.conf"
_PARTS = "/etc/logrotate.d"
_GLOB = late(r"(\*|\?|\[[^]]*\])")
_WILD = ("*", "?", "[")
ROOT = ("", "root", "0")
"""Users as which an image may start that are root."""
_OPEN = late(r"0?[0-7]?[0-7]{2}[2367]|[ao]*\+[rwx]*w[rwx]*|[ao]*=[rwx]*w[rwx]*|ugo\+rwx")
"""Modes with which others may still write."""


def runs_logrotate(one: ContainerView) -> Span | None:
    """Where a container is seen to run logrotate: its command, or an image that is made for it."""
    for _, call in one.calls:
        if call.name == "logrotate":
            return call.span
    image = image_of(one.container.image)
    rotates = image is not None and image.role == "rotator"
    return one.container.span if rotates or "logrotate" in one.container.image else None


def logrotate_configs(one: ContainerView) -> Iterator[LogrotateConfig]:
    """The configurations that its commands name, else those at the usual places."""
    paths = [
        field.value.literal
        for _, call in one.calls
        if call.name == "logrotate"
        for field in call.fields[1:]
        if field.value.literal is not None and field.value.prefix.startswith("/")
    ]
    seen: set[str] = set()
    queue = [path for path in (*paths, _MAIN, _PARTS) if path is not None]
    while queue:
        path = queue.pop(0)
        if path in seen:
            continue
        seen.add(path)
        text = one.files.read(path)
        if text is None:
            queue += _files_in(path, one)
            continue
        config = read_logrotate(text)
        queue += config.includes
        yield config


def _files_in(directory: str, one: ContainerView) -> Iterator[str]:
    """The files that a run's ConfigMaps put into a directory."""
    for mount in one.container.mounts:
        if mount.path.startswith(directory.rstrip("/") + "/"):
            yield mount.path
        volume = one.pod.volume(mount.volume)
        if mount.path == directory and volume is not None and not mount.sub_path:
            yield from (f"{directory}/{name}" for name in sorted(one.files.names_in(volume) or ()))


def _runs_as_another(one: ContainerView) -> bool:
    """Whether logrotate runs without root's rights: it then does not look at the directory."""
    user, image = one.container.run_as_user, image_of(one.container.image)
    if user is not None:
        return user != 0
    return image is not None and image.official and image.user not in ROOT


def open_directory(
    section: Section, one: ContainerView, view: PodView
) -> tuple[LogFile, Mount, Volume] | None:
    """The first log of a section that stands directly in a volume which everybody may write."""
    if "su" in section.directives or _runs_as_another(one):
        return None
    for file in section.files:
        directory = file.pattern.rpartition("/")[0] or "/"
        for mount in one.container.mounts:
            volume = view.pod.volume(mount.volume)
            if mount.path != directory or mount.read_only or volume is None:
                continue
            if volume.kind == "emptyDir" and volume.mode is None and not _is_closed(directory, one, view):
                return file, mount, volume
    return None


def _is_closed(directory: str, one: ContainerView, view: PodView) -> bool:
    """Whether somebody takes the right to write from the directory, or may do so before it is used."""
    place = place_of(literal(directory), one.container, view.pod)
    for other in view.containers:
        changes = [p for p in other.effects if p.effect.action is Action.CHMOD]
        if any(p.place.may_be(place) and _closes(p) for p in changes):
            return True
        if other.container.role is Role.INIT and not other.understood and other.mounts_of(place):
            return True
    return False


def _closes(placed: Placed) -> bool:
    """Whether a `chmod` leaves others no right to write; `chown` leaves it."""
    call = call_of(placed)
    if call is None or call.name != "chmod":
        return False
    modes = [f.value.literal for f in call.fields[1:] if not f.value.prefix.startswith(("/", "-R"))]
    return not any(mode is not None and _OPEN.fullmatch(mode) for mode in modes)


class Rotation(Struct, frozen=True):
    """A log that logrotate rotates: the container in which it runs, and the file as it sees it."""

    rotator: ContainerView
    section: Section
    file: LogFile
    place: Place

    def surely_takes(self, place: Place) -> bool:
        """Whether a place is a file of this rotation; a pattern takes all that it matches."""
        return place.path.literal is not None and self.place.may_be(place)


def rotations(view: PodView) -> Iterator[Rotation]:
    """All logs that logrotate rotates in a pod, but for those that it skips."""
    for one in view.concurrent:
        if runs_logrotate(one) is None:
            continue
        for section in (section for config in logrotate_configs(one) for section in config.sections):
            if open_directory(section, one, view) is None:
                for file in section.files:
                    yield Rotation(
                        one, section, file, place_of(_pattern(file.pattern), one.container, view.pod)
                    )


def _pattern(path: str) -> Pattern:
    """A path with its wildcards as holes."""
    return from_pieces(
        Hole(part, slash=False) if part[:1] in _WILD else part for part in _GLOB.split(path) if part
    )
