"""Which program's configuration a container may have: asked of every container, so it loads no reader."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from posixpath import dirname

from podlint.knowledge.command import NOTHING_KNOWN
from podlint.knowledge.knowledge import Knowledge
from podlint.manifest.model import Container, Mount
from podlint.shell.process import Process


def is_configured(container: Container, main: Process, knowledge: Knowledge) -> bool:
    """Whether a container seems to run a program whose configuration can be read."""
    if any(call.command.configuration is not None for call in main.calls):
        return True
    return bool(run_by_image(container, main, knowledge)[0])


def missing_configuration(
    container: Container, main: Process, knowledge: Knowledge, is_missing: Callable[[Mount], bool]
) -> Iterator[Mount]:
    """The mounts with a program's configuration, where what they show is missing: at or around one of the
    places where it looks by default, or that its command line names."""
    name, _ = run_by_image(container, main, knowledge)
    calls = [call for call in main.calls if call.command.configuration is not None]
    configurations = [call.command.configuration for call in calls]
    words = [field.value.literal or "" for call in calls for field in call.fields]
    if name:
        configurations.append(knowledge.command(name).configuration)
        words += [word.text.value for word in container.args or ()]
    usual = [path.partition("*")[0] for one in configurations if one is not None for path in one.paths]
    named = (word.rpartition("=")[2] for word in words)
    places = [*usual, *(path for path in named if path.startswith("/"))]
    for mount in container.mounts if places else ():
        if is_missing(mount) and any(_is_around(mount.path, place) for place in places):
            yield mount


def _is_around(mounted: str, place: str) -> bool:
    """Whether a mount shows a place, or something beside it."""
    return f"{place}/".startswith(f"{mounted.rstrip('/')}/") or mounted.startswith(f"{dirname(place)}/")


def run_by_image(container: Container, main: Process, knowledge: Knowledge) -> tuple[str, bool]:
    """The configured program that a container's image runs by itself ("" for none), and whether that is sure.

    An image that is made for rotation runs logrotate by whatever command it has, mostly by cron.
    """
    image = knowledge.image(container.image)
    program = knowledge.command(image.program) if image is not None else NOTHING_KNOWN
    if image is not None and program.configuration is not None and container.command is None:
        return image.program, image.is_certain("program")
    rotates = (image is not None and image.role == "rotator") or "logrotate" in container.image
    return ("logrotate", False) if rotates and not main.understood else ("", False)
