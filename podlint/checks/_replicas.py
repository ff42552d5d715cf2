"""Replicas: how many pods of one template run at a time, and who says so."""

from __future__ import annotations

from msgspec import Struct

from podlint.vocabulary import Note, PodView


class Replicas(Struct, frozen=True):
    """More than one pod of a template: how many in words, and a note of who asks for them."""

    words: str
    note: Note


def replicas_of(pod: PodView) -> Replicas | None:
    """The replicas of a pod, where there may be more than one at a time."""
    spec = pod.spec
    scaled = next((one for one in spec.autoscalers if (one.replicas or 0) > (spec.replicas or 1)), None)
    if scaled is not None:
        return Replicas(
            f"up to {scaled.replicas} replicas",
            Note(scaled.span, f'"{scaled.name}" asks for up to {scaled.replicas}'),
        )
    if spec.replicas is None or spec.replicas < 2:
        return None
    return Replicas(f"{spec.replicas} replicas", Note(spec.span, f"has {spec.replicas} replicas"))
