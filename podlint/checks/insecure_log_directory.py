"""insecure-log-directory: logrotate skips logs in a directory that everybody may write."""

from __future__ import annotations

import re
from collections.abc import Iterator

from podlint.checks._calls import call_of
from podlint.checks._logrotate import logrotate_configs, runs_logrotate
from podlint.configs.logrotate import LogFile, Section
from podlint.findings import Finding, Label, Severity
from podlint.images.knowledge import image_of
from podlint.manifest.model import Mount, Role, Volume
from podlint.shell.effects import Action
from podlint.shell.patterns import literal
from podlint.source.span import Span
from podlint.storage.places import place_of
from podlint.storage.view import ContainerView, Placed, PodView

RULE = "insecure-log-directory"

_ROOT = ("", "root", "0")
_OPEN = re.compile(r"0?[0-7]?[0-7]{2}[2367]|[ao]*\+[rwx]*w[rwx]*|[ao]*=[rwx]*w[rwx]*|ugo\+rwx")
"""Modes with which others may still write."""


def check(view: PodView) -> Iterator[Finding]:
    """Report sections of logrotate's configuration whose logs stand at the root of an emptyDir."""
    if view.pod.partial:
        return
    for one in view.concurrent:
        running = runs_logrotate(one)
        if running is None or _runs_as_another(one):
            continue
        for config in logrotate_configs(one):
            for section in config.sections:
                found = _open_directory(section, one, view)
                if found is not None:
                    yield _finding(*found, running, one, view)


def _runs_as_another(one: ContainerView) -> bool:
    """Whether logrotate runs without root's rights: it then does not look at the directory."""
    user, image = one.container.run_as_user, image_of(one.container.image)
    if user is not None:
        return user != 0
    return image is not None and image.official and image.user not in _ROOT


def _open_directory(
    section: Section, one: ContainerView, view: PodView
) -> tuple[LogFile, Mount, Volume] | None:
    """The first log of a section that stands directly in a volume which everybody may write."""
    if "su" in section.directives:
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


def _finding(
    file: LogFile, mount: Mount, volume: Volume, running: Span, one: ContainerView, view: PodView
) -> Finding:
    return Finding(
        rule=RULE,
        severity=Severity.ERROR if _is_root(one) else Severity.WARNING,
        message=(
            f'"{one.name}" never rotates "{file.pattern}": everybody may write emptyDir "{volume.name}", and '
            f'there logrotate skips all logs of a section without "su"'
        ),
        primary=Label(file.span.region(), "skipped"),
        related=(
            Label(mount.span.region(), f'emptyDir "{volume.name}", mode 0777'),
            Label(running.region(), "logrotate runs here"),
        ),
        help="add `su root root` to the section, or let the logs stand in a directory below the mount",
        pod=view.pod.title,
        container=one.name,
    )


def _is_root(one: ContainerView) -> bool:
    """Whether the container certainly runs as root."""
    image = image_of(one.container.image)
    by_image = image is not None and image.is_certain("user") and image.user in _ROOT
    return one.container.run_as_user == 0 or (one.container.run_as_user is None and by_image)
