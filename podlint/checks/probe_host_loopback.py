"""probe-host-loopback: a probe or hook whose host is the loopback address of the node, not of the pod."""

from __future__ import annotations

import re
from collections.abc import Iterator

from podlint.findings import Finding, Label, Severity
from podlint.manifest.model import Container, Probe
from podlint.regex import late
from podlint.storage.view import PodView

RULE = "probe-host-loopback"

_LOOPBACK = late(r"localhost\.?|127(?:\.[0-9]{1,3}){1,3}|\[?::1\]?|0\.0\.0\.0|\[?::\]?", re.IGNORECASE)
_HOOKS = ("postStart", "preStop")


def check(view: PodView) -> Iterator[Finding]:
    """Report each `host` that leads the kubelet to its own node."""
    if view.pod.partial or view.pod.host_network:
        return
    for container in view.pod.containers:
        for probe in container.probes:
            if _LOOPBACK.fullmatch(probe.host) and probe.host_span is not None:
                yield _finding(probe, container, view)


def _finding(probe: Probe, container: Container, view: PodView) -> Finding:
    title = f"the {probe.kind} hook" if probe.kind in _HOOKS else f"the {probe.kind}"
    address = probe.host
    if isinstance(probe.port, int):
        bare = ":" in address and not address.startswith("[")
        address = f"[{address}]:{probe.port}" if bare else f"{address}:{probe.port}"
    assert probe.host_span is not None
    return Finding(
        rule=RULE,
        severity=Severity.ERROR,
        message=(
            f'{title} of "{container.name}" never reaches it: the kubelet connects from its node, where '
            f'"{address}" is the node itself'
        ),
        primary=Label(probe.host_span.region(), "the node's own loopback"),
        related=(Label(container.span.region(), "this container is meant"),),
        help="leave out the host: the kubelet then takes the address of the pod",
        pod=view.pod.title,
        container=container.name,
    )
