"""What a container's image does by itself: the logs that it writes and the ports that it listens on."""

from __future__ import annotations

from collections.abc import Iterable

from podlint.images.knowledge import Image
from podlint.manifest.model import Container
from podlint.regex import late
from podlint.shell.contacts import Direction, Endpoint
from podlint.shell.effects import Action, Effect, Hold, Repeats
from podlint.shell.patterns import from_glob, literal
from podlint.source.text import Text, Whole

_CONFIGURATION = late(r"^/etc(?:/|$)|/etc/|conf|\.(?:ya?ml|json|ini|xml|toml)$|docker-entrypoint\.d")
"""Paths of mounts that may hold another configuration than the image's own."""


def default_logs(container: Container, image: Image) -> tuple[Effect, ...]:
    """The files that an image's program keeps open by default."""
    text = _reference(container)
    return tuple(
        Effect(
            Action.APPEND, from_glob(path), None, False, Repeats.FOREVER, Hold.HELD,
            image.program, image.program, "", "", False, index, text, 0, len(container.image),
        )
        for index, path in enumerate(image.logs)
    )  # fmt: skip


def default_endpoints(
    container: Container, image: Image, told: Iterable[Endpoint] = ()
) -> tuple[Endpoint, ...]:
    """The ports that an image's program listens on, but for those that its command line tells.

    They are certain where the image is known for sure, runs with no arguments, and no volume can hold
    another configuration.
    """
    if any(one.direction is Direction.LISTEN and one.certain for one in told):
        return ()
    sure = (
        image.is_certain("ports")
        and not container.argv
        and not any(_CONFIGURATION.search(mount.path) for mount in container.mounts)
    )
    text = _reference(container)
    return tuple(
        Endpoint(
            Direction.LISTEN, port.protocol, literal(port.address), port.number, sure and port.certain,
            Repeats.ONCE, image.program, text, 0, len(text),
        )
        for port in image.ports
    )  # fmt: skip


def _reference(container: Container) -> Text:
    return Text(container.image, Whole(container.span))
