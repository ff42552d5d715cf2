"""unbounded-growth: a file that only grows, on storage that it will fill."""

from __future__ import annotations

from collections.abc import Hashable, Iterator

from podlint.checks._growing_files import Bounds, growing, is_dated, is_of_image, is_periodic
from podlint.shell.patterns import Pattern, split_last
from podlint.vocabulary import Action, Claim, Hold, Kind, Note, PlacedEffect, PodView, Problem, rule

_OF_OUTPUT = ("unmounted-write", "unmounted-shipper-source", "wrong-side-path")
"""Rules that say of a file that it should not be written where it is."""


@rule
def check(pod: PodView) -> Iterator[Problem]:
    """Report growing files, one finding for each; the logs of an image together, by their mount."""
    files: dict[tuple[Hashable, bool], list[PlacedEffect]] = {}
    bounds = Bounds(pod)
    for container in pod.running:
        for write in sorted(growing(container, bounds), key=lambda write: write.span.start):
            files.setdefault((_file(write), _is_output(write)), []).append(write)
    for (file, _), writes in files.items():
        yield _problem(writes, file)


def _file(write: PlacedEffect) -> Hashable:
    place = write.place
    return (place.kind, place.identity, _directory(write) if is_of_image(write) else place.path)


def _is_output(write: PlacedEffect) -> bool:
    """Whether a main process writes it where no other container can read it."""
    return write.place.kind is Kind.PRIVATE and write.process.kind == "main"


def _problem(writes: list[PlacedEffect], file: Hashable) -> Problem:
    first, container = writes[0], writes[0].container
    volume = first.volume
    notes = [
        Note(write, f'"{write.container.name}" adds to it too')
        for write in writes[1:]
        if write.span != first.span
    ]
    if volume is not None:
        notes.append(Note(volume, _about_volume(first)))
    what = f"{_writing(first)}, and {_neglect(first)}"
    if _is_one_of_several(writes):
        what = f'"{container.name}" logs to "{first.path}", and nothing rotates that file'
    return Problem(
        what,
        Note(
            first.mount if is_of_image(first) and first.mount is not None else first,
            "their number grows" if is_dated(first) else "only grows",
        ),
        outcome=_outcome(first),
        notes=tuple(notes),
        help=_advice(first),
        container=container,
        certain=_ends_badly(first),
        causes=(file,),
        yields_to=_better_reports(first),
    )


def _better_reports(write: PlacedEffect) -> tuple[Claim, ...]:
    """What nobody can read should not be written there, however much it is."""
    if is_of_image(write) and write.mount is not None:
        return (Claim("unshipped-log", (write.container, write.mount.path)),)
    return tuple(Claim(other, write.cause) for other in _OF_OUTPUT) if _is_output(write) else ()


def _is_one_of_several(writes: list[PlacedEffect]) -> bool:
    """Whether only one of the logs of an image grows, as somebody takes care of the others."""
    first, image = writes[0], writes[0].container.image
    if not is_of_image(first) or is_dated(first) or image is None:
        return False
    return len({write.path for write in writes}) == 1 and len(image.logs) > 1


def _directory(write: PlacedEffect) -> Pattern:
    return split_last(write.path)[0]


def _ends_badly(write: PlacedEffect) -> bool:
    """Whether it surely comes to an end that hurts: eviction, or no memory left."""
    volume = write.volume
    ends = volume is not None and (bool(volume.size_limit) or volume.medium == "Memory")
    return ends and write.certain and write.hold is not Hold.UNKNOWN and not is_of_image(write)


def _writing(write: PlacedEffect) -> str:
    name, path = write.container.name, write.path
    if is_dated(write):
        return f'"{name}" starts new logs in "{_directory(write)}" each day'
    if is_of_image(write):
        return f'"{name}" logs to "{_directory(write)}"'
    if is_periodic(write):
        return f'the {write.process.kind} of "{name}" appends to "{path}" each time'
    if write.hold is Hold.UNKNOWN and write.program != "tee":
        return f'the output of "{name}" goes to "{path}"'
    if write.action is Action.APPEND:
        return f'"{name}" appends to "{path}" forever'
    return f'"{name}" writes to "{path}" forever'


def _neglect(write: PlacedEffect) -> str:
    """What nobody does about it; beyond the pod only the pod's own volumes are out of reach."""
    nothing = "nothing" if write.volume is None or write.volume.starts_empty else "nothing in this pod"
    if is_dated(write):
        return f"{nothing} removes the old ones"
    return f"{nothing} rotates {'its logs' if is_of_image(write) else 'it'}"


def _outcome(write: PlacedEffect) -> str:
    mount, volume = write.mount, write.volume
    if mount is None or volume is None:
        return "the container's own layer fills the disk of the node"
    name = f'volume "{mount.volume}"'
    if volume.medium == "Memory" and volume.size_limit:
        return f"{name} is in memory, and writing fails when it holds its sizeLimit of {volume.size_limit}"
    if volume.medium == "Memory":
        return f'{name} is in memory, and "{write.container.name}" is killed when it reaches its memory limit'
    if volume.size_limit:
        return f"the pod is evicted when {name} exceeds its sizeLimit of {volume.size_limit}"
    if volume.kind == "hostPath":
        return f"unless the node rotates the file, {name} fills the disk of the node"
    return f"{name} fills the disk of the node" if volume.kind == "emptyDir" else f"{name} becomes full"


def _about_volume(write: PlacedEffect) -> str:
    volume = write.volume
    assert volume is not None
    if volume.kind == "hostPath":
        return f'"{volume.source_name}" on the node'
    if volume.kind == "persistentVolumeClaim" and volume.source_name:
        return f'the claim "{volume.source_name}"'
    if volume.kind != "emptyDir":
        return f'a volume of kind "{volume.kind}"'
    kind = "memory" if volume.medium == "Memory" else "an emptyDir"
    return f"{kind} of at most {volume.size_limit}" if volume.size_limit else f"{kind} without a sizeLimit"


def _advice(write: PlacedEffect) -> str:
    if is_periodic(write):
        return "print to standard output instead: the kubelet shows it when the probe fails"
    volume = write.volume
    rotate = "copy and truncate it regularly"
    if is_dated(write):
        rotate = f"delete old ones regularly, as `find {_directory(write)} -mtime +7 -delete`"
    elif is_of_image(write):
        rotate = "copy and truncate them regularly"
    if volume is not None and volume.kind == "emptyDir" and not volume.size_limit:
        rotate += " and give the volume a sizeLimit"
    return f"{rotate}, or write to standard output, which the kubelet rotates"
