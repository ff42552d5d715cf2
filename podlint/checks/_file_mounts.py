"""Mounts that are one file: the kernel lets nobody rename, replace or remove such a name."""

from __future__ import annotations

from podlint.vocabulary import Action, Claim, ContainerView, Mount, Place, PlacedEffect, cause_at


def file_mount_removed_by(effect: PlacedEffect) -> Mount | None:
    """The mount of a single file whose very path an effect renames, replaces by a rename, or removes."""
    mount = _mount_removed_by(effect)
    return mount if mount is not None and _is_file(mount, effect.container) else None


def frozen(effect: PlacedEffect) -> tuple[Claim, ...]:
    """That what an effect sees may be fixed by its mount, whatever is done about the effect itself."""
    mount = effect.mount
    return (Claim("frozen-subpath", cause_at(effect.container, mount)),) if mount and mount.sub_path else ()


def _mount_removed_by(effect: PlacedEffect) -> Mount | None:
    if effect.action is Action.RENAME:
        return _itself(effect.target) or _itself(effect.place)
    return _itself(effect.place) if effect.action is Action.DELETE else None


def _itself(place: Place | None) -> Mount | None:
    """The mount, where a place is its root."""
    if place is None or place.mount is None or place.mount.sub_path is None:
        return None
    volume = place.volume
    root = volume.source_name if volume is not None and volume.kind == "hostPath" else ""
    inside = "/".join(part for part in (root.rstrip("/"), place.mount.sub_path.strip("/")) if part)
    return place.mount if place.path.literal == "/" + inside.lstrip("/") else None


def _is_file(mount: Mount, container: ContainerView) -> bool:
    """Whether a mount is certainly, or as good as certainly, a single file.

    The kubelet makes a directory of a subPath that is not there (kubelet_pods.go, makeMounts); so in a
    ConfigMap of the run the key has to exist, and in an emptyDir nobody can say.
    """
    volume = container.pod_spec.volume(mount.volume)
    if volume is None or mount.sub_path is None:
        return False
    if volume.kind == "hostPath":
        return volume.source_type in ("File", "FileOrCreate", "Socket") and not mount.sub_path
    if not mount.sub_path:
        return False
    if volume.shows_keys:
        keys = container.files.names_in(volume)
        return mount.sub_path in keys if keys is not None else "/" not in mount.sub_path
    # On a claim the name has to tell.
    name = mount.sub_path.rpartition("/")[2]
    return not volume.starts_empty and "." in name[1:] and name == mount.path.rpartition("/")[2]
