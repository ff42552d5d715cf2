"""lost-init-output: an init container writes what no later container can see."""

from __future__ import annotations

from collections.abc import Iterator

from podlint.checks._consumption import SCRATCH, Consumption
from podlint.checks._missed import POD_OWN
from podlint.checks._sides import COMMON, other_side
from podlint.findings import Finding, Label, Severity
from podlint.manifest.model import Mount, Role
from podlint.shell.effects import Action
from podlint.shell.patterns import split_last
from podlint.storage.places import Kind, place_of
from podlint.storage.view import ContainerView, Placed, PodView

RULE = "lost-init-output"

_OF_THE_POD = frozenset({"/etc/hosts", "/etc/hostname", "/etc/resolv.conf"})
"""Files that the kubelet mounts into all containers of a pod."""


def check(view: PodView) -> Iterator[Finding]:
    """Report the lost output of init containers, one finding for each of their directories."""
    if view.pod.partial:
        return
    for index, one in enumerate(view.containers):
        if one.container.role is Role.INIT:
            later = tuple(
                other
                for position, other in enumerate(view.containers)
                if other is not one and (position > index or other.concurrent)
            )
            consumption = Consumption(one)
            lost: dict[str, list[Placed]] = {}
            for placed in one.effects:
                if _is_lost(placed, one, later, consumption, view):
                    lost.setdefault(str(split_last(placed.effect.path)[0]), []).append(placed)
            for placeds in lost.values():
                yield _finding(placeds, one, later, view)


def _is_lost(
    placed: Placed,
    one: ContainerView,
    later: tuple[ContainerView, ...],
    consumption: Consumption,
    view: PodView,
) -> bool:
    effect, path = placed.effect, str(placed.effect.path)
    if not (effect.action.writes and effect.certain and effect.by) or _is_question(placed):
        return False
    if SCRATCH.search(path) or path in _OF_THE_POD or path in view.pod.annotations:
        return False
    if not _is_out_of_sight(placed, later) or consumption.takes(placed):
        return False
    # A path of the other side of a volume is a mistake of its own, which wrong-side-path reports.
    return other_side(placed, one, view) is None


def _is_question(placed: Placed) -> bool:
    """Whether a page is only fetched to see that somebody answers: nobody says where it is to go."""
    effect = placed.effect
    return effect.by in ("wget", "curl") and "://" in effect.text.value[effect.start : effect.end]


def _is_out_of_sight(placed: Placed, later: tuple[ContainerView, ...]) -> bool:
    """Whether the file is in the container's own root, or on a volume of the pod that nobody mounts later."""
    place = placed.place
    if place.kind is Kind.PRIVATE:
        return True
    own = place.volume is not None and place.volume.kind in POD_OWN
    return own and not any(other.mounts_of(place) for other in later)


def _finding(
    lost: list[Placed], one: ContainerView, later: tuple[ContainerView, ...], view: PodView
) -> Finding:
    first = lost[0]
    reader = next(filter(None, (_reader(placed, later) for placed in lost)), None)
    related = [Label(reader[1].effect.span.region(), f'"{reader[0].name}" reads it')] if reader else []
    spans = {first.effect.span}
    for placed in lost[1:]:
        if placed.effect.span not in spans:
            spans.add(placed.effect.span)
            related.append(Label(placed.effect.span.region(), "lost too"))
    theirs = _their_mount(first, later, view)
    if theirs is not None:
        holder, mount = theirs
        related.append(
            Label(mount.span.region(), f'"{holder.name}" mounts volume "{mount.volume}" at "{mount.path}"')
        )
    own = first.place.mount
    where = f'on volume "{own.volume}"' if own is not None else "on no volume"
    why = ", which no later container mounts" if own is not None else ": no other container can read it"
    return Finding(
        rule=RULE,
        severity=Severity.WARNING if all(_is_log(placed) for placed in lost) else Severity.ERROR,
        message=f'"{first.effect.path}" is lost when init container "{one.name}" ends, {where}{why}',
        primary=Label(first.effect.span.region(), where),
        related=tuple(related),
        help=_advice(first, one, theirs[1] if theirs else None),
        pod=view.pod.title,
        container=one.name,
    )


def _reader(placed: Placed, later: tuple[ContainerView, ...]) -> tuple[ContainerView, Placed] | None:
    """A later container whose script reads a file of that path."""
    for other in later:
        for read in other.effects:
            reads = read.effect.action in (Action.READ, Action.EXECUTE)
            if reads and read.effect.path.must_be(placed.effect.path):
                return other, read
    return None


def _is_log(placed: Placed) -> bool:
    """Whether only a report of what happened is lost, and not what was made."""
    path = str(placed.effect.path)
    return path.endswith(".log") or path.startswith("/var/log/")


def _their_mount(
    placed: Placed, later: tuple[ContainerView, ...], view: PodView
) -> tuple[ContainerView, Mount] | None:
    """A later container that has a volume where the file was put."""
    for other in later:
        mount = place_of(placed.effect.path, other.container, view.pod).mount
        if placed.place.mount is None and mount is not None and mount.path not in COMMON:
            return other, mount
    return None


def _advice(placed: Placed, one: ContainerView, theirs: Mount | None) -> str:
    """What is to be mounted where."""
    if placed.place.mount is not None:
        return f'mount volume "{placed.place.mount.volume}" in the container that is to have the file'
    if theirs is not None:
        return f'mount volume "{theirs.volume}" at "{theirs.path}" in "{one.name}" too'
    directory = split_last(placed.effect.path)[0].literal
    if directory in (None, *COMMON):
        return "write to an emptyDir that a later container mounts too"
    return f'mount an emptyDir at "{directory}", here and in the container that is to have the file'
