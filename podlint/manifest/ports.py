"""Ports of containers: those that they declare, and those that probes and hooks connect to."""

from __future__ import annotations

from collections.abc import Iterator

from podlint.digits import number_of
from podlint.manifest.expansion import leave
from podlint.manifest.model import HOOKS, PROBES, Port, Probe
from podlint.manifest.reader import Reader
from podlint.manifest.references import Argument
from podlint.regex import late
from podlint.source.nodes import MappingNode, ScalarNode
from podlint.source.span import Span
from podlint.source.values import as_int, is_null

_ACTIONS = ("httpGet", "tcpSocket", "grpc")
_PLACEHOLDER = late(r"[${<%@]")


def read_ports(reader: Reader, node: MappingNode) -> tuple[Port, ...]:
    """The `ports` of a container, in order."""
    if node.get("ports") is None:
        return ()
    found = []
    for one in reader.mappings(node, "ports"):
        name, number = reader.scalar(one, "name"), one.get("containerPort")
        found.append(
            Port(
                name=name.value if name else "",
                number=reader.integer(one, "containerPort"),
                protocol=reader.string(one, "protocol") or "TCP",
                host_port=reader.integer(one, "hostPort"),
                host_ip=reader.string(one, "hostIP"),
                span=number.span if isinstance(number, ScalarNode) else one.span,
                name_span=name.span if name else None,
            )
        )
    return tuple(found)


def read_probes(reader: Reader, node: MappingNode) -> tuple[Probe, ...]:
    """The probes and hooks of a container that go over the network, in the order of the API's fields."""
    found = []
    lifecycle = reader.mapping(node, "lifecycle") if node.get("lifecycle") is not None else None
    for holder, kinds in ((node, PROBES), (lifecycle, HOOKS)):
        for kind in kinds if holder is not None else ():
            handler = reader.mapping(holder, kind) if holder is not None else None
            for action in _ACTIONS if handler is not None else ():
                asked = reader.mapping(handler, action) if handler is not None else None
                if asked is not None:
                    found.append(_read_probe(reader, asked, kind, action))
    return tuple(found)


def _read_probe(reader: Reader, node: MappingNode, kind: str, action: str) -> Probe:
    host, port = node.get("host"), node.get("port")
    return Probe(
        kind=kind,
        action=action,
        host=reader.string(node, "host") if action != "grpc" else "",
        port=_number_or_name(port) if isinstance(port, ScalarNode) else None,
        path=reader.string(node, "path"),
        scheme=reader.string(node, "scheme") or "HTTP",
        span=_pair_span(node, "port"),
        host_span=_pair_span(node, "host") if isinstance(host, ScalarNode) and host.value else None,
        sent=tuple(_sent(reader, node)),
    )


def _sent(reader: Reader, node: MappingNode) -> Iterator[Argument]:
    """The texts of a request, of which the kubelet expands none (`pkg/probe/http/request.go`)."""
    headers = reader.mappings(node, "httpHeaders") if node.get("httpHeaders") is not None else ()
    for text in (
        reader.text(node, "host"),
        reader.text(node, "path"),
        *(reader.text(one, "value") for one in headers),
    ):
        if text is not None:
            yield leave(text)


def _number_or_name(node: ScalarNode) -> int | str | None:
    """A port as the kubelet resolves it: a string of digits is a number too (`resolvePort`)."""
    if is_null(node):
        return None
    number = as_int(node)
    if number is not None:
        return number
    number = number_of(node.value)
    if number is not None:
        return number
    return None if _PLACEHOLDER.search(node.value) or not node.value else node.value


def _pair_span(node: MappingNode, name: str) -> Span:
    """The value of a key, the whole mapping where it is not there."""
    value = node.get(name)
    return value.span if isinstance(value, ScalarNode) else node.span
