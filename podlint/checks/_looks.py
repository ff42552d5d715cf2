"""Commands that ask whether a file is there, or how old it is: somebody counts on it without reading it."""

from __future__ import annotations

from collections.abc import Iterator

from podlint.storage.places import Place, place_of
from podlint.storage.view import ContainerView

_LOOKING = frozenset({"test", "[", "stat", "find", "ls", "du", "readlink", "realpath"})


def looked_at(container: ContainerView) -> Iterator[Place]:
    """What a probe, a hook or the main process of a container looks at."""
    for call in container.calls:
        if call.name in _LOOKING:
            for field in call.fields[1:]:
                if field.value.prefix.startswith("/"):
                    yield place_of(field.value, container.spec, container.pod_spec)


def looks_at(container: ContainerView, place: Place) -> bool:
    """Whether a container looks at what lies at a place."""
    return any(looked.may_hold(place) for looked in looked_at(container))
