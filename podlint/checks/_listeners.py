"""Who listens on a port of the pod, and whether there may be listeners that nobody knows of."""

from __future__ import annotations

from collections.abc import Hashable, Iterator

from podlint.manifest.model import HOOKS
from podlint.vocabulary import ContainerView, Direction, Endpoint, PodView, Probe, late

_HARM = ("postStart", "startupProbe", "livenessProbe", "readinessProbe", "preStop")
"""Probes and hooks, by what they do to a container whose port does not answer, worst first."""
LOOPBACK = late(r"localhost|127(?:\.[0-9]{1,3}){3}|::1")
"""Addresses at which only the pod itself is answered."""
_NUMBER = late(r"[0-9]++")


class Listeners:
    """All that is known to listen on TCP ports of a pod while its containers run."""

    def __init__(self, pod: PodView) -> None:
        self._by_port: dict[int | None, list[tuple[ContainerView, Endpoint]]] = {}
        self._declaring: dict[int | None, list[ContainerView]] = {}
        self.all_known = True
        """Whether nothing else can listen."""
        for container in pod.running:
            self.all_known = self.all_known and all_known_of(container)
            for end in tcp_listeners(container):
                self._by_port.setdefault(end.port, []).append((container, end))
            for port in container.spec.ports:
                self._declaring.setdefault(port.number, []).append(container)

    def at(self, port: int) -> list[tuple[ContainerView, Endpoint]]:
        """Those that listen on a port."""
        return self._by_port.get(port, [])

    def declaring(self, port: int) -> list[ContainerView]:
        """The containers that declare a port."""
        return self._declaring.get(port, [])

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


def all_known_of(container: ContainerView) -> bool:
    """Whether a container listens where it is known to, and nowhere else: all that it runs is known, or its
    image is and nothing configures that."""
    if any(process.kind in HOOKS and not process.understood for process in container.processes):
        return False
    if not all(end.certain and end.port is not None for end in tcp_listeners(container)):
        return False
    main, image = container.main, container.image
    if main.understood:
        return True
    if container.configured and not container.configuration_is_whole:
        return False
    if image is None or not image.ports or image.moved_by is None or not image.is_certain("ports"):
        return False
    return not main.doubts and all(call.name == image.program for call in main.calls)


def is_only_local(port: int, listeners: Listeners) -> bool:
    """Whether all that listen on a port do so for the pod itself, and nobody else seems to."""
    found = listeners.at(port)
    servers = {id(server) for server, _ in found}
    told = bool(found) and not listeners.somewhere and all(_is_told_so(end) for _, end in found)
    return told and all(id(other) in servers for other in listeners.declaring(port))


def _is_told_so(end: Endpoint) -> bool:
    """Whether a listener has a loopback address for certain, or its command line gives it one: what is only
    the default of a program, a variable or a file of its image often changes."""
    address = end.address.literal or ""
    told = end.certain or address in end.text.value[end.start : end.end]
    return told and LOOPBACK.fullmatch(address) is not None


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


def probed_cause(container: ContainerView, port: int) -> Hashable:
    """What problems about probes and hooks of one port have in common, whatever else asks for it."""
    return (container, "probed", port)


def scraped_cause(port: int) -> Hashable:
    """What a port that Prometheus is sent to and one that is declared have in common."""
    return ("scraped", port)


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


def mentioned_numbers(pod: PodView) -> frozenset[str]:
    """The numbers that stand in command lines and variables of a pod."""
    values = (
        value
        for container in pod.running
        for value in (
            *container.spec.environment.known.values(),
            *(argument.text.value for argument in container.spec.argv),
        )
    )
    return frozenset(found[0] for value in values if value for found in _NUMBER.finditer(value))
