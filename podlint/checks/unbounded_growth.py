"""unbounded-growth: a file that only grows, on storage that it will fill."""

from __future__ import annotations

from collections.abc import Iterator

from podlint.checks._consumption import SCRATCH, Consumption
from podlint.checks._growth import Bounds, growing, is_dated, is_of_image, is_periodic
from podlint.findings import Finding, Label, Severity
from podlint.shell.effects import Action, Hold
from podlint.shell.patterns import split_last
from podlint.storage.places import Kind
from podlint.storage.view import ContainerView, Placed, PodView

RULE = "unbounded-growth"

_POD_OWN = ("emptyDir", "ephemeral")
"""Volumes that nobody outside of the pod can see, and therefore rotate."""


def check(view: PodView) -> Iterator[Finding]:
    """Report growing files, one finding for each; the logs of an image together, by their mount."""
    if view.pod.partial:
        return
    files: dict[tuple[object, ...], list[tuple[Placed, ContainerView]]] = {}
    bounds = Bounds(view)
    for one in view.concurrent:
        consumption = Consumption(one)
        for placed in growing(one, bounds):
            if not _is_told(placed, consumption, view):
                files.setdefault(_file(placed, one), []).append((placed, one))
    for writes in files.values():
        writes.sort(key=lambda write: write[0].effect.span.start)
        yield _finding(writes, view)


def _file(placed: Placed, one: ContainerView) -> tuple[object, ...]:
    place = placed.place
    path = place.path
    return (place.kind, place.identity, split_last(path)[0] if is_of_image(placed, one) else path)


def _is_told(placed: Placed, consumption: Consumption, view: PodView) -> bool:
    """Whether unmounted-write reports this very write: what nobody can read should not be written there."""
    return (
        placed.place.kind is Kind.PRIVATE
        and placed.process.kind == "main"
        and len(view.concurrent) > 1
        and not view.pod.share_process_namespace
        and not SCRATCH.search(str(placed.effect.path))
        and not consumption.takes(placed)
    )


def _finding(writes: list[tuple[Placed, ContainerView]], view: PodView) -> Finding:
    placed, one = writes[0]
    mount, volume = placed.place.mount, placed.place.volume
    related = [
        Label(other.effect.span.region(), f'"{writer.name}" adds to it too')
        for other, writer in writes[1:]
        if other.effect.span != placed.effect.span
    ]
    if volume is not None:
        related.append(Label(volume.span.region(), _about_volume(placed)))
    of_image = is_of_image(placed, one)
    region = mount.span.region() if of_image and mount is not None else placed.effect.span.region()
    return Finding(
        rule=RULE,
        severity=_severity(placed, one),
        message=f"{_deed(placed, one)}, and {_neglect(placed, one)}: {_consequence(placed, one)}",
        primary=Label(region, "their number grows" if is_dated(placed, one) else "only grows"),
        related=tuple(related),
        help=_advice(placed, one),
        pod=view.pod.title,
        container=one.name,
    )


def _severity(placed: Placed, one: ContainerView) -> Severity:
    """A warning where it surely comes to an end that hurts: eviction, or no memory left."""
    volume, effect = placed.place.volume, placed.effect
    ends = volume is not None and (volume.size_limit or volume.medium == "Memory")
    sure = effect.certain and effect.hold is not Hold.UNKNOWN and not is_of_image(placed, one)
    return Severity.WARNING if ends and sure else Severity.INFO


def _deed(placed: Placed, one: ContainerView) -> str:
    path = placed.effect.path
    if is_dated(placed, one):
        return f'"{one.name}" begins new logs in "{split_last(path)[0]}" each day'
    if is_of_image(placed, one):
        return f'"{one.name}" logs to "{split_last(path)[0]}"'
    if is_periodic(placed):
        return f'the {placed.process.kind} of "{one.name}" appends to "{path}" each time'
    if placed.effect.hold is Hold.UNKNOWN and placed.effect.program != "tee":
        return f'the output of "{one.name}" goes to "{path}"'
    if placed.effect.action is Action.APPEND:
        return f'"{one.name}" appends to "{path}" for ever'
    return f'"{one.name}" writes on and on to "{path}"'


def _neglect(placed: Placed, one: ContainerView) -> str:
    """What nobody does about it; beyond the pod only the pod's own volumes are out of reach."""
    volume = placed.place.volume
    nothing = "nothing" if volume is None or volume.kind in _POD_OWN else "nothing in this pod"
    if is_dated(placed, one):
        return f"{nothing} removes the old ones"
    return f"{nothing} rotates {'its logs' if is_of_image(placed, one) else 'it'}"


def _consequence(placed: Placed, one: ContainerView) -> str:
    mount, volume = placed.place.mount, placed.place.volume
    if mount is None or volume is None:
        return "the container's own layer fills the node's disk"
    name = f'volume "{mount.volume}"'
    if volume.medium == "Memory":
        if volume.size_limit:
            return f"{name} is memory, and writing fails when it holds its sizeLimit of {volume.size_limit}"
        return f'{name} is memory, and "{one.name}" is killed when it reaches its memory limit'
    if volume.size_limit:
        return f"the pod is evicted when {name} exceeds its sizeLimit of {volume.size_limit}"
    if volume.kind == "hostPath":
        return f"unless the node does, {name} fills the node's disk"
    return f"{name} fills the node's disk" if volume.kind == "emptyDir" else f"{name} gets full"


def _about_volume(placed: Placed) -> str:
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


def _advice(placed: Placed, one: ContainerView) -> str:
    if is_periodic(placed):
        return "print to standard output instead: the kubelet shows it when the probe fails"
    volume = placed.place.volume
    deed = "copy and truncate it now and then"
    if is_dated(placed, one):
        deed = (
            f"delete old ones now and then, as `find {split_last(placed.effect.path)[0]} -mtime +7 -delete`"
        )
    elif is_of_image(placed, one):
        deed = "copy and truncate them now and then"
    if volume is not None and volume.kind == "emptyDir" and not volume.size_limit:
        deed += " and give the volume a sizeLimit"
    return f"{deed}, or write to standard output, which the kubelet rotates"
