"""The two sides of a shared volume: where each container sees it, and paths that belong to the other side."""

from __future__ import annotations

from msgspec import Struct

from podlint.manifest.model import Mount
from podlint.shell.patterns import literal
from podlint.vocabulary import ContainerView, Kind, Place, PlacedEffect, PodView

COMMON = frozenset(
    {"/", "/tmp", "/var/tmp", "/run", "/var/run", "/etc", "/usr", "/home", "/root", "/dev", "/proc", "/sys"}
)
"""Directories that every container has of its own; a mount there says nothing about a path below."""
SHARED_KINDS = frozenset({"emptyDir", "ephemeral", "persistentVolumeClaim", "hostPath"})
"""Kinds of volumes by which containers hand files to one another."""


class OwnSide(Struct, frozen=True):
    """The path at which a container sees a place, and the mount that leads there."""

    path: str
    mount: Mount


def own_side(place: Place, container: ContainerView) -> OwnSide | None:
    """Where a container sees a place that another one names; None where it does not, or not certainly."""
    inside = place.path.literal
    if inside is None or place.volume is None or place.volume.kind == "hostPath":
        return None
    for mount in container.mounts_of(place):
        if mount.sub_path is None:
            continue
        top = f"/{mount.sub_path}" if mount.sub_path else ""
        if inside == top or inside.startswith(top + "/"):
            path = mount.path.rstrip("/") + inside[len(top) :]
            # A deeper mount may lie over it.
            if container.place_of(literal(path)).mount is mount:
                return OwnSide(path, mount)
    return None


class OtherSide(Struct, frozen=True):
    """A sibling that sees a volume at the path in question, and where the container itself sees the
    same file."""

    sibling: ContainerView
    mount: Mount
    own: OwnSide


def other_side(effect: PlacedEffect, pod: PodView) -> OtherSide | None:
    """The sibling whose side of a volume a path belongs to, where the container mounts the same volume
    elsewhere."""
    container, path = effect.container, effect.path.literal
    if path is None or effect.place.kind is not Kind.PRIVATE:
        return None
    for sibling in pod.containers:
        mount = sibling.files.mount_at(path) if sibling is not container else None
        volume = pod.volume(mount.volume) if mount is not None else None
        if mount is None or volume is None or volume.kind not in SHARED_KINDS or mount.path in COMMON:
            continue
        if path.startswith(mount.path + "/"):
            own = own_side(sibling.place_of(effect.path), container)
            if own is not None:
                return OtherSide(sibling, mount, own)
    return None


def lacks(container: ContainerView, path: str) -> bool:
    """Whether the image of a container surely has no file of that path: it has not even its directory."""
    image = container.image
    return (
        image is not None
        and bool(image.directories)
        and image.is_certain("directories")
        and (path.rpartition("/")[0] or "/") not in image.directories
    )
