"""nested-under-readonly: a mount inside a read-only one, where nothing has made the directory for it."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from podlint.checks._waiting import started_before
from podlint.shell.patterns import literal, normalised
from podlint.vocabulary import (
    Action,
    ContainerView,
    Kind,
    Mount,
    Note,
    Place,
    PlacedEffect,
    PodView,
    Problem,
    cause_at,
    rule,
)

_MOST = 100
"""Mounts of one pod that are looked at: each is compared with all that its containers do."""


@rule
def check(pod: PodView) -> Iterator[Problem]:
    """Report one problem for each read-only mount that lacks the directory of another one."""
    for container, outer, inner in islice(_nested(pod), _MOST):
        place = _place_in(outer, inner, pod)
        if place is not None and not _may_be_there(place, container, pod):
            yield _problem(container, outer, inner, place)


def _nested(pod: PodView) -> Iterator[tuple[ContainerView, Mount, Mount]]:
    """Each mount that lies inside a read-only one, with the innermost around it."""
    for container in pod.containers:
        if not any(mount.read_only for mount in container.spec.mounts):
            continue
        for inner in container.spec.mounts:
            above = inner.path.rpartition("/")[0]
            outer = container.files.mount_at(above) if above else None
            if outer is not None and outer.read_only:
                yield container, outer, inner


def _place_in(outer: Mount, inner: Mount, pod: PodView) -> Place | None:
    """Where the directory would have to be; None where the volume may have it from before, or the kubelet
    makes it (MakeNestedMountpoints: in volumes that show keys)."""
    volume = pod.volume(outer.volume)
    if volume is None or outer.sub_path is None or not (volume.starts_empty or _is_claim(outer, pod)):
        return None
    rest = inner.path[len(outer.path.rstrip("/")) :]
    path = normalised(literal(f"/{outer.sub_path}/{rest}"))
    return Place(Kind.VOLUME, volume.identity, path, volume, outer)


def _is_claim(mount: Mount, pod: PodView) -> bool:
    volume = pod.volume(mount.volume)
    return volume is not None and volume.kind == "persistentVolumeClaim"


def _may_be_there(place: Place, container: ContainerView, pod: PodView) -> bool:
    """Whether somebody may have made the directory by the time that the container starts, or starts again."""
    before = started_before(container, pod)
    for other in (container, *before):
        if any(_makes(mount, place, other, container) for mount in other.mounts_of(place)):
            return True
    return any(_may_make(other, place) for other in before)


def _makes(mount: Mount, place: Place, other: ContainerView, container: ContainerView) -> bool:
    """Whether mounting makes the directory: the kubelet a subPath, the runtime what is mounted inside."""
    if mount.sub_path is None:
        return True
    made = Place(Kind.VOLUME, place.identity, normalised(literal(f"/{mount.sub_path}")))
    if mount.sub_path and place.may_hold(made):
        return True
    if mount.read_only or other is container:
        return False
    prefix = mount.path.rstrip("/") + "/"
    return any(one.path.startswith(prefix) for one in other.spec.mounts)


def _may_make(other: ContainerView, place: Place) -> bool:
    mounts = other.mounts_of(place)
    if not other.understood and any(not mount.read_only for mount in mounts):
        return True
    return any(
        made is not None and _brings(effect, made, place)
        for effect in (other.effects.making() if mounts else ())
        for made in (effect.place, effect.target)
    )


def _brings(effect: PlacedEffect, made: Place, place: Place) -> bool:
    """Whether with what an effect makes there may be a directory: it is that, or lies in it, or is around it
    and comes with all that it holds."""
    if made.may_be(place) or place.may_hold(made):
        return True
    # Copies of whole directories are effects on paths that are not fully known, too.
    whole = effect.action in (Action.RENAME, Action.SYMLINK) or made.path.literal is None
    return whole and made.may_hold(place)


def _problem(container: ContainerView, outer: Mount, inner: Mount, place: Place) -> Problem:
    volume = place.volume
    assert volume is not None
    directory = inner.path[len(outer.path.rstrip("/")) :].lstrip("/")
    empty = volume.starts_empty
    return Problem(
        f'"{container.name}" mounts "{inner.path}" inside "{outer.path}", which is read-only'
        + ("" if empty else " and may lack the directory"),
        Note(inner, "the runtime has to make a directory for this"),
        outcome=("" if empty else f'where volume "{volume.name}" has no "{directory}", ')
        + 'the container cannot start: "read-only file system"',
        notes=(
            Note(outer, "mounted read-only"),
            *((Note(volume, f'{volume.kind}: nobody makes "{directory}" in it'),) if empty else ()),
        ),
        help=f'mount "{outer.path}" without readOnly, or "{inner.path}" outside of it',
        container=container,
        minor=not empty,
        causes=(cause_at(container, outer),),
    )
