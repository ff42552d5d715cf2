"""Places: where a path of a container really lives."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from enum import Enum
from functools import lru_cache
from itertools import takewhile

from msgspec import Struct
from msgspec.structs import replace

from podlint.knowledge.knowledge import DirectoryLink
from podlint.manifest.model import Container, FileKey, Mount, Pod, Volume
from podlint.shell.patterns import Hole, Pattern, concat, from_pieces, literal, normalised
from podlint.storage.mounts import MountIndex


class Kind(Enum):
    """What a place is on."""

    VOLUME = "volume"
    PRIVATE = "private"
    """The container's own layer: nobody else sees it, and it is gone when the container restarts."""
    DEVICE = "device"
    """/dev, /proc, /sys: no storage."""
    UNKNOWN = "unknown"


class Place(Struct, frozen=True):
    """Where a path lives. For a volume: its `identity`, the `path` in that storage, and the mount it is
    seen through.

    For a private place, `identity` is the container's name and `path` the path in it.
    """

    kind: Kind
    identity: tuple[str, ...]
    path: Pattern
    volume: Volume | None = None
    mount: Mount | None = None
    certain: bool = True
    """False where the path leads there by a link that the image may not have."""

    def may_be(self, other: Place) -> bool:
        """Whether both can be one file."""
        return self._same_storage(other) and self.path.may_be(other.path)

    def must_be(self, other: Place) -> bool:
        """Whether both certainly are one file."""
        return self._same_storage(other) and self.path.must_be(other.path)

    def may_hold(self, other: Place) -> bool:
        """Whether the other place can be this one or lie below it."""
        if not self._same_storage(other):
            return False
        mine, theirs = self.path.literal, other.path.literal
        if mine is not None and theirs is not None:
            return theirs == mine or theirs.startswith(mine.rstrip("/") + "/")
        if theirs is not None:
            known = len(self.path.prefix)
            longer = takewhile(lambda directory: len(directory) >= known, upwards(theirs))
            return any(self.path.may_be(literal(directory)) for directory in longer)
        return self.path.may_be(other.path) or _below(self.path).may_be(other.path)

    def _same_storage(self, other: Place) -> bool:
        return (
            self.kind is other.kind
            and self.kind in (Kind.VOLUME, Kind.PRIVATE)
            and self.identity == other.identity
        )


def upwards(path: str) -> Iterator[str]:
    """A path and all directories above it."""
    yield path
    while path != "/":
        path = path.rpartition("/")[0] or "/"
        yield path


@lru_cache(maxsize=1024)
def _below(path: Pattern) -> Pattern:
    """Whatever lies below a path. Rules ask this of one path for many others."""
    return normalised(concat((path, literal("/"), Pattern((Hole(),)))))


_DEVICES = ("/dev", "/proc", "/sys")
_BELOW_DEVICES = tuple(f"{device}/" for device in _DEVICES)
_NODE = ("hostPath",)


def place_of(
    path: Pattern, container: Container, pod: Pod, mounts: MountIndex, links: Sequence[DirectoryLink]
) -> Place:
    """The place of an absolute path: the mount with the longest path that is a whole-component prefix of it.

    `mounts` are those of the container, `links` the directories of its image that lead to others: a volume at
    either end shows at both. Unknown where the path is not absolute, or where its unknown parts could lead
    into another mount.
    """
    prefix, whole = path.prefix, path.literal
    if not prefix.startswith("/"):
        return Place(Kind.UNKNOWN, (), path)
    if whole is None and mounts.may_be_at_another(path):
        return Place(Kind.UNKNOWN, (), path)
    mount = _mount_of(path, mounts)
    if mount is not None:
        return _on_volume(path, mount, pod)
    for link in links if container.mounts else ():
        linked = _linked(path, link, mounts)
        mount = _mount_of(linked, mounts) if linked is not None else None
        if linked is not None and mount is not None and mount.path != "/":
            place = _on_volume(linked, mount, pod)
            return place if link.certain else replace(place, certain=False)
    if prefix.startswith(_BELOW_DEVICES) or whole in _DEVICES:
        return Place(Kind.DEVICE, (), path)
    return Place(Kind.PRIVATE, (container.name, str(container.span.start)), path)


def _linked(path: Pattern, link: DirectoryLink, mounts: MountIndex) -> Pattern | None:
    """The other name that a path has by a link of the image; None where it has none."""
    for one, other in ((link.path, link.target), (link.target, link.path)):
        if path.prefix.startswith(one + "/") or path.literal == one:
            # A volume above the link hides it.
            if mounts.at(link.path.rpartition("/")[0] or "/") is not None:
                return None
            return from_pieces((other + path.prefix[len(one) :], *path.pieces[1:]))
    return None


def _mount_of(path: Pattern, mounts: MountIndex) -> Mount | None:
    # What is not known may go on with the last component that is.
    prefix = path.prefix
    return mounts.at(prefix if path.literal is not None else prefix[: prefix.rindex("/")] or "/")


def place_of_variable(file: FileKey, pod: Pod) -> Place:
    """The place of the file that a variable is taken from. No container needs to mount its volume."""
    volume = pod.volume(file.volume)
    identity = volume.identity if volume is not None else ("undeclared", file.volume)
    return Place(Kind.VOLUME, identity, literal(file.path), volume)


def _on_volume(path: Pattern, mount: Mount, pod: Pod) -> Place:
    """The path in the volume's own storage."""
    volume = pod.volume(mount.volume)
    length = 0 if mount.path == "/" else len(mount.path)
    whole = path.literal
    if whole is not None and mount.sub_path is not None:
        # Nearly always: no patterns to put together.
        inside = normalised(literal(f"/{mount.sub_path}/{whole[length:]}"))
        return _in_storage(inside, mount, volume)
    rest = from_pieces((path.prefix[length:], *path.pieces[1:]))
    if mount.sub_path is None:
        rest = concat((literal("/"), Pattern((Hole("…"),)), rest))
    elif mount.sub_path:
        rest = concat((literal("/" + mount.sub_path.strip("/")), rest))
    inside = normalised(rest if rest.prefix.startswith("/") else concat((literal("/"), rest)))
    return _in_storage(inside, mount, volume)


def _in_storage(inside: Pattern, mount: Mount, volume: Volume | None) -> Place:
    identity = volume.identity if volume is not None else ("undeclared", mount.volume)
    if volume is not None and volume.kind == "hostPath":
        # Two host paths may be one inside the other: the node's own path tells.
        inside = normalised(concat((literal(volume.source_name.rstrip("/")), inside)))
        identity = _NODE
    return Place(Kind.VOLUME, identity, inside, volume, mount)


def mount_points(container: Container, pod: Pod) -> frozenset[str]:
    """Directories that exist because something is mounted there: the mounts (of files too, where a subPath
    names one that looks like a file they are left out) and all that lead to them."""
    known: set[str] = set()
    for mount in container.mounts:
        if not _is_file(mount) or _is_made_by_kubelet(mount, container, pod):
            known.add(mount.path)
        parts = mount.path.split("/")
        known.update("/".join(parts[:n]) or "/" for n in range(1, len(parts)))
    return frozenset(known)


def _is_made_by_kubelet(mount: Mount, container: Container, pod: Pod) -> bool:
    """Whether a subPath cannot be there yet: the kubelet then makes it, as a directory."""
    volume = pod.volume(mount.volume)
    if volume is None or volume.kind != "emptyDir" or not mount.sub_path:
        return False
    users = [one for one in pod.containers if any(m.volume == mount.volume for m in one.mounts)]
    return users == [container]


def _is_file(mount: Mount) -> bool:
    """A mount that may be a single file: by subPath, or of a host path with a suffix."""
    return mount.sub_path != "" or "." in mount.path.rpartition("/")[2]
