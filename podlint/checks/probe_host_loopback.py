"""probe-host-loopback: a probe or hook whose host is the loopback address of the node, not of the pod."""

from __future__ import annotations

import re
from collections.abc import Iterator

from podlint.manifest.model import Probe
from podlint.regex import late
from podlint.storage.view import ContainerView, PodView
from podlint.vocabulary import Note, Problem, rule

_LOOPBACK = late(r"localhost\.?|127(?:\.[0-9]{1,3}){1,3}|\[?::1\]?|0\.0\.0\.0|\[?::\]?", re.IGNORECASE)
_HOOKS = ("postStart", "preStop")


@rule
def check(pod: PodView) -> Iterator[Problem]:
    """Report each `host` that leads the kubelet to its own node."""
    if pod.spec.host_network:
        return
    for container in pod.containers:
        for probe in container.spec.probes:
            if _LOOPBACK.fullmatch(probe.host) and probe.host_span is not None:
                yield _finding(probe, container, pod)


def _finding(probe: Probe, container: ContainerView, pod: PodView) -> Problem:
    title = f"the {probe.kind} hook" if probe.kind in _HOOKS else f"the {probe.kind}"
    address = probe.host
    if isinstance(probe.port, int):
        bare = ":" in address and not address.startswith("[")
        address = f"[{address}]:{probe.port}" if bare else f"{address}:{probe.port}"
    assert probe.host_span is not None
    return Problem(
        message=(
            f'{title} of "{container.name}" never reaches it: the kubelet connects from its node, where '
            f'"{address}" is the node itself'
        ),
        at=Note(probe.host_span, "the node's own loopback"),
        notes=(Note(container.span, "this container is meant"),),
        help="leave out the host: the kubelet then takes the address of the pod",
        container=container,
    )
