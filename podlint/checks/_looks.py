"""Commands that ask whether a file is there, or how old it is: somebody counts on it without reading it."""

from __future__ import annotations

from podlint.storage.places import Place, place_of
from podlint.storage.view import ContainerView

_LOOKING = frozenset({"test", "[", "stat", "find", "ls", "du", "readlink", "realpath"})


def looks_at(one: ContainerView, place: Place) -> bool:
    """Whether a probe, a hook or the main process of a container looks at what lies at a place."""
    for _, call in one.calls:
        if call.name in _LOOKING:
            for field in call.fields[1:]:
                starts = field.value.prefix.startswith("/")
                if starts and place_of(field.value, one.container, one.pod).may_hold(place):
                    return True
    return False
