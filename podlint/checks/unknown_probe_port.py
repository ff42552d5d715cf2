"""unknown-probe-port: a probe that names a port which its container does not have, or that a sibling has."""

from __future__ import annotations

from collections.abc import Iterator

from podlint.checks._listeners import asked_cause
from podlint.vocabulary import Claim, ContainerView, Direction, Note, PodView, Port, Probe, Problem, rule


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
    found = _owner(name, container, pod)
    fails = "the hook fails" if probe.is_hook else "the probe fails each time"
    return Problem(
        f'{probe.title} of "{container.name}" asks for port "{name}", which its container does not declare',
        Note(probe, "no such port"),
        outcome=f'the kubelet looks for the name only among the ports of "{container.name}", and {fails}',
        notes=_at_owner(found),
        help=(
            f'move the probe to "{found[0].name}", or give the number of the port'
            if found is not None
            else f'declare a port named "{name}" in "{container.name}", or give its number'
        ),
        container=container,
        # Operators add ports to the containers of their own kinds.
        certain=pod.is_built_in,
    )


def _owner(name: str | int, container: ContainerView, pod: PodView) -> tuple[ContainerView, Port] | None:
    """The container that declares a port, by its name or number, and runs together with another."""
    for other in pod.others(container):
        for port in other.spec.ports:
            if name in (port.name, port.number):
                return other, port
    return None


def _at_owner(found: tuple[ContainerView, Port] | None) -> tuple[Note, ...]:
    if found is None:
        return ()
    other, port = found
    return (Note(port.name_span or port, f'a port of "{other.name}"'),)


def _of_a_sibling(probe: Probe, number: int, container: ContainerView, pod: PodView) -> Iterator[Problem]:
    own = container.spec.ports
    # Who declares nothing may listen on anything.
    if not own or any(port.number == number for port in own) or _listens(container, number):
        return
    found = _owner(number, container, pod)
    if found is not None:
        name, cause = found[0].name, asked_cause(container, number)
        yield Problem(
            f'{probe.title} of "{container.name}" asks for port {number} of "{name}"',
            Note(probe, f'"{container.name}" declares no such port'),
            outcome=f'when "{name}" fails, "{container.name}" is restarted and "{name}" is not',
            notes=_at_owner(found),
            help=f'move the probe to "{name}"',
            container=container,
            minor=True,
            yields_to=(Claim("nobody-listens", cause), Claim("loopback-only-server", cause)),
        )


def _listens(container: ContainerView, number: int) -> bool:
    return any(
        end.direction is Direction.LISTEN and end.port in (number, None)
        for process in container.processes
        for end in process.endpoints
    )
