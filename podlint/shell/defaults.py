"""What a container's image does by itself: the logs that it writes and the ports that it listens on."""

from __future__ import annotations

from collections.abc import Iterable

from podlint.knowledge.image import Image
from podlint.manifest.model import Container
from podlint.regex import late
from podlint.shell.effects import Action, Effect, Hold, ImageDefault, Repeats
from podlint.shell.endpoints import Direction, Endpoint
from podlint.shell.patterns import from_glob, literal
from podlint.source.text import Text, Whole

_CONFIGURATION = late(r"^/etc(?:/|$)|/etc/|conf|\.(?:ya?ml|json|ini|xml|toml)$|docker-entrypoint\.d")
"""Paths of mounts that may hold another configuration than the image's own."""


def default_logs(container: Container, image: Image) -> tuple[Effect, ...]:
    """The files that an image's program keeps open by default."""
    text = _reference(container)
    return tuple(
        Effect(
            action=Action.APPEND,
            path=from_glob(path),
            to=None,
            certain=False,
            repeats=Repeats.FOREVER,
            hold=Hold.HELD,
            made_by=ImageDefault(image.program),
            program=image.program,
            follow="",
            size="",
            only_if_needed=False,
            order=index,
            text=text,
            start=0,
            end=len(container.image),
        )
        for index, path in enumerate(image.logs)
    )


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
            direction=Direction.LISTEN,
            protocol=port.protocol,
            address=literal(port.address),
            port=port.number,
            certain=sure and port.certain,
            repeats=Repeats.ONCE,
            by=image.program,
            text=text,
            start=0,
            end=len(text),
        )
        for port in image.ports
    )


def _reference(container: Container) -> Text:
    return Text(container.image, Whole(container.span))
