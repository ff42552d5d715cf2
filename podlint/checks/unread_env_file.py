"""unread-env-file: a variable is taken from a file that nobody has written when the container starts."""

from __future__ import annotations

from collections.abc import Iterator

from podlint.checks._waiting import may_make, started_before
from podlint.storage.places import place_of_variable
from podlint.vocabulary import ContainerView, Note, Place, PlacedEffect, PodView, Problem, Span, rule


@rule
def check(pod: PodView) -> Iterator[Problem]:
    """Report each file of an emptyDir that `fileKeyRef` names and nobody makes, once."""
    for container in pod.containers:
        for variable in container.env.values():
            file = variable.file
            if file is None or file.optional:
                continue
            place = place_of_variable(file, pod.spec)
            if place.volume is None or place.volume.kind != "emptyDir":
                continue
            before = started_before(container, pod)
            if not any(may_make(other, place) for other in before):
                yield _problem(variable.name, file.span, place, container, before, pod)


def _problem(
    name: str, span: Span, place: Place, container: ContainerView, before: list[ContainerView], pod: PodView
) -> Problem:
    path, volume = _inside(place), place.volume
    assert volume is not None
    late = next(iter(pod.effects.writing().meeting(place)), None)
    other = _other_file(place, before) if late is None else None
    note, advice = (
        Note(volume, "empty when the pod starts"),
        "write it in an init container that stands before",
    )
    if late is not None:
        note = Note(late, f'"{late.container.name}" starts only afterwards')
    elif other is not None:
        note = Note(other, f'"{other.container.name}" writes "{_inside(other.place)}" of the volume')
        advice = f"write path: {_inside(other.place)}, or write this file"
    return Problem(
        f'"{container.name}" takes "{name}" from file "{path}" of volume "{volume.name}", '
        + ("which nobody writes" if late is None else f'which "{late.container.name}" writes too late'),
        Note(span, "not there when the container starts"),
        outcome=f'"{container.name}" does not start: CreateContainerConfigError',
        notes=(note,),
        help=advice,
        container=container,
        causes=(("file", volume.name, path), *((other.cause,) if other is not None else ())),
    )


def _inside(place: Place) -> str:
    """The path from the root of the volume."""
    return str(place.path).lstrip("/")


def _other_file(place: Place, before: list[ContainerView]) -> PlacedEffect | None:
    """What is written to the same volume instead."""
    return next(
        (
            effect
            for other in before
            if other.mounts_of(place)
            for effect in other.effects.writing().certain()
            if effect.place.identity == place.identity and effect.place.path.literal is not None
        ),
        None,
    )
