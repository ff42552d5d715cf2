"""port-conflict: two containers that run together want one port."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from podlint.manifest.model import Container, Port
from podlint.regex import late
from podlint.shell.endpoints import Direction, Endpoint
from podlint.source.span import Span
from podlint.storage.view import ContainerView, PodView
from podlint.vocabulary import Note, Problem, rule

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
        before = {id(one): one for key in keys for one in claimed.get(key, ())}
        taken: set[tuple[int, str]] = set()
        for first in before.values():
            clashes = {
                (clash.port, clash.protocol): clash
                for clash in (*_declared_by_both(first, second), *_listened_on_by_both(first, second))
            }
            new = [clash for key, clash in clashes.items() if key not in taken]
            taken.update(clashes)
            if new:
                yield _finding(new, first, second, pod)
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
            same = one.number is not None and (one.number, one.protocol, one.host_ip) == (
                two.number,
                two.protocol,
                two.host_ip,
            )
            if same and one.number is not None:
                protocol = one.protocol.lower()
                apart = any(_surely_elsewhere(pod, one.number, protocol) for pod in (first, second))
                if not apart:
                    yield _Clash(one.number, protocol, twins, one.span, two.span)


def _are_twins(first: Container, second: Container) -> bool:
    """Whether nothing that could tell them where to listen differs."""

    def told(container: Container) -> object:
        argv = tuple(argument.text.value for argument in container.argv)
        mounts = tuple((mount.path, mount.volume, mount.sub_path) for mount in container.mounts)
        return container.image, argv, container.environment.known, container.environment.open, mounts

    return told(first) == told(second) and not first.environment.open


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
            if one.port is None or (one.port, one.protocol) != (two.port, two.protocol):
                continue
            if not _told(one, first) or not _told(two, second) or not _overlap(one, two):
                continue
            certain = all(end.certain for end in (one, two))
            yield _Clash(one.port, one.protocol, certain, _span(one, first), _span(two, second))


def _listeners(container: ContainerView) -> list[Endpoint]:
    return [
        end
        for end in container.main.endpoints
        if end.direction is Direction.LISTEN and end.protocol != "unix"
    ]


def _told(end: Endpoint, container: ContainerView) -> bool:
    """Whether it listens there for sure, or its command line says so; an image's own port may be
    configured away."""
    if end.text.value != container.spec.image:
        return end.certain or str(end.port) in end.text.value[end.start : end.end]
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


def _finding(clashes: list[_Clash], first: ContainerView, second: ContainerView, pod: PodView) -> Problem:
    certain = [clash for clash in clashes if clash.certain]
    shown = certain or clashes
    clash = shown[0]
    ports = ", ".join(str(one.port) for one in shown[:_MOST]) + (", …" if len(shown) > _MOST else "")
    named = f"port{'s' if len(shown) > 1 else ''} {ports}" + (" (UDP)" if clash.protocol == "udp" else "")
    who, start = f'"{first.name}" and "{second.name}"', ""
    verb = "listens on" if certain else "claims"
    related = [Note(clash.first, f'"{first.name}" {verb} port {clash.port}')]
    if first.name == second.name:
        # The pod is not made before one has another name; but that does not give it another port.
        who, start = f'the two containers "{first.name}"', "once each has a name of its own, "
        related.append(Note(second.spec.span, "the name is taken (duplicate-container-name)"))
    if certain:
        message = (
            f"{start}only one of {who} gets {named}: they share one network, and the other fails with "
            f'"address already in use"'
        )
    else:
        message = (
            f"{start}{who} both claim {named}, and share one network: if both listen there, one of them fails"
        )
    return Problem(
        certain=bool(certain),
        message=message,
        at=Note(clash.second, f'"{second.name}" {verb} port {clash.port} too'),
        notes=tuple(related),
        help="let one of them listen on another port, and declare that one",
        container=second,
    )
