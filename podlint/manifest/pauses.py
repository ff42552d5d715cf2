"""Hooks by which the kubelet lets time pass."""

from __future__ import annotations

from msgspec import Struct

from podlint.manifest.reader import Reader
from podlint.manifest.workloads import submapping
from podlint.source.nodes import MappingNode, ScalarNode
from podlint.source.span import Span


class Pause(Struct, frozen=True):
    """A hook (`kind` is its name) in which the kubelet sleeps for so many seconds."""

    kind: str
    seconds: int
    span: Span
    """The number."""


def read_pauses(reader: Reader, node: MappingNode, hooks: tuple[str, ...]) -> tuple[Pause, ...]:
    """The hooks of a container that are a `sleep`."""
    lifecycle = submapping(node, "lifecycle")
    found = []
    for kind in hooks if lifecycle is not None else ():
        handler = submapping(lifecycle, kind) if lifecycle is not None else None
        sleep = submapping(handler, "sleep") if handler is not None else None
        seconds = reader.integer(sleep, "seconds") if sleep is not None else None
        value = sleep.get("seconds") if sleep is not None else None
        if seconds is not None and isinstance(value, ScalarNode):
            found.append(Pause(kind, seconds, value.span))
    return tuple(found)
