"""init-waits-for-app: a container that waits for one which only starts when it is done."""

from __future__ import annotations

from collections.abc import Iterator

from podlint.checks._waiting import Loops, asked, may_make
from podlint.shell.endpoints import Direction, Endpoint
from podlint.shell.grammar import parse
from podlint.shell.syntax import Background
from podlint.shell.traversal import walk
from podlint.vocabulary import (
    Action,
    ContainerView,
    Note,
    Place,
    PlacedEffect,
    PodView,
    Problem,
    Process,
    Role,
    Span,
    rule,
)

_MOST = 20
"""Ports and files that one container is seen to wait for."""


@rule
def check(pod: PodView) -> Iterator[Problem]:
    """Report init containers, and startup probes of sidecars, that wait for a port or a file of a container
    which starts after them."""
    ordered = [container for container in pod.containers if container.spec.role in (Role.INIT, Role.SIDECAR)]
    apps = [container for container in pod.containers if container.spec.role is Role.APP]
    for index, container in enumerate(ordered):
        later = [other for other in ordered[index + 1 :] if other.spec.role is Role.SIDECAR] + apps
        there = [*(other for other in ordered[:index] if other.spec.role is Role.SIDECAR), container]
        if container.spec.role is Role.INIT:
            yield from _for_ports(container.main, container, there, later)
            yield from _for_files(container, ordered[: index + 1], later)
        else:
            for process in container.processes:
                if process.kind == "startupProbe":
                    yield from _for_ports(process, container, there, later)


def _for_ports(
    process: Process, container: ContainerView, there: list[ContainerView], later: list[ContainerView]
) -> Iterator[Problem]:
    if container.pod_spec.host_network:
        return
    knowledge = container.knowledge
    loops, seen = Loops(knowledge), set[int]()
    probed = process.kind == "startupProbe"
    for end in process.endpoints:
        if end.direction is not Direction.CONNECT or end.port is None or not end.loopback or not end.certain:
            continue
        waits = probed or knowledge.command(end.by).has("waits-for-port")
        if not waits and not loops.await_success(end.text, end.start):
            continue
        if end.port in seen or len(seen) >= _MOST:
            continue
        seen.add(end.port)
        if any(_may_serve(other, end.port) for other in there):
            continue
        for other in later:
            served = _serves(other, end.port)
            if served is not None:
                what = f'port {end.port} of "{other.name}"'
                yield _problem(end.span, what, served, container, other, probed=probed)
                return


def _may_serve(container: ContainerView, port: int) -> bool:
    """Whether something may listen on a port of a container that is there already."""
    if _serves(container, port) is not None:
        return True
    if container.spec.role is Role.INIT:
        # Only what it starts in the background can answer it.
        return any(
            isinstance(node, Background)
            for script in {call.text.value for call in container.main.calls}
            for node in walk(parse(script))
        )
    return not container.understood and not container.spec.ports


def _serves(container: ContainerView, port: int) -> Span | None:
    """Where a container declares a port, or is known to listen on it."""
    for declared in container.spec.ports:
        if declared.number == port and declared.protocol == "TCP":
            return declared.span
    return next((end.span for end in container.main.endpoints if _is_listener(end, port)), None)


def _is_listener(end: Endpoint, port: int) -> bool:
    return end.direction is Direction.LISTEN and end.port == port and end.protocol == "tcp"


# Files on a volume that is empty when the pod starts.


def _for_files(
    container: ContainerView, before: list[ContainerView], later: list[ContainerView]
) -> Iterator[Problem]:
    loops, looked = Loops(container.knowledge), 0
    for call in container.main.calls:
        question = asked(call) if call.certain else None
        if question is None or not loops.await_success(call.text, call.start, negated=question.negated):
            continue
        path = question.path
        place = container.place_of(path.value)
        if place.volume is None or place.volume.kind != "emptyDir":
            continue
        looked += 1
        if looked > _MOST or any(may_make(other, place) for other in before):
            continue
        for other in later:
            made = next((effect for effect in other.effects.making() if _is_at(effect, place)), None)
            if made is not None:
                what = f'"{path.value}", which "{other.name}" makes'
                yield _problem(path.span, what, made.span, container, other)
                return
        # A file may be put there by hand (`kubectl cp`), a socket only by a program.
        server = next((other for other in later if other.mounts_of(place) and not other.understood), None)
        if server is not None and any(field.value.literal == "-S" for field in call.fields):
            what = f'"{path.value}" of "{server.name}"'
            yield _problem(path.span, what, server.mounts_of(place)[0].span, container, server)
            return


def _is_at(effect: PlacedEffect, place: Place) -> bool:
    """Whether what an effect makes is there for certain."""
    made = effect.target if effect.action is Action.RENAME else effect.place
    return made is not None and made.must_be(place)


def _problem(
    at: Span,
    what: str,
    there: Span,
    container: ContainerView,
    other: ContainerView,
    *,
    probed: bool = False,
) -> Problem:
    if probed:
        who, then = f'the startupProbe of "{container.name}"', "has started"
        advice = f'let the probe ask for what "{container.name}" itself serves'
    else:
        who, then = f'init container "{container.name}"', "is done"
        advice = (
            f'let "{other.name}" be a sidecar (restartPolicy: Always) before "{container.name}", '
            "or wait in the app"
        )
    return Problem(
        f"{who} waits for {what}",
        Note(at, "waits here"),
        outcome=f'"{other.name}" starts only when "{container.name}" {then}: the pod never starts',
        notes=(Note(there, f'"{other.name}" is not there yet'),),
        help=advice,
        container=container,
    )
