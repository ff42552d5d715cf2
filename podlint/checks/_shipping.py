"""What shippers follow: files that the configuration of a container's programs names, and where they live."""

from __future__ import annotations

from collections.abc import Hashable, Iterator

from msgspec import Struct

from podlint.shell.patterns import split_last
from podlint.storage.index import PlaceIndex
from podlint.vocabulary import Action, ContainerView, Kind, Mount, Pattern, Place, PodView, Span

_MOST = 100
"""Paths of one container that are looked at: each is compared with all that the pod does to files."""
_MAKING = frozenset({Action.LINK, Action.SYMLINK, Action.RENAME, Action.TOUCH, Action.MKDIR})


class Source(Struct, frozen=True):
    """Files that a container follows, as its configuration or its script says at `span`. `sure`: it certainly
    reads that very configuration, or comes to that command. `from_start`: it reads a file whole that it does
    not remember."""

    container: ContainerView
    span: Span
    pattern: Pattern
    place: Place
    sure: bool
    from_start: bool = False

    @property
    def path(self) -> str:
        """The path or pattern as written."""
        return str(self.pattern)

    @property
    def cause(self) -> Hashable:
        """As `PlacedEffect.cause`."""
        return (self.container, self.path)

    @property
    def directory(self) -> str:
        """The directory that they stand in, as far as it is known."""
        whole = split_last(self.pattern)[0].literal
        return whole if whole is not None else self.pattern.prefix.rpartition("/")[0] or "/"

    @property
    def is_unmounted(self) -> bool:
        """Whether they are on none of the container's volumes, whatever is filled in."""
        return self.place.kind is Kind.PRIVATE


def sources(container: ContainerView) -> list[Source]:
    """What a container follows by its configuration, each path once."""
    found: dict[str, Source] = {}
    for one in container.configured:
        setting = one.setting
        if setting.is_input and len(found) < _MOST:
            path, sure = setting.path, one.sure and container.reached
            place = container.place_of(path)
            source = Source(container, setting.span, path, place, sure, setting.from_start)
            found.setdefault(source.path, source)
    return list(found.values())


class OwnOutput:
    """Whether a container may make itself what it follows: its scripts, another program in it, its image."""

    def __init__(self, container: ContainerView) -> None:
        self._container = container
        self._made: PlaceIndex[None] = PlaceIndex()
        for effect in container.effects:
            if effect.action.writes or effect.action in _MAKING:
                self._made.add(effect.place, None)
            if effect.target is not None:
                self._made.add(effect.target, None)
        self._others = any(_runs_others(container))

    def may_be(self, source: Source) -> bool:
        """Whether the files may be its own."""
        return (
            self._others
            or self._made.any_holding(source.place)
            or self._made.any_at(source.place)
            or any(_meets(source.directory, own) for own in _own_directories(self._container))
        )


def _runs_others(container: ContainerView) -> Iterator[bool]:
    """Whether a program runs in a container of which nothing is known, beside those that are configured."""
    for process in container.processes:
        yield bool(process.doubts)
        for call in process.calls:
            yield not (call.known or call.command.configuration or call.command.has("starts-nothing"))
    image = container.image
    yield container.main.opaque and not (image is not None and image.role == "log-shipper")


def _own_directories(container: ContainerView) -> Iterator[str]:
    """Directories of a container's image in which it has files of its own."""
    image = container.image
    if image is not None:
        yield from image.needs
        yield from (path.rpartition("/")[0] for path in (*image.logs, *image.files) if path.count("/") > 1)
        yield from image.state
        yield from image.volumes


def _meets(directory: str, own: str) -> bool:
    return f"{directory}/".startswith(f"{own.rstrip('/')}/")


def lists_paths(mount: Mount) -> bool:
    """Whether a mount's path was meant as a list, which it is not."""
    return ",/" in mount.path.replace(" ", "")


def shippers(pod: PodView) -> Iterator[tuple[ContainerView, list[Source]]]:
    """The containers that run and follow files by their configuration, with what they follow."""
    for container in pod.running:
        followed = sources(container) if container.configured else []
        if followed:
            yield container, followed
