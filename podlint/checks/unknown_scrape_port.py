"""unknown-scrape-port: Prometheus is sent to a port of the pod on which it gets no answer."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from podlint.checks._listeners import (
    Listeners,
    is_only_local,
    mentioned_numbers,
    probed_cause,
    scraped_cause,
    tcp_listeners,
)
from podlint.digits import number_of
from podlint.manifest.model import Annotation
from podlint.manifest.monitors import PodMonitor
from podlint.vocabulary import Claim, Endpoint, Note, PodView, Problem, rule

_PREFIX = "prometheus.io/"
_MOST = 4
"""Listeners, or ports, that a finding shows."""
_INJECTING = ("inject", "dapr.io/enabled")
"""What labels and annotations have in their names by which containers are put into a pod."""


@rule
def check(pod: PodView) -> Iterator[Problem]:
    """Report the port of the usual annotations where nobody can answer it, and PodMonitors that name no port
    of the pods that they select."""
    yield from _annotated(pod)
    names = {*pod.spec.labels, *pod.spec.annotation_names}
    if not any(word in name for name in names for word in _INJECTING):
        yield from (_not_found(one, pod) for one in pod.spec.monitors if not one.met)


def _annotated(pod: PodView) -> Iterator[Problem]:
    annotations = pod.spec.own_annotations
    port, scrape = annotations.get(_PREFIX + "port"), annotations.get(_PREFIX + "scrape")
    number = number_of(port.value) if port is not None else None
    if port is None or number is None or scrape is None or scrape.value != "true" or pod.spec.host_network:
        return
    listeners = Listeners(pod)
    found = listeners.at(number)
    if is_only_local(number, listeners):
        yield _problem(port, number, "where only the pod itself is answered", [end for _, end in found], pod)
    elif listeners.all_known and not found and str(number) not in mentioned_numbers(pod):
        ends = [end for container in pod.running for end in tcp_listeners(container)]
        yield _problem(port, number, "on which nobody listens", ends, pod)


def _problem(port: Annotation, number: int, why: str, ends: list[Endpoint], pod: PodView) -> Problem:
    return Problem(
        f'the annotation "{_PREFIX}port" names port {number}, {why}',
        Note(port, "scraped in vain"),
        outcome="Prometheus connects to the address of the pod and is refused: it gets no metrics",
        notes=tuple(Note(end, f"listens on {_shown(end)}") for end in ends[:_MOST]),
        help="name the port on which a container gives its metrics, at every address of the pod",
        causes=(scraped_cause(number),),
        # A probe of the same port does more harm.
        yields_to=tuple(
            claim
            for container in pod.running
            for cause in (probed_cause(container, number),)
            for claim in (Claim("nobody-listens", cause), Claim("loopback-only-server", cause))
        ),
        certain=pod.is_built_in and not pod.spec.patched,
    )


def _not_found(monitor: PodMonitor, pod: PodView) -> Problem:
    ports = tuple(dict.fromkeys(one.port for one in monitor.ports))
    words = (f"port {one}" if isinstance(one, int) else f'a port named "{one}"' for one in ports[:_MOST])
    declared = [port for container in pod.containers for port in container.spec.ports]
    return Problem(
        f'the PodMonitor "{monitor.name}" asks for {" or ".join(words)}, which no container declares',
        Note(pod.spec, "no such port"),
        outcome="Prometheus drops all targets of the pod without an error: it gets no metrics",
        notes=(
            *(Note(one.span, "asked for here") for one in monitor.ports[:_MOST]),
            *(Note(one.name_span or one, "another one") for one in islice(declared, _MOST)),
        ),
        help="`port` takes the name of a port: give its number as `portNumber`"
        if any(isinstance(one, str) and one.isdecimal() for one in ports)
        else "declare the port in the container that serves it, or name a declared one in the PodMonitor",
        causes=(("monitor", monitor.name, monitor.ports[0].span),),
        certain=pod.is_built_in and not pod.spec.patched,
    )


def _shown(end: Endpoint) -> str:
    return f"{end.address}:{end.port}" if str(end.address) else str(end.port)
