"""loopback-only-server: the kubelet asks a server that listens on the loopback address of the pod only."""

from __future__ import annotations

from collections.abc import Iterator

from podlint.checks._listeners import (
    Listeners,
    asked_cause,
    asked_ports,
    failure,
    is_only_local,
    probed_cause,
)
from podlint.vocabulary import ContainerView, Endpoint, Note, PodView, Probe, Problem, rule


@rule
def check(pod: PodView) -> Iterator[Problem]:
    """Report each port of a container that the kubelet asks for, and where only the pod itself gets an
    answer."""
    listeners: Listeners | None = None
    for container in pod.running:
        for port, probes in asked_ports(container).items():
            listeners = listeners or Listeners(pod)
            if is_only_local(port, listeners):
                yield _problem(probes, port, container, listeners.at(port), pod)


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
        causes=(asked_cause(container, port), probed_cause(container, port)),
    )
