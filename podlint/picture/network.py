"""The rows of ports and processes: who listens, who connects, who signals whom."""

from __future__ import annotations

from collections.abc import Hashable, Sequence

from podlint.manifest.model import Probe
from podlint.picture.files import Files
from podlint.picture.model import Act, Flow
from podlint.picture.rows import Gathered, cut, spot
from podlint.shell.endpoints import Direction, Endpoint, Recipient, Signal
from podlint.storage.veil import Veil
from podlint.storage.view import ContainerView

_OWN = (Recipient.CHILD, Recipient.SELF, Recipient.PARENT, Recipient.GROUP)
"""Recipients that a script has started itself, or that have started it."""


class Network:
    """The rows of what containers reach one another by, other than files."""

    def __init__(self, containers: Sequence[ContainerView], veil: Veil, files: Files) -> None:
        self._containers = containers
        self._veil = veil
        self._files = files
        self._ports: dict[Hashable, Gathered] = {}
        self._remote: dict[Hashable, Gathered] = {}
        self._processes: dict[Hashable, Gathered] = {}

    def rows(self) -> list[Gathered]:
        """All rows."""
        return [*self._ports.values(), *self._remote.values(), *self._processes.values()]

    def add(self, column: int, container: ContainerView) -> None:
        """Add where a container listens and connects, and whom it signals."""
        for port in container.spec.ports:
            act = Act("declares", cut(port.name), Flow.NEITHER, True, "once", spot(port.span))
            row = self._port(port.protocol.lower(), port.number)
            row.add(column, act, port.span)
            if port.name_span is not None:
                row.places.append((column, port.name_span))
        for probe in container.spec.probes:
            self._probe(column, container, probe)
        for process in container.processes:
            for endpoint in process.endpoints:
                self._endpoint(column, container, endpoint)
            for signal in process.signals:
                self._signal(column, container, signal)

    def _endpoint(self, column: int, container: ContainerView, endpoint: Endpoint) -> None:
        listens = endpoint.direction is Direction.LISTEN
        address = self._veil.value(str(endpoint.address), told=True)
        verb, flow = ("listens", Flow.TAKES) if listens else ("connects", Flow.GIVES)
        is_socket = endpoint.protocol == "unix"
        detail = f"on {address}" if listens and address and not is_socket else ""
        certain = endpoint.certain and container.reached
        act = Act(verb, cut(detail), flow, certain, endpoint.repeats.value, spot(endpoint.span))
        # What only the image says stands where the container is named, as findings about all of it do.
        span = endpoint.span if endpoint.span[1:] != container.span[1:] else None
        if is_socket:
            self._files.add_socket(column, container, endpoint, act)
        elif listens or endpoint.loopback:
            self._port(endpoint.protocol, endpoint.port).add(column, act, span)
        else:
            number = "?" if endpoint.port is None else str(endpoint.port)
            label = cut(f"{address or '?'}:{number}")
            row = Gathered("remote", label, f"{endpoint.protocol}, another host")
            self._remote.setdefault((endpoint.protocol, label), row).add(column, act, span)

    def _port(self, protocol: str, number: int | None) -> Gathered:
        label = f"port {'?' if number is None else number}"
        return self._ports.setdefault((protocol, number), Gathered("port", label, protocol))

    def _probe(self, column: int, container: ContainerView, probe: Probe) -> None:
        """The kubelet connects to the port; what listens there is another matter."""
        number = probe.port if isinstance(probe.port, int) else None
        named = next((one for one in container.spec.ports if one.name and one.name == probe.port), None)
        if named is not None:
            number = named.number
        act = Act("is probed", cut(f"by its {probe.kind}"), Flow.NEITHER, True, "once", spot(probe.span))
        row = self._port("tcp", number)
        row.add(column, act, probe.span)
        if probe.host_span is not None:
            row.places.append((column, probe.host_span))

    def _signal(self, column: int, container: ContainerView, signal: Signal) -> None:
        target = self._veil.value(str(signal.target), told=True)
        labels = {
            Recipient.PID: f"process {target}",
            Recipient.FILE: f"the process in {target}",
            Recipient.NAME: target,
            Recipient.ALL: "all processes",
        }
        label = cut(labels.get(signal.recipient, "its own processes"))
        verb = "looks for" if signal.signal == "0" else "signals"
        detail = "" if signal.signal in ("", "0") else self._veil.value(signal.signal, told=True)
        certain = signal.certain and container.reached
        act = Act(verb, cut(detail), Flow.GIVES, certain, signal.repeats.value, spot(signal.span))
        if label not in self._processes:
            row = Gathered("process", label, "process", quiet=signal.recipient in _OWN)
            self._processes[label] = row
            if signal.recipient is Recipient.NAME and signal.target.literal is not None:
                self._add_recipients(row, signal.target.literal)
        self._processes[label].add(column, act, signal.span)

    def _add_recipients(self, row: Gathered, name: str) -> None:
        """Tell which containers run a process of that name."""
        for column, container in enumerate(self._containers):
            for one in container.main.pid1:
                if one.program == name:
                    span = container.span
                    act = Act("runs", "as process 1", Flow.TAKES, one.certain, "once", spot(span))
                    row.add(column, act)
