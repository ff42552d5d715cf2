"""What a container's image does by itself: the logs that it writes and the ports that it listens on."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec.structs import replace

from podlint.knowledge.image import Image, Port, is_one_of
from podlint.manifest.model import Container
from podlint.regex import late
from podlint.shell.addresses import listening, read_address
from podlint.shell.effects import Action, Effect, Hold, ImageDefault, Repeats
from podlint.shell.endpoints import Direction, Endpoint
from podlint.shell.patterns import literal
from podlint.shell.wildcards import from_glob
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
    container: Container, image: Image, told: Iterable[Endpoint] = (), *, alone: bool = True
) -> tuple[Endpoint, ...]:
    """The ports that an image's program listens on, but for those that its command line tells.

    They are certain where the image is known for sure, and nothing says otherwise: where it is known what
    may, none of that, and the program is all that runs (`alone`); else no arguments, and no volume that can
    hold another configuration.
    """
    known = image.moved_by is not None and alone
    if not known and any(one.direction is Direction.LISTEN and one.certain for one in told):
        return ()
    sure = image.is_certain("ports") and not (
        _may_be_moved(container, image) if known else _may_be_configured(container)
    )
    text = _reference(container)
    ports = (_as_told(port, container) for port in image.ports)
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
        for port in ports
        if port.number
    )


def _may_be_configured(container: Container) -> bool:
    return bool(container.argv) or any(_CONFIGURATION.search(mount.path) for mount in container.mounts)


def _may_be_moved(container: Container, image: Image) -> bool:
    """Whether an option, a variable or a file may make the program listen elsewhere than its ports say."""
    if container.environment.open and any(port.variables for port in image.ports):
        return True
    return is_told(container, image.moved_by or ())


def is_told(container: Container, moving: tuple[str, ...]) -> bool:
    """Whether a container's arguments, variables or mounts have anything of what such a list names (see
    `Image.moved_by`), or may have."""
    names = [name for name in moving if name[0].isupper()]
    if any(is_one_of(name, names) for name in container.environment.known):
        return True
    if container.environment.open and names:
        return True
    words = [one for one in moving if one[0] != "/" and not one[0].isupper()]
    for argument in container.argv:
        option = argument.text.value.partition("=")[0]
        if is_one_of(option, words) or any(start == 0 for start, _ in argument.unknown):
            return True
    paths = [one for one in moving if one[0] == "/"]
    files = [(path + "/", mount.path.rstrip("/") + "/") for path in paths for mount in container.mounts]
    return any(file.startswith(mount) or mount.startswith(file) for file, mount in files)


def _as_told(port: Port, container: Container) -> Port:
    """A port of an image, or the one that an option or a variable puts in its place."""
    value: str | None = str(port.number)
    for name in port.variables:
        value = container.environment.known.get(name, value)
    words = [argument.text.value for argument in container.argv]
    for index, word in enumerate(words):
        option, equals, rest = word.partition("=")
        if option in port.options:
            value = rest if equals else next(iter(words[index + 1 :]), None)
    if value == str(port.number):
        return port
    address, number = read_address(literal(value or ""))
    if number is None:
        return replace(port, certain=False)
    where = port.address if value and value.isdigit() else listening(address).literal or ""
    return replace(port, number=number, address=where)


def _reference(container: Container) -> Text:
    return Text(container.image, Whole(container.span))
