"""container-name-as-host: a container looks for another one of its pod by the name of that container."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from msgspec import Struct

from podlint.checks._listeners import tcp_listeners
from podlint.manifest.services import UNKNOWN
from podlint.vocabulary import ContainerView, Direction, Endpoint, Note, PodView, Problem, Span, Text, rule

_MOST = 20
"""Mentions of one name in one text that are looked at."""
_PORTS = {
    "http": 80, "https": 443, "ws": 80, "wss": 443, "redis": 6379, "rediss": 6379, "postgres": 5432,
    "postgresql": 5432, "mysql": 3306, "mongodb": 27017, "amqp": 5672, "amqps": 5671, "nats": 4222,
    "ldap": 389, "smtp": 25, "grpc": 0, "tcp": 0, "udp": 0,
}  # fmt: skip
"""The port of a URL that names none, by its scheme; 0 where it has to name one."""
_OF_HOSTS = "_HOST"
"""How the names of variables end whose value is another host; `…_HOSTNAME` is often the own one."""


class _Use(Struct, frozen=True):
    """Where a container names a host, with the port that it asks for there."""

    name: str
    port: int | None
    at: Endpoint | Span


@rule
def check(pod: PodView) -> Iterator[Problem]:
    """Report names of containers in the place of names of hosts, one for each container and name."""
    spec = pod.spec
    if not pod.is_built_in or spec.host_network or spec.own_dns or spec.partial or _adds_hosts(pod):
        return
    named = {one.name: one for one in pod.running if one.spec.name and one.name not in spec.host_names}
    for container in pod.containers:
        told: set[str] = set()
        others = {name: other for name, other in named.items() if other is not container}
        for use in _uses(container, others) if others else ():
            ports = _ports(others[use.name])
            fits = use.port is None or not ports or use.port in ports
            # The files of a run are read for its Services: not before there is a reason.
            if use.name not in told and fits and use.name not in spec.services.names():
                told.add(use.name)
                yield _problem(use, container, others[use.name], bool(ports), pod)


def _adds_hosts(pod: PodView) -> bool:
    return any(write.path.literal == "/etc/hosts" for write in pod.effects.writing())


def _ports(container: ContainerView) -> set[int]:
    """The ports that a container declares, and those on which it is known to listen."""
    listening = {end.port for end in tcp_listeners(container) if end.port is not None}
    return listening | {port.number for port in container.spec.ports if port.number is not None}


def _uses(container: ContainerView, others: Mapping[str, ContainerView]) -> Iterator[_Use]:
    for process in container.processes:
        for end in process.endpoints:
            host = end.address.literal or ""
            if end.direction is Direction.CONNECT and end.protocol == "tcp" and host in others:
                yield _Use(host, end.port, end)
    for entry in container.spec.env:
        if entry.value is not None:
            yield from _in_variable(entry.name, entry.value, others)
    for argument in container.spec.argv:
        for name in others:
            yield from _mentions(argument.text, name)


def _in_variable(variable: str, value: Text, others: Mapping[str, ContainerView]) -> Iterator[_Use]:
    if value.value in others and variable.upper().endswith(_OF_HOSTS):
        yield _Use(value.value, None, value.span())
    for name in others:
        yield from _mentions(value, name)


def _mentions(text: Text, name: str) -> Iterator[_Use]:
    """Where a text names a host: in a URL, or with a port behind it."""
    words, at = text.value, -1
    for _ in range(_MOST):
        at = words.find(name, at + 1)
        if at < 0:
            return
        end = at + len(name)
        line = words[words.rfind("\n", 0, at) + 1 : at]
        after = words[end : end + 6]
        digits = after[1:] if after.startswith(":") else ""
        count = next((n for n, one in enumerate(digits) if not one.isdecimal()), len(digits))
        port = int(digits[:count]) if count else None
        if line.lstrip().startswith("#") or not _ends(words[end + (count + 1 if count else 0) :][:1]):
            continue
        scheme = _scheme(line)
        if scheme in _PORTS:
            port = port or _PORTS[scheme]
        elif scheme or line[-1:] not in ("", "=", ",", " ", '"', "'"):
            continue
        if port:
            yield _Use(name, port, text.span(at, end))


def _scheme(before: str) -> str:
    """The scheme of the URL whose host stands behind a text; "" where none does."""
    head, separator, user = before.rpartition("://")
    if not separator or (user and not user.endswith("@")) or not user.isprintable() or " " in user:
        return ""
    letters = next((n for n, one in enumerate(reversed(head)) if not one.isalnum()), len(head))
    return head[len(head) - letters :].lower()


def _ends(after: str) -> bool:
    return not (after.isalnum() or after in ("-", ".", "_", ":")) or not after


def _problem(
    use: _Use, container: ContainerView, other: ContainerView, serves: bool, pod: PodView
) -> Problem:
    services = pod.spec.services.names()
    port = f":{use.port}" if use.port else ""
    advice = f'containers of a pod share one network: use "localhost{port}"'
    if not container.is_running:
        advice = f'do it where "{use.name}" runs: no other container does while init containers run'
    return Problem(
        f'"{container.name}" looks for the host "{use.name}", which is the name of a container',
        Note(use.at, "the name of a container, and of no host"),
        outcome=f'no Service "{use.name}" is in the run: without one elsewhere, the name is not found',
        notes=(Note(other, f'"{use.name}" runs in the same pod'),),
        help=advice,
        container=container,
        certain=serves and bool(services) and UNKNOWN not in services,
        causes=((container, "host", use.name),),
    )
