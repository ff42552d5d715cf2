"""unknown-probe-port: a probe that names a port which its container does not have, or that a sibling has."""

from __future__ import annotations

from collections.abc import Iterator

from podlint.manifest.model import Port, Probe
from podlint.manifest.workloads import SPEC_PATHS
from podlint.shell.endpoints import Direction
from podlint.storage.view import ContainerView, PodView
from podlint.vocabulary import Note, Problem, rule

_HOOKS = ("postStart", "preStop")


@rule
def check(pod: PodView) -> Iterator[Problem]:
    """Report each port name that the kubelet will not find, and liveness that depends on a sibling."""
    for container in pod.containers:
        for probe in container.spec.probes:
            if isinstance(probe.port, str):
                if all(port.name != probe.port for port in container.spec.ports):
                    yield _unknown(probe, probe.port, container, pod)
            elif probe.kind == "livenessProbe" and probe.port is not None and not probe.host:
                yield from _of_a_sibling(probe, probe.port, container, pod)


def _unknown(probe: Probe, name: str, container: ContainerView, pod: PodView) -> Problem:
    title = _title(probe, container)
    found = _owner(pod, container, name)
    whose = "no container has" if found is None else f'"{found[0].name}" has, and not "{container.name}"'
    # Operators add ports to the containers of their own kinds.
    certain = pod.spec.kind in SPEC_PATHS
    return Problem(
        certain=certain,
        message=f'{title} fails each time: it asks for port "{name}", which {whose}',
        at=Note(probe.span, f'no port of "{container.name}" has this name'),
        notes=_related(found),
        help=_advice(found, name, container),
        container=container,
    )


def _title(probe: Probe, container: ContainerView) -> str:
    hook = " hook" if probe.kind in _HOOKS else ""
    return f'the {probe.kind}{hook} of "{container.name}"'


def _owner(pod: PodView, container: ContainerView, name: str | int) -> tuple[ContainerView, Port] | None:
    """The container that declares a port, by its name or number, and runs together with another."""
    for other in pod.others(container):
        for port in other.spec.ports:
            if name in (port.name, port.number):
                return other, port
    return None


def _related(found: tuple[ContainerView, Port] | None) -> tuple[Note, ...]:
    if found is None:
        return ()
    other, port = found
    return (Note(port.name_span or port.span, f'a port of "{other.name}"'),)


def _advice(found: tuple[ContainerView, Port] | None, name: str, container: ContainerView) -> str:
    if found is not None:
        return f'move the probe to "{found[0].name}", or give the number of the port'
    return f'declare a port named "{name}" in "{container.name}", or give its number'


def _of_a_sibling(probe: Probe, number: int, container: ContainerView, pod: PodView) -> Iterator[Problem]:
    own = container.spec.ports
    # Who declares nothing may listen on anything.
    if not own or any(port.number == number for port in own) or _listens(container, number):
        return
    found = _owner(pod, container, number)
    if found is None:
        return
    other, _ = found
    yield Problem(
        minor=True,
        message=(
            f'the livenessProbe of "{container.name}" asks for port {number} of "{other.name}": when that fails, '
            f'"{container.name}" is restarted and "{other.name}" is not'
        ),
        at=Note(probe.span, f'"{container.name}" declares no such port'),
        notes=_related(found),
        help=f'move the probe to "{other.name}"',
        container=container,
    )


def _listens(container: ContainerView, number: int) -> bool:
    return any(
        end.direction is Direction.LISTEN and end.port in (number, None)
        for process in container.processes
        for end in process.endpoints
    )
