"""unknown-probe-port: a probe that names a port which its container does not have, or that a sibling has."""

from __future__ import annotations

from collections.abc import Iterator

from podlint.findings import Finding, Label, Severity
from podlint.manifest.model import Port, Probe
from podlint.manifest.workloads import SPEC_PATHS
from podlint.shell.contacts import Direction
from podlint.storage.view import ContainerView, PodView

RULE = "unknown-probe-port"

_HOOKS = ("postStart", "preStop")


def check(view: PodView) -> Iterator[Finding]:
    """Report each port name that the kubelet will not find, and liveness that depends on a sibling."""
    if view.pod.partial:
        return
    for one in view.containers:
        for probe in one.container.probes:
            if isinstance(probe.port, str):
                if all(port.name != probe.port for port in one.container.ports):
                    yield _unknown(probe, probe.port, one, view)
            elif probe.kind == "livenessProbe" and probe.port is not None and not probe.host:
                yield from _of_a_sibling(probe, probe.port, one, view)


def _unknown(probe: Probe, name: str, one: ContainerView, view: PodView) -> Finding:
    title = _title(probe, one)
    found = _owner(view, one, name)
    whose = "no container has" if found is None else f'"{found[0].name}" has, and not "{one.name}"'
    # Operators add ports to the containers of their own kinds.
    certain = view.pod.kind in SPEC_PATHS
    return Finding(
        rule=RULE,
        severity=Severity.ERROR if certain else Severity.WARNING,
        message=f'{title} fails each time: it asks for port "{name}", which {whose}',
        primary=Label(probe.span.region(), f'no port of "{one.name}" has this name'),
        related=_related(found),
        help=_advice(found, name, one),
        pod=view.pod.title,
        container=one.name,
    )


def _title(probe: Probe, one: ContainerView) -> str:
    hook = " hook" if probe.kind in _HOOKS else ""
    return f'the {probe.kind}{hook} of "{one.name}"'


def _owner(view: PodView, one: ContainerView, name: str | int) -> tuple[ContainerView, Port] | None:
    """The container that declares a port, by its name or number, and runs together with another."""
    for other in view.others(one):
        for port in other.container.ports:
            if name in (port.name, port.number):
                return other, port
    return None


def _related(found: tuple[ContainerView, Port] | None) -> tuple[Label, ...]:
    if found is None:
        return ()
    other, port = found
    return (Label((port.name_span or port.span).region(), f'a port of "{other.name}"'),)


def _advice(found: tuple[ContainerView, Port] | None, name: str, one: ContainerView) -> str:
    if found is not None:
        return f'move the probe to "{found[0].name}", or give the number of the port'
    return f'declare a port named "{name}" in "{one.name}", or give its number'


def _of_a_sibling(probe: Probe, number: int, one: ContainerView, view: PodView) -> Iterator[Finding]:
    own = one.container.ports
    # Who declares nothing may listen on anything.
    if not own or any(port.number == number for port in own) or _listens(one, number):
        return
    found = _owner(view, one, number)
    if found is None:
        return
    other, _ = found
    yield Finding(
        rule=RULE,
        severity=Severity.INFO,
        message=(
            f'the livenessProbe of "{one.name}" asks for port {number} of "{other.name}": when that fails, '
            f'"{one.name}" is restarted and "{other.name}" is not'
        ),
        primary=Label(probe.span.region(), f'"{one.name}" declares no such port'),
        related=_related(found),
        help=f'move the probe to "{other.name}"',
        pod=view.pod.title,
        container=one.name,
    )


def _listens(one: ContainerView, number: int) -> bool:
    return any(
        end.direction is Direction.LISTEN and end.port in (number, None)
        for process in one.processes
        for end in process.endpoints
    )
