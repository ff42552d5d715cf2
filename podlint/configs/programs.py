"""The programs whose configuration is read: asked of every container, so it loads none of their readers."""

from __future__ import annotations

from podlint.images.knowledge import image_of
from podlint.manifest.model import Container
from podlint.shell.process import Process

CONFIGURED = frozenset({"fluent-bit", "fluentd", "filebeat", "promtail", "vector", "logrotate", "nginx"})
"""Base names of the programs, as commands call them."""


def run_by_image(container: Container, main: Process) -> tuple[str, bool]:
    """The configured program that a container's image runs by itself ("" for none), and whether that is sure.

    An image that is made for rotation runs logrotate by whatever command it has, mostly by cron.
    """
    image = image_of(container.image)
    if image is not None and image.program in CONFIGURED and container.command is None:
        return image.program, image.is_certain("program")
    rotates = (image is not None and image.role == "rotator") or "logrotate" in container.image
    return ("logrotate", False) if rotates and not main.understood else ("", False)
