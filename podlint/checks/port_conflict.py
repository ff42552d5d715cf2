"""port-conflict: two containers that run together want one port."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from podlint.manifest.model import Container
from podlint.vocabulary import (
    ContainerView,
    Direction,
    Endpoint,
    Note,
    PodView,
    Port,
    Problem,
    Span,
    late,
    rule,
)

_CONFIGURING = late(r"PORT|LISTEN|ADDR|BIND|HOST|DISABLE|CONF|OPT|ARG")
"""Names of variables that may tell a program to listen elsewhere or not at all."""
_MOST = 4
"""Ports that a message names, and claims of one port that are compared with the next."""


class _Clash(Struct, frozen=True):
    """One port that both containers want, and where each says so."""

    port: int
    protocol: str
    certain: bool
    first: Span
    second: Span


@rule
def check(pod: PodView) -> Iterator[Problem]:
    """Report each container once for each port that another one, further up, wants too."""
    claimed: dict[tuple[int, str], list[ContainerView]] = {}
    for second in pod.running:
        keys = _claims(second)
        before = {id(first): first for key in keys for first in claimed.get(key, ())}
        taken: set[tuple[int, str]] = set()
        for first in before.values():
            clashes = {
                (clash.port, clash.protocol): clash
                for clash in (*_declared_by_both(first, second), *_listened_on_by_both(first, second))
            }
            new = [clash for key, clash in clashes.items() if key not in taken]
            taken.update(clashes)
            if new:
                yield _problem(new, first, second)
        for key in keys:
            others = claimed.setdefault(key, [])
            if len(others) < _MOST:
                others.append(second)


def _claims(container: ContainerView) -> dict[tuple[int, str], None]:
    """The ports that a container declares or listens on, in order."""
    declared = ((port.number, port.protocol.lower()) for port in container.spec.ports)
    listening = ((end.port, end.protocol) for end in _listeners(container))
    return {(port, protocol): None for port, protocol in (*declared, *listening) if port is not None}


def _declared_by_both(first: ContainerView, second: ContainerView) -> Iterator[_Clash]:
    twins = _are_twins(first.spec, second.spec)
    theirs: dict[int | None, list[Port]] = {}
    for port in second.spec.ports:
        theirs.setdefault(port.number, []).append(port)
    for one in first.spec.ports:
        for two in theirs.get(one.number, [])[:_MOST]:
            if one.number is None or (one.protocol, one.host_ip) != (two.protocol, two.host_ip):
                continue
            protocol = one.protocol.lower()
            if not any(_surely_elsewhere(each, one.number, protocol) for each in (first, second)):
                yield _Clash(one.number, protocol, twins, one.span, two.span)


def _are_twins(first: Container, second: Container) -> bool:
    """Whether nothing that could tell them where to listen differs."""

    def settings(container: Container) -> object:
        argv = tuple(argument.text.value for argument in container.argv)
        mounts = tuple((mount.path, mount.volume, mount.sub_path) for mount in container.mounts)
        return container.image, argv, container.environment.known, container.environment.open, mounts

    return settings(first) == settings(second) and not first.environment.open


def _surely_elsewhere(container: ContainerView, port: int, protocol: str) -> bool:
    """Whether all that a container does is known, and it does not listen there; or where it is told to
    listen does not meet others."""
    listening = [
        end for end in _listeners(container) if end.port in (port, None) and end.protocol == protocol
    ]
    if not listening:
        return container.understood
    return all(end.certain and end.address.literal not in ("", None) for end in listening)


def _listened_on_by_both(first: ContainerView, second: ContainerView) -> Iterator[_Clash]:
    theirs: dict[int | None, list[Endpoint]] = {}
    for end in _listeners(second):
        theirs.setdefault(end.port, []).append(end)
    for one in _listeners(first):
        for two in theirs.get(one.port, [])[:_MOST]:
            if one.port is None or one.protocol != two.protocol or not _overlap(one, two):
                continue
            if _is_definite(one, first) and _is_definite(two, second):
                certain = one.certain and two.certain
                yield _Clash(one.port, one.protocol, certain, _span(one, first), _span(two, second))


def _listeners(container: ContainerView) -> list[Endpoint]:
    return [
        end
        for end in container.main.endpoints
        if end.direction is Direction.LISTEN and end.protocol != "unix"
    ]


def _is_definite(end: Endpoint, container: ContainerView) -> bool:
    """Whether it listens there for sure, or its command line says so; an image's own port may be
    configured away."""
    if end.text.value != container.spec.image:
        return end.certain or str(end.port) in end.text.value[end.start : end.end]
    if container.image is not None and container.image.moved_by is not None:
        return end.certain
    environment = container.spec.environment
    configured = environment.open or any(_CONFIGURING.search(name.upper()) for name in environment.known)
    return end.certain and not configured and not container.spec.execs


def _overlap(one: Endpoint, two: Endpoint) -> bool:
    first, second = one.address.literal, two.address.literal
    if first is None or second is None:
        return False
    same = first == second or {first, second} == {"localhost", "127.0.0.1"}
    return same or not first or not second


def _span(end: Endpoint, container: ContainerView) -> Span:
    """Where it says so: the declaration where there is one."""
    declared = (port.span for port in container.spec.ports if port.number == end.port)
    return next(declared, end.span)


def _problem(clashes: list[_Clash], first: ContainerView, second: ContainerView) -> Problem:
    certain = [clash for clash in clashes if clash.certain]
    shown = certain or clashes
    clash = shown[0]
    ports = ", ".join(str(one.port) for one in shown[:_MOST]) + (", …" if len(shown) > _MOST else "")
    named = f"port{'s' if len(shown) > 1 else ''} {ports}" + (" (UDP)" if clash.protocol == "udp" else "")
    who = f'"{first.name}" and "{second.name}"'
    spare = [one for one in (first, second) if _is_spare(one)]
    if len(spare) == 2:
        outcome = "they share one network: the one that starts second goes on, and probes reach the first"
    elif spare:
        other = second if spare[0] is first else first
        outcome = f'they share one network: where "{spare[0].name}" is faster, "{other.name}" fails'
    elif certain:
        outcome = 'they share one network: the one that starts second fails with "address already in use"'
    else:
        outcome = "they share one network: if both listen there, one of them fails"
    notes = [Note(clash.first, f'port {clash.port} of "{first.name}"')]
    if first.name == second.name:
        # The pod is not made before one has another name; but that does not give it another port.
        who = f'two containers "{first.name}"'
        notes.append(Note(second, "the name is taken", see="duplicate-container-name"))
    return Problem(
        f"{who} both {'listen on' if certain else 'claim'} {named}",
        Note(clash.second, f"port {clash.port} again"),
        outcome=outcome,
        notes=tuple(notes),
        help="let one of them listen on another port, and declare that one",
        container=second,
        certain=bool(certain),
        minor=len(spare) == 2,
    )


def _is_spare(container: ContainerView) -> bool:
    """Whether the program of an image goes on without its ports where another one has them."""
    image = container.image
    return image is not None and bool(image.ports) and all(port.spare for port in image.ports)
