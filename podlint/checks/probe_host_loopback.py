"""probe-host-loopback: a probe or hook whose host is the loopback address of the node, not of the pod."""

from __future__ import annotations

import re
from collections.abc import Iterator

from podlint.vocabulary import Note, PodView, Probe, Problem, late, rule

_LOOPBACK = late(r"localhost\.?|127(?:\.[0-9]{1,3}){1,3}|\[?::1\]?|0\.0\.0\.0|\[?::\]?", re.IGNORECASE)


@rule
def check(pod: PodView) -> Iterator[Problem]:
    """Report each `host` that leads the kubelet to its own node."""
    for container in pod.containers if not pod.spec.host_network else ():
        for probe in container.spec.probes:
            if _LOOPBACK.fullmatch(probe.host) and probe.host_span is not None:
                yield Problem(
                    f'{probe.title} of "{container.name}" connects to "{_address(probe)}" on the node',
                    Note(probe.host_span, "not an address of the pod"),
                    outcome=f'the kubelet connects from its own node and never reaches "{container.name}"',
                    notes=(Note(container, "this container is meant"),),
                    help="leave out the host: the kubelet then takes the address of the pod",
                    container=container,
                )


def _address(probe: Probe) -> str:
    if not isinstance(probe.port, int):
        return probe.host
    is_bare = ":" in probe.host and not probe.host.startswith("[")
    return f"[{probe.host}]:{probe.port}" if is_bare else f"{probe.host}:{probe.port}"
