"""Whose the files and directories on the emptyDirs of a pod are, and whom their modes let in.

An emptyDir is empty when the pod starts, so that what scripts make there is all that is there. What cannot be
followed is forgotten: a path of which nothing is known for sure is never refused to anybody.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from podlint.checks._calls import call_of
from podlint.checks._users import NOBODY_KNOWS, ROOT, User, named, user_of
from podlint.digits import number_of
from podlint.shell.file_modes import changed
from podlint.shell.patterns import literal
from podlint.vocabulary import Action, ContainerView, Kind, Place, PlacedEffect, PodView

_MAKING = frozenset(
    {Action.APPEND, Action.REPLACE, Action.WRITE, Action.TOUCH, Action.TRUNCATE, Action.MKDIR}
)
READ, WRITE, ENTER = 4, 2, 1
"""The rights in a mode, of which it has three times three."""
_OPEN = 0o777
"""The mode of an emptyDir (kubernetes `pkg/volume/emptydir/empty_dir.go`), and of the directories that the
kubelet makes in it for a subPath (`pkg/kubelet/kubelet_pods.go`)."""

_Key: TypeAlias = tuple[tuple[str, ...], str]


class Owned(Struct, frozen=True):
    """A file or a directory: whose it is, and at most which mode it has.

    `maker` is the container that made it, None for the kubelet; `seen` are the effects that made it and that
    changed it. `certain`: nothing else can have changed it that is not understood.
    """

    place: Place
    user: User
    group: int | None
    mode: int
    is_directory: bool
    maker: ContainerView | None = None
    seen: tuple[PlacedEffect, ...] = ()
    certain: bool = True

    def lets(self, user: User, container: ContainerView, bits: int) -> bool:
        """Whether a user may have all of some rights (4 to read, 2 to write, 1 to enter)."""
        if not user.is_not_root or not user.is_certainly_not(self.user):
            return True
        if self.mode & bits == bits:
            return True
        return self.mode >> 3 & bits == bits and not self._is_strange_to(container)

    def _is_strange_to(self, container: ContainerView) -> bool:
        """Whether a container certainly lacks its group."""
        spec, pod = container.spec, container.pod_spec
        if self.group is None or spec.run_as_group is None:
            return False
        return self.group not in (spec.run_as_group, pod.fs_group, *pod.supplemental_groups)


class Changes(Struct, frozen=True):
    """What one container does: what is known of the places that it changes, and where it makes something
    under a name that is not known."""

    known: dict[_Key, Owned | None]
    vague: tuple[Place, ...]


class Ownership:
    """What is known of the emptyDirs of a pod at some point of its life."""

    def __init__(self, pod: PodView) -> None:
        self._pod = pod
        self._known: dict[_Key, Owned | None] = {}
        self._vague: list[Place] = []
        """Where something was made under a name that is not known."""
        self._rivals: dict[_Key, tuple[Owned, Owned]] = {}
        self._strangers: list[ContainerView] = []
        """Containers of which not all is understood that had the chance to change something."""

    def copy(self) -> Ownership:
        """What is known, to be followed in another direction."""
        other = Ownership(self._pod)
        other._known = dict(self._known)
        other._vague, other._strangers = list(self._vague), list(self._strangers)
        return other

    def user(self, container: ContainerView) -> User:
        """The user of a container."""
        return user_of(container, built_in=self._pod.is_built_in)

    def at(self, place: Place) -> Owned | None:
        """What is known of a place; None for nothing."""
        path = place.path.literal
        if path is None or not _is_followed(place):
            return None
        key = (place.identity, path)
        return self._known[key] if key in self._known else self._root(place, path)

    def rivals(self, place: Place) -> tuple[Owned, Owned] | None:
        """What becomes of a place where its container makes it, and where another does, that runs at the same
        time: who comes first cannot be known."""
        path = place.path.literal
        return self._rivals.get((place.identity, path)) if path is not None else None

    def is_new(self, place: Place) -> bool:
        """Whether nobody can have made a place."""
        key = (place.identity, place.path.literal)
        return key not in self._known and not any(one.may_be(place) for one in self._vague)

    def may_change(self, owned: Owned) -> bool:
        """Whether somebody who is not understood may have given it another mode or owner."""
        return any(
            one.mounts_of(owned.place) and _has_power(self.user(one), owned) for one in self._strangers
        )

    def _root(self, place: Place, path: str) -> Owned | None:
        """The directory of the volume itself."""
        return self._made_by_kubelet(place) if path == "/" else None

    def _made_by_kubelet(self, place: Place) -> Owned:
        assert place.volume is not None
        mode = _OPEN if place.volume.mode is None else place.volume.mode & 0o777
        group = self._pod.spec.fs_group
        # The kubelet lets the group of `fsGroup` read, write and enter (`pkg/volume/volume_linux.go`).
        mode |= 0 if group is None else 0o070
        return Owned(place, ROOT, group or 0, mode, is_directory=True)

    # What containers do.

    def start(self, container: ContainerView) -> None:
        """The kubelet makes what is missing of a subPath when a container starts."""
        for mount in container.spec.mounts:
            place = container.place_of(literal(mount.path))
            if not mount.sub_path or not _is_followed(place):
                continue
            for one in (place, *above(place)):
                if one.path.literal is not None and self.at(one) is None and self.is_new(one):
                    self._known[one.identity, one.path.literal] = self._made_by_kubelet(one)

    def follow_all(self, container: ContainerView) -> None:
        """What is known after all effects of a container."""
        for effect in container.effects:
            self.follow(effect)

    def follow(self, effect: PlacedEffect) -> None:
        """What is known after an effect."""
        container, mount = effect.container, effect.mount
        if mount is not None and mount.read_only:
            return
        user = NOBODY_KNOWS if effect.as_another else self.user(container)
        sure = happens(effect) and effect.process is container.main
        match effect.action:
            case Action.CHMOD if _is_followed(effect.place):
                self._change(effect, user, sure)
            case Action.RENAME:
                self._rename(effect, sure)
            case Action.DELETE | Action.RMDIR if _is_followed(effect.place):
                self._forget(effect.place)
            case Action.SYMLINK | Action.LINK if _is_followed(effect.place):
                self._hide(effect.place)
            case action if action in _MAKING and _is_followed(effect.place):
                self._make(effect, user, sure)

    def _make(self, effect: PlacedEffect, user: User, sure: bool) -> None:
        place, path = effect.place, effect.place.path.literal
        if path is None:
            self._vague.append(place)
            return
        key = (place.identity, path)
        if key in self._known or self.at(place) is not None:
            return
        mode = _mode_made(effect)
        if not sure or mode is None or not self.is_new(place):
            self._known[key] = None
            return
        parent = self.at(_above(place))
        if parent is None or not parent.is_directory:
            self._known[key] = None
            return
        if not parent.lets(user, effect.container, WRITE | ENTER):
            return
        group = None
        if parent.maker is None and not parent.seen:
            # Without the setgid bit, which `fsGroup` brings, it is that of the process.
            group = self._pod.spec.fs_group
            group = effect.container.spec.run_as_group if group is None else group
        self._known[key] = Owned(
            place, user, group, mode, effect.action is Action.MKDIR, effect.container, (effect,)
        )

    def _change(self, effect: PlacedEffect, user: User, sure: bool) -> None:
        place, path = effect.place, effect.place.path.literal
        if path is None or not sure:
            for key, owned in self._known.items():
                if owned is not None and (place.may_be(owned.place) or place.may_hold(owned.place)):
                    self._known[key] = None
            if path is not None:
                self._known[place.identity, path] = None
            return
        top = self.at(place)
        if top is not None:
            self._known[place.identity, path] = top
        for key, owned in self._known.items():
            concerned = place.must_be(owned.place) if owned is not None else False
            if owned is not None and (concerned or (effect.recursive and place.may_hold(owned.place))):
                self._known[key] = _after_change(owned, effect, user)

    def _rename(self, effect: PlacedEffect, sure: bool) -> None:
        assert effect.target is not None
        owned = self.at(effect.place) if sure else None
        if _is_followed(effect.place):
            self._forget(effect.place)
        if not _is_followed(effect.target):
            return
        path = effect.target.path.literal
        self._forget(effect.target)
        if path is None:
            self._vague.append(effect.target)
        elif owned is not None and not owned.is_directory and self._is_beside(effect):
            self._known[effect.target.identity, path] = replace(
                owned, place=effect.target, seen=(*owned.seen, effect)
            )
        else:
            self._known[effect.target.identity, path] = None

    def _is_beside(self, effect: PlacedEffect) -> bool:
        """Whether a rename stays on the volume, and leads to a directory that is there."""
        target = effect.target
        return (
            target is not None
            and target.identity == effect.place.identity
            and self.at(_above(target)) is not None
        )

    def _forget(self, place: Place) -> None:
        for key, owned in self._known.items():
            if owned is not None and (place.may_be(owned.place) or place.may_hold(owned.place)):
                self._known[key] = None
        self._hide(place)

    def _hide(self, place: Place) -> None:
        path = place.path.literal
        if path is None:
            self._vague.append(place)
        else:
            self._known[place.identity, path] = None

    def passed(self, container: ContainerView, sidecars: list[ContainerView]) -> None:
        """An init container has come to its end: what it may have done besides what was followed, and what
        sidecars that run already may have made before it."""
        for key, owned in self._known.items():
            if owned is not None and any(self._may_make(sidecar, owned) for sidecar in sidecars):
                self._known[key] = None
        if container.understood:
            return
        user = self.user(container)
        for key, owned in self._known.items():
            if owned is None or not container.mounts_of(owned.place):
                continue
            if owned.maker is container:
                self._known[key] = replace(owned, certain=False)
            elif _has_power(user, owned):
                self._known[key] = None
        self._strangers.append(container)

    def since(self, before: Ownership) -> Changes:
        """What is known now and was not before, or was otherwise; directories first."""
        nothing = object()
        known = {
            key: owned for key, owned in self._known.items() if before._known.get(key, nothing) is not owned
        }
        return Changes(dict(sorted(known.items())), tuple(self._vague[len(before._vague) :]))

    def beside(self, other: ContainerView, changes: Changes, own: ContainerView, by_own: Changes) -> None:
        """Another container runs at the same time as `own`; `changes` are what it does by itself."""
        for key, theirs in changes.known.items():
            if key in self._known or theirs is None or theirs.maker is not other:
                self._known[key] = None
                self._rivals.pop(key, None)
                continue
            either = self._may_make(own, theirs)
            ours = by_own.known.get(key)
            self._known[key] = None if either else theirs
            if either and ours is not None and ours.maker is own:
                self._rivals[key] = (ours, theirs)
        self._vague += changes.vague
        if not other.understood:
            self._strangers.append(other)

    def _may_make(self, container: ContainerView, owned: Owned | None) -> bool:
        """Whether a container may be the one who makes something: not in a directory that is closed to it."""
        if owned is None or not container.effects.that(_makes).meeting(owned.place):
            return False
        parent = self.at(_above(owned.place))
        return parent is None or parent.lets(self.user(container), container, WRITE | ENTER)


def _is_followed(place: Place) -> bool:
    """Whether a place is on an emptyDir."""
    return place.kind is Kind.VOLUME and place.volume is not None and place.volume.kind == "emptyDir"


def _makes(effect: PlacedEffect) -> bool:
    return effect.action in _MAKING or effect.action.makes


def _above(place: Place) -> Place:
    path = place.path.literal or "/"
    return replace(place, path=literal(path.rpartition("/")[0] or "/"))


def above(place: Place) -> Iterator[Place]:
    """The directories above a place, from the nearest to the root of its volume."""
    while place.path.literal not in ("/", None):
        place = _above(place)
        yield place


def happens(effect: PlacedEffect) -> bool:
    """Whether an effect is certain, as far as there is something to do."""
    if effect.certain or not effect.only_if_needed or effect.action is not Action.MKDIR:
        return effect.certain
    call = call_of(effect)
    return call is not None and call.certain and effect.container.reached and effect.path.literal is not None


def _has_power(user: User, owned: Owned) -> bool:
    """Whether a user may be one who can change a mode or an owner."""
    return not (user.is_not_root and user.is_certainly_not(owned.user))


def _mode_made(effect: PlacedEffect) -> int | None:
    """At most which mode it has when it is made; None where that is not known."""
    if effect.umask is None:
        return None
    if effect.mode:
        return changed(0o777, effect.mode, directory=True, umask=effect.umask)
    if effect.is_redirection:
        return 0o666 & ~effect.umask
    masks = effect.container.knowledge.command(effect.command).has("masks-modes")
    return 0o777 & ~effect.umask if masks else None


def _after_change(owned: Owned, effect: PlacedEffect, user: User) -> Owned | None:
    """What is known after `chmod` or `chown`; None where nothing is."""
    if user.is_not_root and user.is_certainly_not(owned.user):
        return owned  # it is refused
    seen = (*owned.seen, effect)
    if effect.mode:
        if effect.umask is None or not (user.number == 0 or user == owned.user):
            return None
        mode = changed(owned.mode, effect.mode, directory=owned.is_directory, umask=effect.umask)
        return None if mode is None else replace(owned, mode=mode, seen=seen)
    name, colon, group = effect.new_owner.replace(".", ":", 1).partition(":")
    if user.number != 0 or "?" in effect.new_owner:
        return None
    return replace(
        owned,
        user=named(name) if name else owned.user,
        group=number_of(group) if colon else owned.group,
        seen=seen,
    )
