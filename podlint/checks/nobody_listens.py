"""nobody-listens: a port on which no container of the pod listens, and that is asked for all the same."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from podlint.checks._listeners import (
    Listeners,
    asked_cause,
    asked_ports,
    failure,
    mentioned_numbers,
    probed_cause,
    scraped_cause,
    tcp_listeners,
)
from podlint.checks._sleeping import LONG, sleeping_time
from podlint.manifest.model import PROBES
from podlint.vocabulary import (
    Claim,
    ContainerView,
    Direction,
    Duration,
    Endpoint,
    Note,
    PodView,
    Port,
    Probe,
    Problem,
    rule,
)

_MOST = 4
"""Listeners that a finding shows."""


@rule
def check(pod: PodView) -> Iterator[Problem]:
    """Report ports that the kubelet or a container asks for in vain, and those that are only declared."""
    # With the node's network, another pod may answer.
    listeners = Listeners(pod) if not pod.spec.host_network else None
    if listeners is None or not listeners.all_known:
        return
    mentioned = mentioned_numbers(pod)
    for container in pod.running:
        asked = asked_ports(container) if not _ends_soon(container) else {}
        for port, probes in asked.items():
            if not listeners.at(port) and str(port) not in mentioned:
                yield _asked(probes, port, container, pod)
        for end in _own_connections(container):
            if end.port is not None and not listeners.at(end.port):
                yield _connected(end, end.port, container, pod)
        for declared in container.spec.ports if not _ends_soon(container) else ():
            number = declared.number or 0
            known = number in asked or declared.protocol != "TCP" or listeners.at(number)
            if number and not known and str(number) not in mentioned:
                yield _declared(declared, number, container, pod)


def _ends_soon(container: ContainerView) -> bool:
    """Whether it is not there for long, whoever asks; that is another rule's business."""
    return container.main.duration is Duration.BRIEF and sleeping_time(container.main) < LONG


def _own_connections(container: ContainerView) -> Iterator[Endpoint]:
    """Where its probes, and the adapters that stand beside a program, surely connect within the pod. Whoever
    else connects may mean a container that is injected later, as those of meshes are."""
    is_adapter = container.image is not None and container.image.role == "adapter"
    for process in container.processes:
        for end in process.endpoints if process.kind in PROBES or is_adapter else ():
            if end.direction is Direction.CONNECT and end.protocol == "tcp" and end.loopback and end.certain:
                yield end


def _asked(probes: list[Probe], port: int, container: ContainerView, pod: PodView) -> Problem:
    probe = probes[0]
    return Problem(
        f'{probe.title} of "{container.name}" asks for port {port}, on which nobody listens',
        Note(probe, "refused each time"),
        outcome=f"the connection is refused: {failure(probe, container)}",
        notes=(*(Note(other, f"and {other.title}") for other in probes[1:]), *_instead(container, pod)),
        help=_help(container, port),
        container=container,
        # A controller, or a patch, may add what listens.
        certain=pod.is_built_in and not pod.spec.patched,
        causes=(asked_cause(container, port), probed_cause(container, port)),
    )


def _connected(end: Endpoint, port: int, container: ContainerView, pod: PodView) -> Problem:
    return Problem(
        f'"{container.name}" connects to "{end.address}:{port}", where nobody listens',
        Note(end, "refused"),
        outcome="the connection is refused: no container of the pod listens on that port",
        notes=_instead(container, pod),
        help="connect to the port that is served, or let a container listen there",
        container=container,
        certain=False,
        causes=(asked_cause(container, port),),
    )


def _declared(declared: Port, port: int, container: ContainerView, pod: PodView) -> Problem:
    return Problem(
        f'"{container.name}" declares port {port}, on which nobody listens',
        Note(declared, "declared only"),
        outcome="whoever connects to it is refused: a declared port is documentation and opens nothing",
        notes=_instead(container, pod),
        help=_help(container, port),
        container=container,
        minor=True,
        yields_to=(Claim("unknown-scrape-port", scraped_cause(port)),),
        causes=(asked_cause(container, port),),
    )


def _instead(container: ContainerView, pod: PodView) -> tuple[Note, ...]:
    """Where there are listeners, those of the container itself first."""
    found = (
        Note(end, f'"{one.name}" listens on {end.port}')
        for one in (container, *pod.others(container))
        for end in tcp_listeners(one)
    )
    return tuple(islice(found, _MOST))


def _help(container: ContainerView, port: int) -> str:
    own = [end.port for end in tcp_listeners(container)]
    if len(own) == 1:
        return f"use port {own[0]}, or let the program listen on {port}"
    return f"let the program listen on {port}, or give the port on which it does"
