"""restart-not-idempotent: a container that does not do the same when it runs again."""

from __future__ import annotations

from collections.abc import Iterator

from podlint.checks._calls import call_of, holds
from podlint.checks._failing import fails_with
from podlint.vocabulary import (
    Action,
    Call,
    ContainerView,
    Effects,
    Note,
    PlacedEffect,
    PodView,
    Problem,
    Repeats,
    Role,
    late,
    rule,
)

_LASTING = frozenset({"persistentVolumeClaim", "hostPath", "nfs"})
"""Volumes that the next pod finds as the last one has left them."""
_MOST = 50
"""Commands of a container that are looked at."""
_RENEWED = frozenset(
    {"Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "ReplicationController", "CronJob"}
)
"""Kinds of which one pod comes after another."""
_RECORD = late(r"(?i)log|history|journal|audit|record|count|\.out\b")
"""Names of files that are meant to grow."""

_BEGINNING = (Action.REPLACE, Action.WRITE, Action.TRUNCATE, Action.DELETE, Action.RENAME)


@rule
def check(pod: PodView) -> Iterator[Problem]:
    """Report commands that fail at the second run of a container, and files that init containers lengthen."""
    for index, container in enumerate(pod.containers):
        yield from _failing(container, pod)
        if container.spec.role is Role.INIT:
            yield from _lengthened(container, pod.containers[:index], pod)


def _failing(container: ContainerView, pod: PodView) -> Iterator[Problem]:
    main = container.main
    calls = (one for one in main.calls if one.certain and one.repeats is Repeats.ONCE)
    refusing = [(call, what) for call in calls if (what := _refuses(call, container))]
    making = container.effects.making().certain() if refusing else Effects()
    for call, what in refusing[:_MOST]:
        made = _made(call, making) if not call.failure_handled and not call.job else None
        if made is None or not _is_found_again(made, pod) or _is_removed(made, pod):
            continue
        if fails_with(call, main):
            yield _fails(call, what, made, container, pod)
            return
        if made.action.writes and not call.command.has("makes-pipes"):
            yield _goes_stale(call, what, made, container)


def _refuses(call: Call, container: ContainerView) -> str:
    """The name of a command that refuses to make what is there, "" for all others."""
    words = [field.value.literal or "" for field in call.fields[1:]]
    command, count = container.knowledge.sub_command(call.name, words)
    return " ".join((call.name, *words[:count])) if command.has("refuses-existing") else ""


def _made(call: Call, making: Effects) -> PlacedEffect | None:
    """What a call surely makes on a volume, first of all."""
    for effect in making:
        if effect.process.kind == "main" and effect.command == call.name and holds(call, effect):
            sure = not effect.only_if_needed and effect.path.literal is not None
            return effect if sure and effect.volume is not None else None
    return None


def _is_lasting(effect: PlacedEffect) -> bool:
    return effect.volume is not None and effect.volume.kind in _LASTING


def _is_found_again(made: PlacedEffect, pod: PodView) -> bool:
    """Whether the container may run again with what it has made."""
    again = pod.spec.restart_policy != "Never" and made.volume is not None and made.volume.starts_empty
    return _is_lasting(made) or again


def _is_removed(made: PlacedEffect, pod: PodView) -> bool:
    """Whether somebody removes it, or may."""
    taking = pod.effects.doing(Action.DELETE, Action.RMDIR, Action.RENAME)
    return any(effect.place.may_hold(made.place) and not _makes_anew(effect) for effect in taking)


def _makes_anew(effect: PlacedEffect) -> bool:
    """Whether the command that removes something makes it at once, as `tar` and `git` may."""
    call = call_of(effect)
    making = effect.container.effects.doing(Action.WRITE, Action.MKDIR)
    return call is not None and any(holds(call, one) and one.command == call.name for one in making)


def _fails(call: Call, what: str, made: PlacedEffect, container: ContainerView, pod: PodView) -> Problem:
    name, volume = container.name, made.volume.name if made.volume is not None else ""
    path = str(made.path).partition("/.git/")[0]
    again = "again and again (CrashLoopBackOff)"
    init = container.spec.role is Role.INIT
    once = init and not _goes_on(call, container)
    if _is_lasting(made):
        outcome = f'the next pod finds it on volume "{volume}", and there "{name}" fails each time'
    elif once:
        outcome = f'when the node has been restarted, "{name}" fails {again}'
    elif init:
        outcome = f'once a later command of "{name}" has failed, it fails {again}'
    else:
        outcome = f"after its first restart it fails {again}"
    return Problem(
        f'"{what}" fails when "{name}" runs again: "{path}" is there already',
        Note(call, "fails where it is there"),
        outcome=outcome,
        help="remove it first, or do so only where it is missing"
        + (" (`mkdir -p`)" if made.action is Action.MKDIR else ""),
        container=container,
        certain=_is_lasting(made) and pod.spec.kind in _RENEWED,
        minor=not _is_lasting(made) and once,
    )


def _goes_stale(call: Call, what: str, made: PlacedEffect, container: ContainerView) -> Problem:
    path = str(made.path).partition("/.git/")[0]
    return Problem(
        f'"{what}" fails when "{container.name}" runs again: "{path}" is there already',
        Note(call, "fails where it is there"),
        outcome="the script goes on with what has been there before",
        help="remove it first, or do so only where it is missing",
        container=container,
        minor=True,
    )


def _goes_on(call: Call, container: ContainerView) -> bool:
    """Whether a command comes after it that may fail."""
    return any(
        later.order > call.order and later.certain and not later.command.has("passive")
        for later in container.main.calls
    )


# Files that get longer.


def _lengthened(
    container: ContainerView, before: tuple[ContainerView, ...], pod: PodView
) -> Iterator[Problem]:
    around = [other for other in before if other.spec.role is Role.INIT] + [container]
    for effect in container.effects.doing(Action.APPEND).certain().once_per_path():
        path = effect.path.literal
        if effect.process is not container.main or path is None or effect.repeats is not Repeats.ONCE:
            continue
        if _RECORD.search(path) or not _is_found_again(effect, pod) or _may_be_begun_anew(effect, around):
            continue
        yield _lengthens(effect, path, container, pod)


def _may_be_begun_anew(append: PlacedEffect, around: list[ContainerView]) -> bool:
    """Whether the file may have been emptied, removed or replaced before."""
    for container in around:
        if not container.understood and container.mounts_of(append.place):
            return True
        own = container is append.container
        for effect in container.effects.doing(*_BEGINNING):
            place = effect.target if effect.action is Action.RENAME else effect.place
            earlier = not own or effect.order < append.order
            if earlier and place is not None and place.may_hold(append.place):
                return True
    return False


def _lengthens(append: PlacedEffect, path: str, container: ContainerView, pod: PodView) -> Problem:
    lasting = _is_lasting(append)
    when = "the next pod" if lasting else "when it runs again, the container"
    return Problem(
        f'"{container.name}" appends to "{path}" each time it runs',
        Note(append, "appended here"),
        outcome=f"{when} finds the file as it is now, and what is written is there twice",
        help="begin the file anew with the first line that is written (`>`)",
        container=container,
        certain=False,
        minor=not lasting or pod.spec.kind not in _RENEWED,
        # Containers that take turns at one file are one mistake.
        causes=(("lengthened", append.place.identity, str(append.place.path)),),
    )
