"""Which program's configuration a container may have: asked of every container, so it loads no reader."""

from __future__ import annotations

from podlint.knowledge.command import NOTHING_KNOWN
from podlint.knowledge.knowledge import Knowledge
from podlint.manifest.model import Container
from podlint.shell.process import Process


def is_configured(container: Container, main: Process, knowledge: Knowledge) -> bool:
    """Whether a container seems to run a program whose configuration can be read."""
    if any(call.command.configuration is not None for call in main.calls):
        return True
    return bool(run_by_image(container, main, knowledge)[0])


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
