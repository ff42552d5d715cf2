"""read-before-created: a container reads a file at its start that a sibling creates some time later."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from podlint.checks._calls import call_of
from podlint.checks._creation import Maker, fails_without, maker_of
from podlint.checks._rotation import Rotators, loss_of, rotators_of
from podlint.findings import Finding, Label, Severity
from podlint.manifest.model import Role
from podlint.storage.view import ContainerView, Placed, PodView

RULE = "read-before-created"

MAX_READS = 100
"""Reads of one container that are looked at."""


def check(view: PodView) -> Iterator[Finding]:
    """Report readers that may start before their file is there, once for each command and each file."""
    if view.pod.partial or len(view.concurrent) < 2:
        return
    rotators: Rotators | None = None
    for reader in view.concurrent:
        told: set[object] = set()
        for read in islice(filter(fails_without, reader.effects), MAX_READS):
            call = call_of(read)
            marks = {str(read.effect.path), read.effect.span if call is None else call.span}
            maker = maker_of(read, reader, view) if told.isdisjoint(marks) else None
            if maker is None:
                continue
            told |= marks
            rotators = rotators_of(view) if rotators is None else rotators
            # Where the file is rotated as well, tail-by-descriptor speaks of the same `-f`.
            if not (read.effect.follow and loss_of(read, rotators, view)):
                yield _finding(read, reader, maker, view)


def _finding(read: Placed, reader: ContainerView, maker: Maker, view: PodView) -> Finding:
    pause = _pause_before(read)
    return Finding(
        rule=RULE,
        severity=Severity.WARNING if pause is None else Severity.INFO,
        message=_message(read, reader, maker, view),
        primary=Label(read.effect.span.region(), "may not be there yet"),
        related=(_making(maker), *([pause] if pause is not None else [])),
        help=_advice(read),
        pod=view.pod.title,
        container=reader.name,
    )


def _message(read: Placed, reader: ContainerView, maker: Maker, view: PodView) -> str:
    path, by = read.effect.path, read.effect.by
    late = reader.container.role is Role.SIDECAR
    when = f'starts before "{maker.container.name}", which creates' if late else "may start before"
    made = f'{when} "{path}"' if late else f'{when} "{maker.container.name}" creates "{path}"'
    if read.effect.follow:
        never = view.pod.restart_policy == "Never" and not late
        then = "nobody starts it again" if never else "it is restarted until the file is there"
        return f'"{reader.name}" {made}: "tail -f" then ends with an error, and {then}'
    program = "the shell" if by == "<" else f'"{by}"'
    return f'"{reader.name}" {made}: {program} then finds no file, and reads it only this once'


def _making(maker: Maker) -> Label:
    if maker.write is None:
        return Label(maker.container.container.span.region(), "no other container can create it")
    return Label(maker.write.effect.span.region(), f'"{maker.container.name}" creates it')


def _pause_before(read: Placed) -> Label | None:
    """A `sleep` on the way to the read: a bet that mostly wins."""
    for call in read.process.calls:
        if call.name == "sleep" and call.certain and call.order < read.effect.order:
            return Label(call.span.region(), "a pause is no promise")
    return None


def _advice(read: Placed) -> str:
    path = read.effect.path
    if read.effect.follow:
        return (
            f"use `tail -n+1 -F {path}`: it waits for the file, and survives a rotation (tail-by-descriptor)"
        )
    return f"wait for it: `until [ -f {path} ]; do sleep 1; done`"
