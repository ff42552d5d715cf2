"""The facts of a container without what Secrets of the run have told: see `podlint/storage/veil.py`."""

from __future__ import annotations

from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from podlint.facts import model, processes
from podlint.storage.veil import Veil

_OWN_WORDS = frozenset({
    "action", "direction", "dialect", "duration", "follow", "hold", "made_by", "output", "protocol",
    "recipient", "repeats", "traits", "volume",
})  # fmt: skip
"""Fields whose words are podlint's own, or stand in the manifest of the pod."""


def veiled(container: model.Container, veil: Veil) -> model.Container:
    """The same facts, in which nothing that its processes do says what a Secret holds."""
    if not veil.secret:
        return container
    processes, settings = _veiled(container.processes, veil), _veiled(container.settings, veil)
    return replace(container, processes=processes, settings=settings)


def _veiled(value: Any, veil: Veil) -> Any:
    if isinstance(value, str):
        return veil.value(value, told=True)
    if isinstance(value, tuple):
        return tuple(_veiled(one, veil) for one in value)
    if isinstance(value, processes.Doubt):
        return replace(value, reason=veil.sentence(value.reason, told=True))
    if not isinstance(value, Struct) or isinstance(value, processes.At):
        return value
    own = _OWN_WORDS | (
        {"kind"} if isinstance(value, processes.Place | model.Setting | processes.Process) else set()
    )
    changed = {
        name: _veiled(getattr(value, name), veil) for name in value.__struct_fields__ if name not in own
    }
    return replace(value, **changed)
