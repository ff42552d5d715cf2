"""lost-init-output: an init container writes what no later container can see."""

from __future__ import annotations

from collections.abc import Iterator

from podlint.checks._consumption import SCRATCH, Consumption
from podlint.checks._volume_sides import COMMON, other_side
from podlint.manifest.model import Mount, Role
from podlint.shell.effects import Action
from podlint.shell.patterns import split_last
from podlint.storage.places import Kind, place_of
from podlint.storage.view import ContainerView, PlacedEffect, PodView
from podlint.vocabulary import Note, Problem, rule

_OF_THE_POD = frozenset({"/etc/hosts", "/etc/hostname", "/etc/resolv.conf"})
"""Files that the kubelet mounts into all containers of a pod."""


@rule
def check(pod: PodView) -> Iterator[Problem]:
    """Report the lost output of init containers, one finding for each of their directories."""
    for index, one in enumerate(pod.containers):
        if one.spec.role is Role.INIT:
            later = tuple(
                other
                for position, other in enumerate(pod.containers)
                if other is not one and (position > index or other.is_running)
            )
            consumption = Consumption(one)
            lost: dict[str, list[PlacedEffect]] = {}
            for placed in one.effects:
                if _is_lost(placed, one, later, consumption, pod):
                    lost.setdefault(str(split_last(placed.path)[0]), []).append(placed)
            for placeds in lost.values():
                yield _finding(placeds, one, later, pod)


def _is_lost(
    placed: PlacedEffect,
    container: ContainerView,
    later: tuple[ContainerView, ...],
    consumption: Consumption,
    pod: PodView,
) -> bool:
    effect, path = placed, str(placed.path)
    if not (effect.action.writes and effect.certain and effect.by) or _is_question(placed):
        return False
    if SCRATCH.search(path) or path in _OF_THE_POD or path in pod.spec.annotations:
        return False
    if not _is_out_of_sight(placed, later) or consumption.may_use(placed):
        return False
    # A path of the other side of a volume is a mistake of its own, which wrong-side-path reports.
    return other_side(placed, pod) is None


def _is_question(placed: PlacedEffect) -> bool:
    """Whether a page is only fetched to see that somebody answers: nobody says where it is to go."""
    effect = placed
    return effect.by in ("wget", "curl") and "://" in effect.text.value[effect.start : effect.end]


def _is_out_of_sight(placed: PlacedEffect, later: tuple[ContainerView, ...]) -> bool:
    """Whether the file is in the container's own root, or on a volume of the pod that nobody mounts later."""
    place = placed.place
    if place.kind is Kind.PRIVATE:
        return True
    own = place.volume is not None and place.volume.starts_empty
    return own and not any(other.mounts_of(place) for other in later)


def _finding(
    lost: list[PlacedEffect], container: ContainerView, later: tuple[ContainerView, ...], pod: PodView
) -> Problem:
    first = lost[0]
    reader = next(filter(None, (_reader(placed, later) for placed in lost)), None)
    related = [Note(reader[1].span, f'"{reader[0].name}" reads it')] if reader else []
    spans = {first.span}
    for placed in lost[1:]:
        if placed.span not in spans:
            spans.add(placed.span)
            related.append(Note(placed.span, "lost too"))
    theirs = _their_mount(first, later, pod)
    if theirs is not None:
        holder, mount = theirs
        related.append(Note(mount.span, f'"{holder.name}" mounts volume "{mount.volume}" at "{mount.path}"'))
    own = first.place.mount
    where = f'on volume "{own.volume}"' if own is not None else "on no volume"
    why = ", which no later container mounts" if own is not None else ": no other container can read it"
    return Problem(
        certain=not (all(_is_log(placed) for placed in lost)),
        message=f'"{first.path}" is lost when init container "{container.name}" ends, {where}{why}',
        at=Note(first.span, where),
        notes=tuple(related),
        help=_advice(first, container, theirs[1] if theirs else None),
        container=container,
    )


def _reader(
    placed: PlacedEffect, later: tuple[ContainerView, ...]
) -> tuple[ContainerView, PlacedEffect] | None:
    """A later container whose script reads a file of that path."""
    for other in later:
        for read in other.effects:
            reads = read.action in (Action.READ, Action.EXECUTE)
            if reads and read.path.must_be(placed.path):
                return other, read
    return None


def _is_log(placed: PlacedEffect) -> bool:
    """Whether only a report of what happened is lost, and not what was made."""
    path = str(placed.path)
    return path.endswith(".log") or path.startswith("/var/log/")


def _their_mount(
    placed: PlacedEffect, later: tuple[ContainerView, ...], pod: PodView
) -> tuple[ContainerView, Mount] | None:
    """A later container that has a volume where the file was put."""
    for other in later:
        mount = place_of(placed.path, other.spec, pod.spec).mount
        if placed.place.mount is None and mount is not None and mount.path not in COMMON:
            return other, mount
    return None


def _advice(placed: PlacedEffect, container: ContainerView, theirs: Mount | None) -> str:
    """What is to be mounted where."""
    if placed.place.mount is not None:
        return f'mount volume "{placed.place.mount.volume}" in the container that is to have the file'
    if theirs is not None:
        return f'mount volume "{theirs.volume}" at "{theirs.path}" in "{container.name}" too'
    directory = split_last(placed.path)[0].literal
    if directory in (None, *COMMON):
        return "write to an emptyDir that a later container mounts too"
    return f'mount an emptyDir at "{directory}", here and in the container that is to have the file'
