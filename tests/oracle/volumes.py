"""Laying out volumes as kubelet does: directories, files, and ConfigMaps behind their `..data` link."""

from __future__ import annotations

import os

from .roots import write_file

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .plan import FilePlan, VolumePlan

GENERATION = "..2026_01_01_00_00_00.000000001"
"""The name of the directory that `..data` points to (kubelet uses a time stamp and a random number)."""


def lay_out(base: str, volume: VolumePlan) -> None:
    """Make the volume below `base`, named after its storage, unless it is there already."""
    path = f"{base}/{volume['storage']}"
    if os.path.lexists(path):
        return
    if volume["kind"] == "file":
        write_file(path, "".join(file["content"] for file in volume["files"].values()), volume["mode"])
        return
    os.makedirs(path)
    if volume["kind"] == "projected":
        _project(path, volume["files"])
    else:
        for name, file in volume["files"].items():
            _put(path, name, file)
    group = volume["group"]
    if group is None:
        os.chmod(path, volume["mode"])
        return
    # kubelet gives the volume to fsGroup: group, group write, and set-group-id on directories.
    for directory, _, files in os.walk(path):
        for name in files:
            if not os.path.islink(f"{directory}/{name}"):
                os.chown(f"{directory}/{name}", -1, group)
        os.chown(directory, -1, group)
        os.chmod(directory, 0o2777 if directory == path else 0o2775)


def _put(path: str, name: str, file: FilePlan) -> None:
    """Write one file before the pod starts; a name that ends in a slash makes a directory."""
    target = f"{path}/{name}"
    if name.endswith("/"):
        os.makedirs(target, exist_ok=True)
        return
    os.makedirs(os.path.dirname(target), exist_ok=True)
    write_file(target, file["content"], file["mode"] or 0o644)


def _project(path: str, files: dict[str, FilePlan]) -> None:
    """The layout of kubelet's AtomicWriter: user-visible names are links into `..data`."""
    os.mkdir(f"{path}/{GENERATION}")
    os.symlink(GENERATION, f"{path}/..data")
    for name, file in files.items():
        _put(f"{path}/{GENERATION}", name, file)
        first = name.split("/", 1)[0]
        if not os.path.lexists(f"{path}/{first}"):
            os.symlink(f"..data/{first}", f"{path}/{first}")


def resolve_sub_path(root: str, sub_path: str) -> str:
    """The host path of a subPath; what does not exist becomes a directory, as kubelet makes it.

    Links are followed once, now, and may not lead out of the volume (raises OSError).
    """
    target = os.path.realpath(f"{root}/{sub_path}")
    if target != root and not target.startswith(root + "/"):
        raise OSError(f"subPath {sub_path!r} leads out of its volume")
    if not os.path.exists(target):
        os.makedirs(target)
        # The kubelet makes it as open as the volume (makeMounts in pkg/kubelet/kubelet_pods.go).
        os.chmod(target, os.stat(root).st_mode & 0o7777)
    return target
