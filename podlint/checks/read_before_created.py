"""read-before-created: a container reads a file at its start that a sibling creates some time later."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from podlint.checks._calls import call_of
from podlint.checks._creation import Maker, fails_without, maker_of
from podlint.checks._rotation import Rotators, loss_of, rotators_of
from podlint.manifest.model import Role
from podlint.storage.view import ContainerView, PlacedEffect, PodView
from podlint.vocabulary import Note, Problem, rule

MAX_READS = 100
"""Reads of one container that are looked at."""


@rule(siblings=True)
def check(pod: PodView) -> Iterator[Problem]:
    """Report readers that may start before their file is there, once for each command and each file."""
    rotators: Rotators | None = None
    for reader in pod.running:
        told: set[object] = set()
        for read in islice(filter(fails_without, reader.effects), MAX_READS):
            call = call_of(read)
            marks = {str(read.path), read.span if call is None else call.span}
            maker = maker_of(read, reader, pod) if told.isdisjoint(marks) else None
            if maker is None:
                continue
            told |= marks
            rotators = rotators_of(pod) if rotators is None else rotators
            # Where the file is rotated as well, tail-by-descriptor speaks of the same `-f`.
            if not (read.follow and loss_of(read, rotators, pod)):
                yield _finding(read, reader, maker, pod)


def _finding(read: PlacedEffect, reader: ContainerView, maker: Maker, pod: PodView) -> Problem:
    pause = _pause_before(read)
    return Problem(
        certain=pause is None,
        message=_message(read, reader, maker, pod),
        at=Note(read.span, "may not be there yet"),
        notes=(_making(maker), *([pause] if pause is not None else [])),
        help=_advice(read),
        container=reader,
    )


def _message(read: PlacedEffect, reader: ContainerView, maker: Maker, pod: PodView) -> str:
    path, by = read.path, read.by
    late = reader.spec.role is Role.SIDECAR
    when = f'starts before "{maker.container.name}", which creates' if late else "may start before"
    made = f'{when} "{path}"' if late else f'{when} "{maker.container.name}" creates "{path}"'
    if read.follow:
        never = pod.spec.restart_policy == "Never" and not late
        then = "nobody starts it again" if never else "it is restarted until the file is there"
        return f'"{reader.name}" {made}: "tail -f" then ends with an error, and {then}'
    program = "the shell" if by == "<" else f'"{by}"'
    return f'"{reader.name}" {made}: {program} then finds no file, and reads it only this once'


def _making(maker: Maker) -> Note:
    if maker.write is None:
        return Note(maker.container.spec.span, "no other container can create it")
    return Note(maker.write.span, f'"{maker.container.name}" creates it')


def _pause_before(read: PlacedEffect) -> Note | None:
    """A `sleep` on the way to the read: a bet that mostly wins."""
    for call in read.process.calls:
        if call.name == "sleep" and call.certain and call.order < read.order:
            return Note(call.span, "a pause is no promise")
    return None


def _advice(read: PlacedEffect) -> str:
    path = read.path
    if read.follow:
        return (
            f"use `tail -n+1 -F {path}`: it waits for the file, and survives a rotation (tail-by-descriptor)"
        )
    return f"wait for it: `until [ -f {path} ]; do sleep 1; done`"
