"""unbounded-growth: a file that only grows, on storage that it will fill."""

from __future__ import annotations

from collections.abc import Iterator

from podlint.checks._consumption import SCRATCH, Consumption
from podlint.checks._growing_files import Bounds, growing, is_dated, is_of_image, is_periodic
from podlint.shell.effects import Action, Hold
from podlint.shell.patterns import split_last
from podlint.storage.places import Kind
from podlint.storage.view import ContainerView, PlacedEffect, PodView
from podlint.vocabulary import Note, Problem, rule

_POD_OWN = ("emptyDir", "ephemeral")
"""Volumes that nobody outside of the pod can see, and therefore rotate."""


@rule
def check(pod: PodView) -> Iterator[Problem]:
    """Report growing files, one finding for each; the logs of an image together, by their mount."""
    files: dict[tuple[object, ...], list[tuple[PlacedEffect, ContainerView]]] = {}
    bounds = Bounds(pod)
    for container in pod.running:
        consumption = Consumption(container)
        for placed in growing(container, bounds):
            if not _is_told(placed, consumption, pod):
                files.setdefault(_file(placed, container), []).append((placed, container))
    for writes in files.values():
        writes.sort(key=lambda write: write[0].span.start)
        yield _finding(writes, pod)


def _file(placed: PlacedEffect, container: ContainerView) -> tuple[object, ...]:
    place = placed.place
    path = place.path
    return (place.kind, place.identity, split_last(path)[0] if is_of_image(placed, container) else path)


def _is_told(placed: PlacedEffect, consumption: Consumption, pod: PodView) -> bool:
    """Whether unmounted-write reports this very write: what nobody can read should not be written there."""
    return (
        placed.place.kind is Kind.PRIVATE
        and placed.process.kind == "main"
        and len(pod.running) > 1
        and not pod.spec.share_process_namespace
        and not SCRATCH.search(str(placed.path))
        and not consumption.may_use(placed)
    )


def _finding(writes: list[tuple[PlacedEffect, ContainerView]], pod: PodView) -> Problem:
    placed, one = writes[0]
    mount, volume = placed.place.mount, placed.place.volume
    related = [
        Note(other.span, f'"{writer.name}" adds to it too')
        for other, writer in writes[1:]
        if other.span != placed.span
    ]
    if volume is not None:
        related.append(Note(volume.span, _about_volume(placed)))
    of_image = is_of_image(placed, one)
    region = mount.span if of_image and mount is not None else placed.span
    return Problem(
        certain=_ends_badly(placed, one),
        message=f"{_deed(placed, one)}, and {_neglect(placed, one)}: {_consequence(placed, one)}",
        at=Note(region, "their number grows" if is_dated(placed, one) else "only grows"),
        notes=tuple(related),
        help=_advice(placed, one),
        container=one,
    )


def _ends_badly(placed: PlacedEffect, container: ContainerView) -> bool:
    """Whether it surely comes to an end that hurts: eviction, or no memory left."""
    volume, effect = placed.place.volume, placed
    ends = volume is not None and (bool(volume.size_limit) or volume.medium == "Memory")
    sure = effect.certain and effect.hold is not Hold.UNKNOWN and not is_of_image(placed, container)
    return ends and sure


def _deed(placed: PlacedEffect, container: ContainerView) -> str:
    path = placed.path
    if is_dated(placed, container):
        return f'"{container.name}" begins new logs in "{split_last(path)[0]}" each day'
    if is_of_image(placed, container):
        return f'"{container.name}" logs to "{split_last(path)[0]}"'
    if is_periodic(placed):
        return f'the {placed.process.kind} of "{container.name}" appends to "{path}" each time'
    if placed.hold is Hold.UNKNOWN and placed.program != "tee":
        return f'the output of "{container.name}" goes to "{path}"'
    if placed.action is Action.APPEND:
        return f'"{container.name}" appends to "{path}" for ever'
    return f'"{container.name}" writes on and on to "{path}"'


def _neglect(placed: PlacedEffect, container: ContainerView) -> str:
    """What nobody does about it; beyond the pod only the pod's own volumes are out of reach."""
    volume = placed.place.volume
    nothing = "nothing" if volume is None or volume.kind in _POD_OWN else "nothing in this pod"
    if is_dated(placed, container):
        return f"{nothing} removes the old ones"
    return f"{nothing} rotates {'its logs' if is_of_image(placed, container) else 'it'}"


def _consequence(placed: PlacedEffect, container: ContainerView) -> str:
    mount, volume = placed.place.mount, placed.place.volume
    if mount is None or volume is None:
        return "the container's own layer fills the node's disk"
    name = f'volume "{mount.volume}"'
    if volume.medium == "Memory":
        if volume.size_limit:
            return f"{name} is memory, and writing fails when it holds its sizeLimit of {volume.size_limit}"
        return f'{name} is memory, and "{container.name}" is killed when it reaches its memory limit'
    if volume.size_limit:
        return f"the pod is evicted when {name} exceeds its sizeLimit of {volume.size_limit}"
    if volume.kind == "hostPath":
        return f"unless the node does, {name} fills the node's disk"
    return f"{name} fills the node's disk" if volume.kind == "emptyDir" else f"{name} gets full"


def _about_volume(placed: PlacedEffect) -> str:
    volume = placed.place.volume
    assert volume is not None
    if volume.kind == "hostPath":
        return f'"{volume.source_name}" on the node'
    if volume.kind == "persistentVolumeClaim" and volume.source_name:
        return f'the claim "{volume.source_name}"'
    if volume.kind != "emptyDir":
        return f'a volume of kind "{volume.kind}"'
    kind = "memory" if volume.medium == "Memory" else "an emptyDir"
    return f"{kind} of at most {volume.size_limit}" if volume.size_limit else f"{kind} without a sizeLimit"


def _advice(placed: PlacedEffect, container: ContainerView) -> str:
    if is_periodic(placed):
        return "print to standard output instead: the kubelet shows it when the probe fails"
    volume = placed.place.volume
    deed = "copy and truncate it now and then"
    if is_dated(placed, container):
        deed = f"delete old ones now and then, as `find {split_last(placed.path)[0]} -mtime +7 -delete`"
    elif is_of_image(placed, container):
        deed = "copy and truncate them now and then"
    if volume is not None and volume.kind == "emptyDir" and not volume.size_limit:
        deed += " and give the volume a sizeLimit"
    return f"{deed}, or write to standard output, which the kubelet rotates"
