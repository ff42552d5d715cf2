"""frozen-subpath: a mount by subPath of something that is replaced, or made, after the container starts."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from podlint.checks._published_links import PublishedLink, published_links
from podlint.checks._waiting import Loops, asked, may_make
from podlint.shell.patterns import literal
from podlint.storage.index import PlaceIndex
from podlint.vocabulary import (
    Action,
    ContainerView,
    Mount,
    Note,
    Place,
    PlacedEffect,
    PodView,
    Problem,
    Role,
    Volume,
    cause_at,
    rule,
)

_MOST = 100
"""Mounts of one pod that are looked at: each is compared with all that its containers do."""
_ORDER = {Role.INIT: 0, Role.SIDECAR: 0, Role.APP: 1, Role.EPHEMERAL: 2}
_DONE = {Action.RENAME: "renames", Action.DELETE: "removes", Action.SYMLINK: "replaces"}


@rule
def check(pod: PodView) -> Iterator[Problem]:
    """Report one problem for each mount by subPath that shows something old, or nothing."""
    fixed = (
        (container, mount)
        for container in pod.containers
        for mount in container.spec.mounts
        if _is_fixed(mount, pod)
    )
    mounts = list(islice(fixed, _MOST))
    if not mounts:
        return
    links, replaced, written = list(published_links(pod)), _replaced(pod), _written(pod)
    for container, mount in mounts:
        place = container.place_of(literal(mount.path))
        found = (
            next(_linked(container, mount, place, links), None)
            or next(_moved(container, mount, place, replaced), None)
            or next(_awaited(container, mount, place, pod), None)
            or next(_early(container, mount, place, written, pod), None)
        )
        if found is not None:
            yield found


def _is_fixed(mount: Mount, pod: PodView) -> bool:
    """Whether a mount shows what lay at one path of a volume when the container started (kubelet: a subPath
    is resolved once), and the containers of the pod may write there."""
    volume = pod.volume(mount.volume)
    return bool(mount.sub_path) and volume is not None and not volume.is_always_read_only


def _linked(
    container: ContainerView, mount: Mount, place: Place, links: list[PublishedLink]
) -> Iterator[Problem]:
    """A link, or something in what it leads to."""
    for link in links:
        if link.place.may_hold(place):
            publisher = link.container.name
            below = str(place.path)[len(str(link.place.path)) :]
            whole = f'"{mount.volume}" without subPath'
            yield _problem(
                container,
                mount,
                f'which "{publisher}" replaces',
                f'"{container.name}" keeps what was there when it started, and sees nothing once '
                f'"{publisher}" removes that',
                (Note(link.at, f'"{publisher}" makes the link "{link.path}" anew for each version'),),
                f"mount volume {whole}, and follow the link in it"
                + (f' to "{below.lstrip("/")}"' if below else ""),
                certain=link.certain,
            )


def _replaced(pod: PodView) -> PlaceIndex[PlacedEffect]:
    """What running containers put in place of something again and again."""
    found: PlaceIndex[PlacedEffect] = PlaceIndex()
    for effect in pod.effects.doing(*_DONE).repeated():
        if effect.container.is_running and effect.place.path.literal is not None:
            found.add(effect.place, effect)
            if effect.target is not None and effect.action is Action.RENAME:
                found.add(effect.target, effect)
    return found


def _moved(
    container: ContainerView, mount: Mount, place: Place, replaced: PlaceIndex[PlacedEffect]
) -> Iterator[Problem]:
    for effect in replaced.at(place):
        # Nobody can rename what is mounted at that very path.
        if effect.container is container and effect.mount is mount:
            continue
        other = effect.container.name
        yield _problem(
            container,
            mount,
            f'which "{other}" {_DONE[effect.action]}',
            f'"{container.name}" keeps what was there when it started, and has no part in what comes next',
            (Note(effect, f'"{other}" {_DONE[effect.action]} it again and again'),),
            f'mount volume "{mount.volume}" as a directory, without subPath',
            certain=effect.certain,
        )


def _awaited(container: ContainerView, mount: Mount, place: Place, pod: PodView) -> Iterator[Problem]:
    """A loop that waits for the mount itself to become a file."""
    volume = pod.volume(mount.volume)
    earlier = _before(container, pod)
    loops = Loops(container.knowledge)
    for call in container.main.calls:
        question = asked(call) if call.certain else None
        if question is None or question.operator != "-f" or question.path.value.literal != mount.path:
            continue
        if not loops.await_success(call.text, call.start, negated=question.negated):
            continue
        if volume is None or any(_may_bring(other, place, volume) for other in earlier):
            continue
        yield _problem(
            container,
            mount,
            f'and waits for it at "{mount.path}"',
            f'the kubelet makes a directory of what is not there yet, and "{container.name}" waits for ever',
            (Note(question.path.span, "a directory is no file"),),
            f'mount volume "{mount.volume}" as a directory, without subPath, and wait for the file in it',
            certain=volume.starts_empty,
        )


def _may_bring(container: ContainerView, place: Place, volume: Volume) -> bool:
    """Whether a container that is there before may have made a file. Where the volume outlives the pod,
    having it is enough."""
    return may_make(container, place) if volume.starts_empty else bool(container.mounts_of(place))


def _written(pod: PodView) -> PlaceIndex[PlacedEffect]:
    """What is surely written into a file."""
    found: PlaceIndex[PlacedEffect] = PlaceIndex()
    for effect in pod.effects.writing().certain():
        if effect.volume is not None and effect.volume.starts_empty and effect.place.path.literal is not None:
            found.add(effect.place, effect)
    return found


def _early(
    container: ContainerView, mount: Mount, place: Place, written: PlaceIndex[PlacedEffect], pod: PodView
) -> Iterator[Problem]:
    """A file that only a container writes which starts later: the mount has made a directory of it."""
    earlier = _before(container, pod)
    there = {id(one) for one in (*earlier, container)}
    effect = next((effect for effect in written.at(place) if id(effect.container) not in there), None)
    if effect is not None and not any(may_make(one, place) for one in earlier):
        other = effect.container
        yield _problem(
            container,
            mount,
            f'which "{other.name}" is to write later',
            f'the kubelet makes a directory of this name, and "{other.name}" fails: "Is a directory"',
            (Note(effect, f'"{other.name}" starts after "{container.name}"'),),
            f'mount volume "{mount.volume}" as a directory, without subPath',
            certain=True,
        )


def _before(container: ContainerView, pod: PodView) -> list[ContainerView]:
    """The containers that the kubelet starts before one: in the order in which they stand, the init
    containers first."""
    ordered = sorted(pod.containers, key=lambda one: _ORDER[one.spec.role])
    return ordered[: next(index for index, one in enumerate(ordered) if one is container)]


def _problem(
    container: ContainerView,
    mount: Mount,
    what: str,
    outcome: str,
    notes: tuple[Note, ...],
    help: str,
    *,
    certain: bool,
) -> Problem:
    return Problem(
        f'"{container.name}" mounts "{mount.sub_path}" of volume "{mount.volume}" by subPath, {what}',
        Note(mount.sub_path_span or mount.span, "looked up once, when the container starts"),
        outcome=outcome,
        notes=notes,
        help=help,
        container=container,
        certain=certain,
        causes=(cause_at(container, mount),),
    )
