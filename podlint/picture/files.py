"""The rows of volumes and files, and what containers do to them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable

from msgspec.structs import replace

from podlint.manifest.model import Mount, Volume
from podlint.picture.model import Act, Flow
from podlint.picture.rows import Gathered, cut, spot
from podlint.shell.effects import Action
from podlint.shell.endpoints import Endpoint
from podlint.shell.patterns import Pattern, split_last
from podlint.storage.places import Kind, Place
from podlint.storage.veil import Veil
from podlint.storage.view import ContainerView, PlacedEffect, PodView

MAX_COMPARED = 4096
"""How often, in one pod, a path that is not fully known is compared with one that is."""

_VERBS = {
    Action.READ: ("reads", Flow.TAKES),
    Action.EXECUTE: ("runs", Flow.TAKES),
    Action.APPEND: ("appends", Flow.GIVES),
    Action.REPLACE: ("overwrites", Flow.GIVES),
    Action.WRITE: ("writes", Flow.GIVES),
    Action.RENAME: ("renames", Flow.NEITHER),
    Action.DELETE: ("deletes", Flow.NEITHER),
    Action.RMDIR: ("deletes", Flow.NEITHER),
    Action.MKDIR: ("makes directory", Flow.NEITHER),
    Action.LINK: ("links", Flow.NEITHER),
    Action.SYMLINK: ("links", Flow.NEITHER),
    Action.TRUNCATE: ("truncates", Flow.NEITHER),
    Action.CHMOD: ("changes mode", Flow.NEITHER),
    Action.TOUCH: ("touches", Flow.NEITHER),
}
_ADDED = "kube-api-access-"
"""How the volumes are called that the API server adds to each pod (ServiceAccount admission)."""
_NOTES = {
    Kind.PRIVATE: "on no volume",
    Kind.DEVICE: "device",
    Kind.UNKNOWN: "not known where",
}


class Files:
    """The rows of what is stored: volumes with their files, then paths that are on none."""

    def __init__(self, pod: PodView, veil: Veil) -> None:
        self._veil = veil
        self._pod = pod
        self._volumes: dict[Hashable, Gathered] = {}
        self._files: dict[tuple[Hashable, str], Gathered] = {}
        self._others: dict[tuple[Kind, str], Gathered] = {}
        self._users: defaultdict[str, set[int]] = defaultdict(set)
        self._made: set[str] = set()
        for volume in pod.spec.volumes:
            self._declare(volume)

    def rows(self) -> list[Gathered]:
        """All rows, those of files within those of their volumes."""
        self._match()
        for (kind, path), row in self._others.items():
            # What one container makes and another uses by the same name may be meant to be one file.
            row.quiet = kind is not Kind.PRIVATE or path not in self._made or len(self._users[path]) < 2
        for row in self._volumes.values():
            row.quiet = row.label.startswith(_ADDED) and not row.members
        return [*self._volumes.values(), *self._others.values()]

    def add(self, column: int, container: ContainerView) -> None:
        """Add what a container mounts, and what it does to files."""
        for mount in container.spec.mounts:
            self._mount(column, mount)
        for effect in container.effects:
            self._effect(column, effect)
        taken = [entry for entry in container.spec.env if entry.file is not None]
        for entry, place in zip(taken, container.variable_files, strict=True):
            act = Act("reads", cut(f"for {entry.name}"), Flow.TAKES, True, "once", spot(entry.span))
            self._at(place).add(column, act, entry.span)

    def add_socket(self, column: int, container: ContainerView, endpoint: Endpoint, act: Act) -> None:
        """Add that a container listens on a Unix socket, or connects to it."""
        self._at(container.place_of(endpoint.address)).add(column, act, endpoint.span)
        self._users[str(endpoint.address)].add(column)
        if act.flow is Flow.TAKES:
            self._made.add(str(endpoint.address))

    def _declare(self, volume: Volume) -> None:
        note = f"{volume.kind} {volume.source_name}" if volume.source_name else volume.kind
        row = self._volumes.get(volume.identity)
        if row is None:
            self._volumes[volume.identity] = row = Gathered("volume", cut(volume.name), cut(note))
        elif volume.name not in row.label.split(", "):
            row.label = cut(f"{row.label}, {volume.name}")
        row.declared.append(volume.span)

    def _volume(self, name: str) -> Gathered:
        volume = self._pod.volume(name)
        if volume is not None:
            return self._volumes[volume.identity]
        return self._volumes.setdefault(("undeclared", name), Gathered("volume", cut(name), "not declared"))

    def _mount(self, column: int, mount: Mount) -> None:
        verb = "mounts read-only" if mount.read_only else "mounts"
        inside = "" if mount.sub_path == "" else f" from {mount.sub_path or '…'}"
        act = Act(verb, cut(mount.path + inside), Flow.NEITHER, True, "once", spot(mount.span))
        row = self._volume(mount.volume)
        for span in filter(None, (mount.span, mount.volume_span, mount.sub_path_span)):
            row.places.append((column, span))
        row.add(column, act)

    def _effect(self, column: int, effect: PlacedEffect) -> None:
        # What only the image says stands where the container is named, and so do findings about all of it.
        span = None if effect.is_image_default else effect.span
        row = self._at(effect.place)
        if row.kind != "volume" or effect.action is not Action.MKDIR:
            # The directory of a volume is there; `mkdir -p` asks for it on its way.
            row.add(column, self._act(effect), span)
        # A directory alone is nothing that two would share.
        self._use(column, effect.path, effect.action.makes and effect.action is not Action.MKDIR)
        if effect.action is Action.RENAME and effect.target is not None and effect.to is not None:
            detail = f"from {self._other(effect.to, effect.path)}"
            act = replace(self._act(effect), detail=cut(detail), flow=Flow.GIVES)
            self._at(effect.target).add(column, act)
            self._use(column, effect.to, makes=True)

    def _act(self, effect: PlacedEffect) -> Act:
        verb, flow = _VERBS[effect.action]
        detail = f"to {self._other(effect.path, effect.to)}" if effect.to is not None else ""
        if effect.follow:
            verb, detail = "follows", f"by {effect.follow}"
        elif effect.new_owner:
            verb, detail = "changes owner", f"to {self._shown(effect.new_owner)}"
        elif effect.action is Action.CHMOD and effect.mode:
            detail = f"to {self._shown(effect.mode)}"
        return Act(verb, cut(detail), flow, effect.certain, effect.repeats.value, spot(effect.span))

    def _other(self, path: Pattern, other: Pattern) -> str:
        """The other path of a rename or a link: in the same directory its name is enough."""
        directory, name = split_last(other)
        return self._shown(name if str(split_last(path)[0]) == str(directory) else other)

    def _shown(self, text: object) -> str:
        return self._veil.value(str(text), told=True)

    def _use(self, column: int, path: object, makes: bool) -> None:
        self._users[str(path)].add(column)
        if makes:
            self._made.add(str(path))

    def _at(self, place: Place) -> Gathered:
        """The row of a place. What is on no volume is known by its path alone, so that what two containers
        have under one name is seen side by side."""
        path = str(place.path)
        if place.kind is not Kind.VOLUME:
            kind = {Kind.PRIVATE: "private", Kind.DEVICE: "device"}.get(place.kind, "unknown")
            other = Gathered(kind, cut(self._shown(path)), _NOTES[place.kind])
            return self._others.setdefault((place.kind, path), other)
        name = place.mount.volume if place.mount is not None else place.identity[-1]
        volume = self._volume(place.volume.name if place.volume is not None else name)
        root = (
            place.volume.source_name if place.volume is not None and place.identity == ("hostPath",) else ""
        )
        if path.rstrip("/") == root.rstrip("/"):
            return volume
        key = (place.identity, path)
        if key not in self._files:
            self._files[key] = volume.members[key] = Gathered("file", cut(self._shown(path)), path=place.path)
        return self._files[key]

    def _match(self) -> None:
        """Tell of each file that is known what is done to it by a path that may mean it."""
        storages: defaultdict[Hashable, list[Gathered]] = defaultdict(list)
        for (identity, _), row in self._files.items():
            storages[identity].append(row)
        left = MAX_COMPARED
        for rows in storages.values():
            known = [row for row in rows if row.path is not None and row.path.literal is not None]
            for row in rows:
                if row.path is None or row.path.literal is not None:
                    continue
                for one in known[:left]:
                    if one.path is not None and row.path.may_be(one.path):
                        _repeat(row, one)
                left -= min(left, len(known))


def _repeat(row: Gathered, meant: Gathered) -> None:
    for column, acts in row.acts.items():
        known = list(meant.acts.get(column, {}).values())
        for act in acts.values():
            if any(one.verb == act.verb or one.flow is act.flow is not Flow.NEITHER for one in known):
                continue
            detail = f"{act.detail}, as {row.label}" if act.detail else f"as {row.label}"
            meant.add(column, replace(act, detail=cut(detail), certain=False))
