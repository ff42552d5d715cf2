"""Ports that containers declare, and ports at which the kubelet knocks."""

from __future__ import annotations

from textwrap import dedent, indent

import pytest

from podlint.manifest.model import Container, Probe
from tests.manifest.reading import only_pod, read


def container(fields: str) -> Container:
    """The only container of a pod, with these fields."""
    head = "kind: Pod\nmetadata: {name: p}\nspec:\n  containers:\n  - name: a\n    image: x\n"
    (only,) = only_pod(head + indent(dedent(fields), "    ")).containers
    return only


def test_declared_ports() -> None:
    ports = container(
        """\
        ports:
        - containerPort: 8080
        - {name: dns, containerPort: 53, protocol: UDP, hostPort: 5353, hostIP: 10.0.0.1}
        - name: later
        """
    ).ports
    assert [(p.name, p.number, p.protocol, p.host_port, p.host_ip) for p in ports] == [
        ("", 8080, "TCP", None, ""),
        ("dns", 53, "UDP", 5353, "10.0.0.1"),
        ("later", None, "TCP", None, ""),
    ]
    assert [p.span.raw for p in ports[:2]] == ["8080", "53"]
    assert [p.name_span.raw if p.name_span else None for p in ports] == [None, "dns", "later"]


def test_a_container_without_ports() -> None:
    only = container("")
    assert (only.ports, only.probes) == ((), ())


def told(probe: Probe) -> tuple[str, str, str, int | str | None, str, str]:
    return probe.kind, probe.action, probe.host, probe.port, probe.path, probe.scheme


def test_network_probes_and_hooks() -> None:
    only = container(
        """\
        startupProbe: {grpc: {port: 9000}}
        readinessProbe: {tcpSocket: {host: localhost, port: web}}
        livenessProbe: {httpGet: {path: /healthz, port: 8080, scheme: HTTPS}}
        lifecycle:
          preStop: {httpGet: {path: /quit, port: "9091", host: 127.0.0.1}}
          postStart: {exec: {command: [touch, /x]}}
        """
    )
    assert [told(probe) for probe in only.probes] == [
        ("livenessProbe", "httpGet", "", 8080, "/healthz", "HTTPS"),
        ("readinessProbe", "tcpSocket", "localhost", "web", "", "HTTP"),
        ("startupProbe", "grpc", "", 9000, "", "HTTP"),
        ("preStop", "httpGet", "127.0.0.1", 9091, "/quit", "HTTP"),
    ]
    assert [one.kind for one in only.execs] == ["postStart"]
    assert [probe.span.raw for probe in only.probes] == ["8080", "web", "9000", '"9091"']
    assert [probe.host_span.raw if probe.host_span else None for probe in only.probes] == [
        None,
        "localhost",
        None,
        "127.0.0.1",
    ]


PORTS = {"8080": 8080, '"8080"': 8080, "0x50": 80, "web": "web", "'${PORT}'": None, "null": None, "{}": None}


@pytest.mark.parametrize(("written", "port"), PORTS.items(), ids=PORTS)
def test_a_probes_port_is_a_number_or_a_name(written: str, port: int | str | None) -> None:
    (probe,) = container(f"livenessProbe: {{tcpSocket: {{port: {written}}}}}").probes
    assert probe.port == port


WRONG = ["ports: 80", "ports: [80]", "livenessProbe: x", "livenessProbe: {httpGet: [1]}", "lifecycle: 3"]


@pytest.mark.parametrize("fields", WRONG)
def test_what_has_a_wrong_type_is_left_out_and_told(fields: str) -> None:
    head = "kind: Pod\nmetadata: {name: p}\nspec:\n  containers:\n  - name: a\n    image: x\n    "
    outcome = read(head + fields + "\n")
    assert len(outcome.malformed) == 1
    assert outcome.pods[0].containers[0].ports == ()
    assert outcome.pods[0].containers[0].probes == ()
