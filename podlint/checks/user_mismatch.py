"""user-mismatch: a container uses a file or a directory of another user, which does not let it in."""

from __future__ import annotations

from collections.abc import Iterator

from podlint.checks._privileged import operation, refused_calls
from podlint.checks._refusals import Refusal, refusals
from podlint.checks._users import User, user_of
from podlint.vocabulary import (
    Action,
    Call,
    ContainerView,
    Note,
    PlacedEffect,
    PodView,
    Problem,
    cause_at,
    rule,
)

_VERBS = {
    Action.READ: "read",
    Action.DELETE: "delete",
    Action.RMDIR: "delete",
    Action.RENAME: "rename",
    Action.MKDIR: "make",
    Action.SYMLINK: "make",
    Action.LINK: "make",
    Action.TRUNCATE: "truncate",
    Action.TOUCH: "touch",
}
_BITS = {"read": 4, "write": 2, "enter": 1}
_MASKS = {"read": "027", "write": "002", "enter": "027"}
"""A umask that lets the group do so."""


@rule
def check(pod: PodView) -> Iterator[Problem]:
    """Report what containers may not do on emptyDirs, as what is there belongs to other users, and what only
    root may do."""
    for refusal in refusals(pod):
        yield _problem(refusal) if refusal.rival is None else _rivalry(refusal, refusal.rival)
    for container, call in refused_calls(pod):
        yield _refused_call(container, call, user_of(container, built_in=pod.is_built_in))


def _refused_call(container: ContainerView, call: Call, user: User) -> Problem:
    """The problem with a command that only root may run, as all that it changes is root's."""
    return Problem(
        f'"{container.name}" runs "{operation(call)}" as {user}, and only root may',
        Note(call, f"done by {user}"),
        outcome='it fails with "Permission denied" and changes nothing',
        help="do it when the image is built, or run this container as root (runAsUser: 0)",
        container=container,
        # The calls of one program are one mistake.
        causes=((container, call.name), cause_at(container, call)),
    )


def _problem(refusal: Refusal) -> Problem:
    effect, owned, name = refusal.effect, refusal.owned, refusal.container.name
    denied = "Operation not permitted" if refusal.right == "own" else "Permission denied"
    return Problem(
        _message(refusal),
        Note(effect, f"done by {refusal.user}"),
        outcome=f'it fails with "{denied}": "{name}" runs as {refusal.user}, and {_reason(refusal)}',
        notes=tuple(_notes(refusal)),
        help=_help(refusal),
        container=refusal.container,
        certain=refusal.certain,
        # What is refused does not come to pass, whatever else is wrong with it.
        causes=(
            (refusal.container, owned.place.identity, str(owned.place.path)),
            *((effect.cause,) if refusal.certain else ()),
        ),
    )


def _rivalry(refusal: Refusal, rival: ContainerView) -> Problem:
    """The problem with a file that two containers make, each for itself."""
    effect, owned = refusal.effect, refusal.owned
    mine, theirs = refusal.container.name, rival.name
    if owned.user.number == 0:
        outcome = f'where "{theirs}" comes first, it fails with "Permission denied": the file is root\'s then'
    else:
        outcome = 'whoever comes second fails with "Permission denied": only its maker may write it'
    return Problem(
        f'"{mine}" and "{theirs}" write "{effect.path}" as {refusal.user} and {owned.user}',
        Note(effect, f"done by {refusal.user}"),
        outcome=outcome,
        notes=tuple(_notes(refusal)),
        help=_help(refusal),
        container=refusal.container,
        certain=refusal.certain,
        causes=(("both", owned.place.identity, str(owned.place.path)),),
    )


def _message(refusal: Refusal) -> str:
    effect, owned, name = refusal.effect, refusal.owned, refusal.container.name
    if refusal.right == "enter":
        return f'"{name}" may not enter "{_path(refusal)}", which belongs to {owned.user}'
    does = f'"{name}" may not {_verb(effect)} "{effect.path}"'
    if owned.place.must_be(effect.place):
        return f"{does}, which belongs to {owned.user}"
    return f"{does}: its directory belongs to {owned.user}"


def _verb(effect: PlacedEffect) -> str:
    if effect.action is Action.CHMOD:
        return "change the owner of" if effect.new_owner else "change the mode of"
    return _VERBS.get(effect.action, "write")


def _path(refusal: Refusal) -> str:
    """The path of what stands against it, as its container sees it."""
    path, owned = str(refusal.effect.path), refusal.owned.place.path
    below = str(refusal.effect.place.path)[len(str(owned).rstrip("/")) :].count("/")
    return path.rsplit("/", below)[0] or "/"


def _reason(refusal: Refusal) -> str:
    """Who may do it instead."""
    owned = refusal.owned
    if refusal.right == "own":
        return "only root may give files away" if refusal.effect.new_owner else "only its owner and root may"
    whom = "root" if owned.user.number == 0 else f"{owned.user} and root"
    if owned.mode >> 3 & _BITS[refusal.right]:
        whom = f"its group, {whom}"
    if owned.place.must_be(refusal.effect.place):
        return f"only {whom} may {refusal.right} it"
    does = "enter" if refusal.right == "enter" else "make and remove files in"
    return f'only {whom} may {does} "{_path(refusal)}"'


def _notes(refusal: Refusal) -> Iterator[Note]:
    owned = refusal.owned
    for seen in owned.seen:
        if seen.action is Action.CHMOD and seen.new_owner:
            yield Note(seen, f'given to "{seen.new_owner}" here')
        elif seen.action is Action.CHMOD:
            yield Note(seen, f"its mode is set to {seen.mode} here")
        elif seen.action is not Action.RENAME:
            usual = seen.umask in (None, 0o022)
            how = f" with mode {seen.mode}" if seen.mode else "" if usual else f" with umask {seen.umask:03o}"
            yield Note(seen, f'"{seen.container.name}" makes it{how}')
    if not owned.seen and owned.place.volume is not None:
        yield Note(owned.place.volume, "a directory of root, open to all")


def _help(refusal: Refusal) -> str:
    owned, group = refusal.owned, refusal.container.pod_spec.fs_group
    if refusal.right == "own":
        if owned.maker is None:
            return (
                "leave it out, as everybody may write an emptyDir; or do it in a container that runs as root"
            )
        return f'do it in "{owned.maker.name}", or run "{refusal.container.name}" as {owned.user}'
    by_mode = "mode 2775" if owned.is_directory else f"umask {_MASKS[refusal.right]}"
    made = f"make it with {by_mode}, or run both containers as one user"
    if group is None:
        return f"set `fsGroup` on the pod and {made}"
    return made if owned.group == group else f"give it to group {group} (fsGroup) and {made}"
