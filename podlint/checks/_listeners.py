"""Who listens on a port of the pod."""

from __future__ import annotations

from collections.abc import Hashable, Iterator

from podlint.vocabulary import ContainerView, Direction, Endpoint, PodView, Probe

_HARM = ("postStart", "startupProbe", "livenessProbe", "readinessProbe", "preStop")
"""Probes and hooks, by what they do to a container whose port does not answer, worst first."""


class Listeners:
    """All that is known to listen on TCP ports of a pod while its containers run."""

    def __init__(self, pod: PodView) -> None:
        self._by_port: dict[int | None, list[tuple[ContainerView, Endpoint]]] = {}
        for container in pod.running:
            for end in tcp_listeners(container):
                self._by_port.setdefault(end.port, []).append((container, end))

    def at(self, port: int) -> list[tuple[ContainerView, Endpoint]]:
        """Those that listen on a port."""
        return self._by_port.get(port, [])

    @property
    def somewhere(self) -> bool:
        """Whether there is one of which the port is not known."""
        return None in self._by_port


def tcp_listeners(container: ContainerView) -> Iterator[Endpoint]:
    """Where the processes of a container listen."""
    for process in container.processes:
        for end in process.endpoints:
            if end.direction is Direction.LISTEN and end.protocol == "tcp":
                yield end


def asked_port(probe: Probe, container: ContainerView) -> int | None:
    """The port at which the kubelet asks for a container at the address of its pod."""
    if probe.host:
        return None
    if isinstance(probe.port, str):
        return next((port.number for port in container.spec.ports if port.name == probe.port), None)
    return probe.port


def asked_cause(container: ContainerView, port: int) -> Hashable:
    """What problems of all rules about one port for which the kubelet asks have in common."""
    return (container, "asked", port)


def failure(probe: Probe, container: ContainerView) -> str:
    """What becomes of a container when nobody answers a probe or a hook."""
    match probe.kind:
        case "readinessProbe":
            return f'"{container.name}" never becomes ready'
        case "preStop":
            return "the hook fails each time"
        case _:
            return f'"{container.name}" is killed and started again and again'


def asked_ports(container: ContainerView) -> dict[int, list[Probe]]:
    """The ports for which the kubelet asks, with the probes and hooks that do, those first that end the
    container."""
    asked: dict[int, list[Probe]] = {}
    for probe in sorted(container.spec.probes, key=lambda probe: _HARM.index(probe.kind)):
        port = asked_port(probe, container)
        if port is not None:
            asked.setdefault(port, []).append(probe)
    return asked
