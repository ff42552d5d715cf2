"""Logs that nobody writes: a container follows them on a volume of the pod's own, and no other fills it."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from podlint.checks._missed_reads import OwnFiles
from podlint.checks._shipping import OwnOutput, Source, sources
from podlint.storage.index import PlaceIndex
from podlint.vocabulary import Action, ContainerView, Mount, PlacedEffect, PodView, late

_MAKING = frozenset({Action.TOUCH, Action.LINK, Action.SYMLINK, Action.MKDIR})
_CONFIGURATION = late(r"^/etc(?:/|$)|/etc/|conf|\.(?:ya?ml|json|ini|xml|toml)$|\.d$")
"""Paths of mounts that may tell a program to write elsewhere than its image does."""


class Unwritten(Struct, frozen=True):
    """Files that a container follows and nobody writes. `others`: the mounts of siblings that could show
    them; `writes`: what siblings write there instead; `elsewhere`: siblings whose image logs elsewhere."""

    source: Source
    others: tuple[tuple[ContainerView, Mount], ...]
    writes: tuple[PlacedEffect, ...]
    elsewhere: tuple[tuple[ContainerView, str], ...]


def unwritten(pod: PodView) -> Iterator[Unwritten]:
    """What containers follow though nobody writes it, each path once.

    Where one of several files on a volume is written, the others may be there in other pods, or later.
    """
    if pod.shares_processes:
        # Whoever sees the processes of a sibling may write through `/proc/<pid>/root`.
        return
    made: PlaceIndex[ContainerView] = PlaceIndex()
    for container in pod.containers:
        for effect in container.effects:
            if effect.action.writes or effect.action in _MAKING:
                made.add(effect.place, container)
            if effect.action is Action.RENAME and effect.target is not None:
                made.add(effect.target, container)
    for reader in pod.running:
        by_volume: dict[tuple[str, ...], list[Unwritten | None]] = {}
        for source in _followed(reader):
            by_volume.setdefault(source.place.identity, []).append(_nobody(source, made, pod))
        for logs in by_volume.values():
            if None not in logs:
                yield from (log for log in logs if log is not None)


def _followed(reader: ContainerView) -> Iterator[Source]:
    """What a container follows on a volume that starts empty, and surely does not write itself."""
    if reader.configured:
        output = OwnOutput(reader)
        for source in sources(reader):
            volume = source.place.volume
            if volume is not None and volume.starts_empty and not output.may_be(source):
                yield source
    own = OwnFiles(reader)
    for read in reader.effects.reading().certain():
        volume = read.volume
        if read.follow and volume is not None and volume.starts_empty and own.lack(read):
            yield Source(reader, read.span, read.path, read.place, True)


def _nobody(source: Source, made: PlaceIndex[ContainerView], pod: PodView) -> Unwritten | None:
    """That nobody writes some files; None where somebody does, or may."""
    if any(True for _ in made.holding(source.place)) or any(True for _ in made.at(source.place)):
        return None
    others: list[tuple[ContainerView, Mount]] = []
    elsewhere: list[tuple[ContainerView, str]] = []
    for other in pod.containers:
        mounts = other.mounts_of(source.place) if other is not source.container else ()
        others += [(other, mount) for mount in mounts]
        writable = [mount for mount in mounts if not mount.read_only]
        if not writable or other.understood:
            continue
        logs = _logs_elsewhere(other, writable)
        if logs is None:
            return None
        elsewhere.append((other, logs))
    writes = _other_files(source, others)
    return Unwritten(source, tuple(others), writes, tuple(elsewhere))


def _logs_elsewhere(container: ContainerView, mounts: list[Mount]) -> str | None:
    """The log of a container that runs as its image is made, and so writes nothing to a volume at a path that
    its image does not know; None where that is not so."""
    image, spec = container.image, container.spec
    if image is None or not image.logs or not (image.is_certain("logs") and image.is_certain("program")):
        return None
    told = bool(spec.argv or spec.env or spec.environment.open or spec.execs)
    if told or any(_CONFIGURATION.search(mount.path) for mount in spec.mounts):
        return None
    kept = (*image.logs, *image.files, *image.state, *image.needs, *image.volumes, image.directory)
    own = [path for path in kept if path not in ("", "/")]
    if any(_meet(mount.path, path) for mount in mounts for path in own):
        return None
    return image.logs[0]


def _meet(mounted: str, path: str) -> bool:
    """Whether one of two paths holds the other."""
    first, second = f"{mounted.rstrip('/')}/", f"{path}/"
    return first.startswith(second) or second.startswith(first)


def _other_files(source: Source, others: list[tuple[ContainerView, Mount]]) -> tuple[PlacedEffect, ...]:
    """What siblings write on that volume, under other names."""
    identity = source.place.identity
    containers = {id(container): container for container, _ in others}.values()
    return tuple(
        write
        for container in containers
        for write in container.effects.writing()
        if write.place.identity == identity and write.volume is not None
    )
