"""Where a path of a container really lives: a volume and a path in it, or the container's private root."""

from __future__ import annotations

import posixpath
from collections.abc import Mapping
from dataclasses import dataclass

from .plan import ContainerPlan, MountPlan, PodResult, VolumePlan

_MOST_LINKS = 40


@dataclass(frozen=True, slots=True)
class Place:
    """`volume` is None for the private root, where `path` is absolute; in a volume it is relative."""

    volume: str | None
    path: str


class Places:
    """A container's file system as its mounts make it. Links are those that were there at the end."""

    def __init__(self, container: ContainerPlan, volumes: list[VolumePlan], result: PodResult) -> None:
        self._projected = {volume["name"] for volume in volumes if volume["kind"] == "projected"}
        own = result["containers"][container["name"]]
        self._links = {f"/{path}": target for path, target in own["links"].items()}
        self._directories = {
            Place(volume, path)
            for volume, entries in result["volumes"].items()
            for path, entry in entries.items()
            if entry["kind"] == "dir"
        }
        self._mounts: list[tuple[str, MountPlan]] = []
        for mount in sorted(container["mounts"], key=lambda mount: mount["path"].count("/")):
            path = self.resolve(mount["path"], last=True)
            self._mounts.append((path, mount))
            if mount["volume"] not in self._projected:
                self._links |= _links_below(path, mount["sub_path"], result["volumes"][mount["volume"]])

    def place(self, path: str) -> Place:
        """The place of an absolute path; links in its parents are followed, the last component is not."""
        path = self.resolve(path)
        for mounted, mount in reversed(self._mounts):
            rest = _below(path, mounted)
            if rest is None:
                continue
            if mount["volume"] in self._projected:
                rest = _public_name(rest)
            inside = posixpath.normpath(posixpath.join(mount["sub_path"] or ".", rest))
            return Place(mount["volume"], inside)
        return Place(None, path)

    def is_directory(self, place: Place) -> bool:
        """Whether a volume has a directory there in the end (its own root is one)."""
        return place in self._directories or (place.volume is not None and place.path == ".")

    def resolve(self, path: str, *, last: bool = False) -> str:
        """An absolute path without `.`, `..`, and links; the last component is only followed with `last`."""
        done = "/"
        todo = [part for part in path.split("/") if part not in ("", ".")]
        followed = 0
        while todo:
            part = todo.pop(0)
            if part == "..":
                done = posixpath.dirname(done)
                continue
            here = posixpath.join(done, part)
            target = self._links.get(here) if todo or last else None
            if target is None or followed == _MOST_LINKS:
                done = here
                continue
            followed += 1
            todo = [part for part in target.split("/") if part not in ("", ".")] + todo
            if target.startswith("/"):
                done = "/"
        return done


def _links_below(mounted: str, sub_path: str, entries: Mapping[str, Mapping[str, object]]) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, entry in entries.items():
        rest = _below("/" + name, posixpath.normpath("/" + sub_path))
        if rest is not None and entry["kind"] == "link":
            found[posixpath.normpath(posixpath.join(mounted, rest))] = str(entry["target"])
    return found


def _below(path: str, parent: str) -> str | None:
    """`path` relative to `parent` ("." if they are equal), or None if it does not lie below."""
    if path == parent:
        return "."
    prefix = parent.rstrip("/") + "/"
    return path.removeprefix(prefix) if path.startswith(prefix) else None


def _public_name(path: str) -> str:
    """The name of a ConfigMap's file as users write it, also when it was reached through `..data`."""
    first, _, rest = path.partition("/")
    return rest if first.startswith("..") and rest else path
