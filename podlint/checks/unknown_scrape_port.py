"""unknown-scrape-port: Prometheus is sent to a port of the pod on which it gets no answer."""

from __future__ import annotations

from collections.abc import Iterator

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
from podlint.vocabulary import Claim, Endpoint, Note, PodView, Problem, rule

_PREFIX = "prometheus.io/"
_MOST = 4
"""Listeners that a finding shows."""


@rule
def check(pod: PodView) -> Iterator[Problem]:
    """Report the port of the usual annotations where nobody can answer it."""
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


def _shown(end: Endpoint) -> str:
    return f"{end.address}:{end.port}" if str(end.address) else str(end.port)
