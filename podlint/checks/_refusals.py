"""What the kernel refuses a container on an emptyDir, as the file or the directory is another user's."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from podlint.checks._calls import call_of
from podlint.checks._ownership import ENTER, READ, WRITE, Owned, Ownership, above, happens
from podlint.checks._phases import phases
from podlint.checks._users import User, user_of
from podlint.vocabulary import Action, ContainerView, PlacedEffect, PodView

_INTO_FILES = frozenset({Action.APPEND, Action.REPLACE, Action.WRITE, Action.TRUNCATE, Action.TOUCH})
_NEW_NAMES = frozenset({*_INTO_FILES, Action.MKDIR, Action.SYMLINK, Action.LINK})
_TAKING = frozenset({Action.DELETE, Action.RMDIR, Action.RENAME})


class Refusal(Struct, frozen=True):
    """Something that a container does and may not do. `owned` is the file or the directory whose mode or
    owner stands against it, `right` what is missing: "read", "write", "enter", or "own"."""

    effect: PlacedEffect
    user: User
    owned: Owned
    right: str
    certain: bool
    rival: ContainerView | None = None
    """A container that makes the file just as well: then it is refused to whoever comes second."""

    @property
    def container(self) -> ContainerView:
        """The container that does it."""
        return self.effect.container


def refusals(pod: PodView) -> Iterator[Refusal]:
    """All that is refused in a pod because of users, in the order of the containers."""
    if not any(volume.kind == "emptyDir" for volume in pod.spec.volumes):
        return

    def is_judged(container: ContainerView) -> bool:
        user = user_of(container, built_in=pod.is_built_in)
        return user.is_not_root and bool(container.effects.on("emptyDir"))

    if not any(is_judged(container) for container in pod.containers):
        return
    for container, known in phases(pod, is_judged):
        user = known.user(container)
        for effect in container.effects:
            judged = _is_judged(effect)
            rivalry = _rivalry(effect, user, known) if judged else None
            if rivalry is not None:
                yield rivalry
            refused = _refused(effect, user, known) if judged else None
            if refused is None:
                known.follow(effect)
                continue
            owned, right = refused
            certain = owned.certain and not known.may_change(owned)
            yield Refusal(effect, user, owned, right, certain)


def _is_judged(effect: PlacedEffect) -> bool:
    mount = effect.mount
    read_only = mount is not None and mount.read_only and effect.action is not Action.READ
    return happens(effect) and not (effect.failure_handled or effect.as_another or read_only)


def _refused(effect: PlacedEffect, user: User, known: Ownership) -> tuple[Owned, str] | None:
    """What stands against an effect, and the right that is missing."""
    container, place = effect.container, effect.place
    for directory in above(place):
        owned = known.at(directory)
        if owned is not None and not owned.is_directory:
            return None  # it fails for another reason
        if owned is not None and not owned.lets(user, container, ENTER):
            return owned, "enter"
    there = known.at(place)
    if effect.action is Action.CHMOD:
        if there is not None and not _may_change(there, effect, user):
            return there, "own"
        return None
    if effect.action is Action.READ:
        readable = there is None or there.is_directory or there.lets(user, container, READ)
        return None if readable or there is None else (there, "read")
    if there is not None and effect.action in _INTO_FILES:
        writable = there.is_directory or there.lets(user, container, WRITE) or _replaces(effect)
        return None if writable else (there, "write")
    if effect.action in _TAKING:
        concerned = there is not None and effect.to != effect.path
    else:
        concerned = effect.action in _NEW_NAMES and there is None and known.is_new(place)
    parent = known.at(next(above(place), place))
    if concerned and parent is not None and not parent.lets(user, container, WRITE | ENTER):
        return parent, "write"
    return None


def _rivalry(effect: PlacedEffect, user: User, known: Ownership) -> Refusal | None:
    """What is refused where another container has made the file first; for sure where the other one is
    refused it, too, if it comes second."""
    both = known.rivals(effect.place) if effect.action in _INTO_FILES else None
    if both is None or _replaces(effect):
        return None
    ours, theirs = both
    if theirs.maker is None or theirs.lets(user, effect.container, WRITE):
        return None
    either = not ours.lets(theirs.user, theirs.maker, WRITE)
    certain = either and not known.may_change(ours) and not known.may_change(theirs)
    return Refusal(effect, user, theirs, "write", certain, theirs.maker)


def _may_change(owned: Owned, effect: PlacedEffect, user: User) -> bool:
    """Whether a user may be one who may do this to a mode or an owner."""
    return not (user.is_certainly_not(owned.user) and "?" not in (effect.mode, effect.new_owner))


def _replaces(effect: PlacedEffect) -> bool:
    """Whether a command puts a new file in the place of one that it may not write (`cp -f`)."""
    call = None if effect.is_redirection else call_of(effect)
    if call is None:
        return not effect.is_redirection
    words = [field.value.prefix for field in call.fields[1:]]
    return any(
        word in ("--force", "--remove-destination") or (word[:1] == "-" and "f" in word) for word in words
    )
