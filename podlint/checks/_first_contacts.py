"""Requests that a container makes when it starts, to a port of another container of its pod."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from podlint.checks._failing import fails_with
from podlint.vocabulary import (
    Call,
    ContainerView,
    Direction,
    Endpoint,
    PodView,
    Process,
    Repeats,
    Role,
    Span,
    late,
)

_RETRIES = late(r"--retry.*+|--tries.*+|-t|--connect-retries.*+|--wait.*+")
"""Options by which a program tries again."""
_ADDRESS = late(r"(?<![\w.-])(?:localhost|127\.0\.0\.1):([0-9]{1,5})(?![0-9])")
_NUMBER = late(r"[0-9]++")
_MOST = 20
"""Ports of a container that are looked at."""


class FirstContact(Struct, frozen=True):
    """A command that surely asks a port of the pod, once, and with which its container fails."""

    call: Call
    port: int


def first_contacts(container: ContainerView, pod: PodView) -> Iterator[FirstContact]:
    """What a container asks when it starts, without having waited for anything before."""
    main = container.main
    if pod.spec.host_network or main.doubts:
        return
    seen: set[int] = set()
    for end in main.endpoints:
        if end.direction is not Direction.CONNECT or not end.loopback or end.port is None or end.port in seen:
            continue
        seen.add(end.port)
        if len(seen) > _MOST:
            return
        call = _call_of(end, main)
        if call is not None and _asks_once(end, call, container):
            yield FirstContact(call, end.port)


def listener(container: ContainerView, port: int) -> Span | None:
    """Where a container is known to listen on a port, or says so."""
    for end in container.main.endpoints:
        listens = end.direction is Direction.LISTEN and end.protocol == "tcp" and end.port == port
        if listens and (end.certain or _names(container, port)):
            return end.span
    declared = (one for one in container.spec.ports if one.number == port and one.protocol == "TCP")
    return next((one.span for one in declared), None)


def _names(container: ContainerView, port: int) -> bool:
    """Whether the command line of a container has the number of a port that it may listen on."""
    words = (argument.text.value for argument in container.spec.argv)
    return any(str(port) in _NUMBER.findall(word) for word in words)


def _call_of(end: Endpoint, main: Process) -> Call | None:
    return next((call for call in main.calls if call.name == end.by and _holds(call, end)), None)


def _holds(call: Call, end: Endpoint) -> bool:
    return call.holds(end) or any(field.holds(end) for field in call.fields)


def _asks_once(end: Endpoint, call: Call, container: ContainerView) -> bool:
    main, image = container.main, container.image
    if not end.certain or end.repeats is not Repeats.ONCE or call.command.has("waits-for-port"):
        return False
    if call.command.listens is not None and not (image and image.asks_first and call.name == image.program):
        return False  # a server, such as an exporter, asks when it is asked, and goes on without an answer
    words = [field.value.literal for field in call.fields[1:]]
    if any(word is None or _RETRIES.fullmatch(word) for word in words):
        return False
    earlier = [one for one in main.calls if one.order < call.order and not one.job]
    waited = any(one.command.has("keeps-running") or one.repeats is not Repeats.ONCE for one in earlier)
    return not waited and fails_with(call, main)


def is_waited_for(container: ContainerView) -> bool:
    """Whether what comes after a container waits for a hook of it, or for the startupProbe of a sidecar."""
    spec = container.spec
    kinds = {one.kind for one in (*spec.probes, *spec.execs)} | {one.kind for one in spec.pauses}
    return "postStart" in kinds or (spec.role is Role.SIDECAR and "startupProbe" in kinds)


def mentioned_ports(container: ContainerView) -> frozenset[int]:
    """Ports of the pod that the command line and the variables of a container name, as `localhost:5432`."""
    texts = [argument.text.value for argument in container.spec.argv]
    texts += [value for value in container.spec.environment.known.values() if value is not None]
    found = (match[1] for text in texts for match in _ADDRESS.finditer(text))
    return frozenset(map(int, found))
