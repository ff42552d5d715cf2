"""loopback-only-server: the kubelet asks a server that listens on the loopback address of the pod only."""

from __future__ import annotations

from collections.abc import Iterator

from podlint.checks._listeners import Listeners, asked_cause, asked_ports, failure
from podlint.vocabulary import ContainerView, Endpoint, Note, PodView, Probe, Problem, late, rule

_LOOPBACK = late(r"localhost|127(?:\.[0-9]{1,3}){3}|::1")


@rule
def check(pod: PodView) -> Iterator[Problem]:
    """Report each port of a container that the kubelet asks for, and where only the pod itself gets an
    answer."""
    listeners: Listeners | None = None
    for container in pod.running:
        for port, probes in asked_ports(container).items():
            listeners = listeners or Listeners(pod)
            found = listeners.at(port)
            if found and not listeners.somewhere and _is_only_local(port, found, pod):
                yield _problem(probes, port, container, found, pod)


def _is_only_local(port: int, found: list[tuple[ContainerView, Endpoint]], pod: PodView) -> bool:
    """Whether all that listen on a port do so for the pod itself, and nobody else seems to."""
    servers = [server for server, _ in found]
    return all(_is_told_so(end) for _, end in found) and not any(
        declared.number == port
        for other in pod.running
        if other not in servers
        for declared in other.spec.ports
    )


def _is_told_so(end: Endpoint) -> bool:
    """Whether a listener has a loopback address for certain, or its command line gives it one: what is only
    the default of a program, a variable or a file of its image often changes."""
    address = end.address.literal or ""
    told = end.certain or address in end.text.value[end.start : end.end]
    return told and _LOOPBACK.fullmatch(address) is not None


def _problem(
    probes: list[Probe],
    port: int,
    container: ContainerView,
    found: list[tuple[ContainerView, Endpoint]],
    pod: PodView,
) -> Problem:
    probe = probes[0]
    server, end = next((one for one in found if one[1].certain), found[0])
    return Problem(
        f'{probe.title} of "{container.name}" asks for port {port}, open to the pod itself only',
        Note(probe, "asked at the address of the pod"),
        outcome=f"the kubelet connects from outside the pod and is refused: {failure(probe, container)}",
        notes=(
            Note(end, f'"{server.name}" listens on "{end.address}" only'),
            *(Note(other, f"and {other.title}") for other in probes[1:]),
        ),
        help=f'let "{server.name}" listen on "0.0.0.0:{port}", or ask from inside with an exec probe',
        container=container,
        certain=end.certain and not pod.spec.host_network,
        causes=(asked_cause(container, port),),
    )
