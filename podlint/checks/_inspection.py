"""Commands that ask whether a file is there, or how old it is: they count on it without reading it."""

from __future__ import annotations

from collections.abc import Iterator

from podlint.vocabulary import ContainerView, Place


def looked_at(container: ContainerView) -> Iterator[Place]:
    """What a probe, a hook or the main process of a container looks at."""
    for call in container.calls:
        if call.command.has("inspects"):
            for field in call.fields[1:]:
                if field.value.prefix.startswith("/"):
                    yield container.place_of(field.value)


def looks_at(container: ContainerView, place: Place) -> bool:
    """Whether a container looks at what lies at a place."""
    return any(looked.may_hold(place) for looked in looked_at(container))
