"""lost-init-output: an init container writes what no later container can see."""

from __future__ import annotations

from collections.abc import Iterator

from podlint.checks._consumption import SCRATCH, Consumption
from podlint.checks._last_steps import last_steps
from podlint.checks._refused_changes import refusal_cause
from podlint.checks._volume_sides import COMMON
from podlint.manifest.model import Mount, Role
from podlint.shell.patterns import split_last
from podlint.vocabulary import (
    Action,
    Claim,
    ContainerView,
    Kind,
    Note,
    PlacedEffect,
    PodView,
    Problem,
    rule,
)

_OF_THE_POD = frozenset({"/etc/hosts", "/etc/hostname", "/etc/resolv.conf"})
"""Files that the kubelet mounts into all containers of a pod."""
_MOST = 50
"""Files of which a finding looks for a reader, and places that it names."""


@rule
def check(pod: PodView) -> Iterator[Problem]:
    """Report the lost output of init containers, one finding for each of their directories."""
    for index, container in enumerate(pod.containers):
        if container.spec.role is not Role.INIT:
            continue
        yield from last_steps(container)
        earlier = pod.containers[: index + 1]
        later = [other for other in pod.containers if other.is_running or other not in earlier]
        consumption = Consumption(container)
        directories: dict[str, list[PlacedEffect]] = {}
        for write in container.effects.writing().certain():
            if _is_lost(write, later, pod) and not consumption.may_use(write):
                directories.setdefault(str(split_last(write.path)[0]), []).append(write)
        for lost in directories.values():
            yield _problem(lost, later)


def _is_lost(write: PlacedEffect, later: list[ContainerView], pod: PodView) -> bool:
    path = str(write.path)
    return (
        not write.is_image_default
        and not _is_question(write, pod)
        and not SCRATCH.search(path)
        and path not in _OF_THE_POD
        and not pod.mentions(path)
        and _is_out_of_sight(write, later)
    )


def _is_question(write: PlacedEffect, pod: PodView) -> bool:
    """Whether a page is only fetched to see that somebody answers: nobody says where it is to go."""
    downloads = pod.knowledge.command(write.command).has("downloads")
    return downloads and "://" in write.text.value[write.start : write.end]


def _is_out_of_sight(write: PlacedEffect, later: list[ContainerView]) -> bool:
    """Whether the file is in the container's own root, or on a volume of the pod that nobody mounts later and
    from which no variable is taken."""
    if write.place.kind is Kind.PRIVATE:
        return True
    of_the_pod = write.volume is not None and write.volume.starts_empty
    return of_the_pod and not any(
        other.mounts_of(write.place) or any(file.may_be(write.place) for file in other.variable_files)
        for other in later
    )


def _problem(lost: list[PlacedEffect], later: list[ContainerView]) -> Problem:
    first, container = lost[0], lost[0].container
    reader = next((read for write in lost[:_MOST] for read in _reads(write, later)), None)
    notes = [Note(reader, f'"{reader.container.name}" reads it')] if reader is not None else []
    spans = list(dict.fromkeys(write.span for write in lost))
    notes += [Note(span, "lost too") for span in spans[1:_MOST]]
    theirs = _their_mount(first, later)
    if theirs is not None:
        holder, mount = theirs
        notes.append(Note(mount, f'"{holder.name}" mounts volume "{mount.volume}" at "{mount.path}"'))
    name, volume = container.name, first.mount.volume if first.mount is not None else None
    if volume is None:
        message = f'init container "{name}" writes "{first.path}", which is on no volume'
        outcome = f'the file is lost when "{name}" ends, and no other container gets it'
    else:
        message = f'init container "{name}" writes "{first.path}" to a volume that no later container mounts'
        outcome = "no container ever reads the file, and it is deleted with the pod"
    return Problem(
        message,
        Note(first, "in its own root file system" if volume is None else f'on volume "{volume}"'),
        outcome=outcome,
        notes=tuple(notes),
        help=_advice(first, theirs[1] if theirs else None),
        container=container,
        certain=not all(_is_log(write) for write in lost),
        yields_to=tuple(_better_reports(lost)),
    )


def _better_reports(lost: list[PlacedEffect]) -> Iterator[Claim]:
    """What other rules say of these writes: that they went to the wrong side, or are refused."""
    for write in lost:
        yield Claim("wrong-side-path", write.cause)
        yield Claim("unread-env-file", write.cause)
        if write.mount is not None and write.mount.read_only:
            yield Claim("readonly-mount-write", refusal_cause(write.container, write.mount))


def _reads(write: PlacedEffect, later: list[ContainerView]) -> Iterator[PlacedEffect]:
    """Where later containers read or run a file of that path."""
    for other in later:
        for effect in other.effects.doing(Action.READ, Action.EXECUTE):
            if effect.path.must_be(write.path):
                yield effect


def _is_log(write: PlacedEffect) -> bool:
    """Whether only a report of what happened is lost, and not what was made."""
    path = str(write.path)
    return path.endswith(".log") or path.startswith("/var/log/")


def _their_mount(write: PlacedEffect, later: list[ContainerView]) -> tuple[ContainerView, Mount] | None:
    """A later container that has a volume where the file was put on none."""
    for other in later if write.mount is None else ():
        mount = other.place_of(write.path).mount
        if mount is not None and mount.path not in COMMON:
            return other, mount
    return None


def _advice(write: PlacedEffect, theirs: Mount | None) -> str:
    """What is to be mounted where."""
    if write.mount is not None:
        return f'mount volume "{write.mount.volume}" in the container that is to have the file'
    if theirs is not None:
        return f'mount volume "{theirs.volume}" at "{theirs.path}" in "{write.container.name}" too'
    directory = split_last(write.path)[0].literal
    if directory in (None, *COMMON):
        return "write to an emptyDir that a later container mounts too"
    return f'mount an emptyDir at "{directory}", here and in the container that is to have the file'
