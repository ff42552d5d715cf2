"""ungated-sidecar: a sidecar that others ask as soon as its process has started, ready or not."""

from __future__ import annotations

from collections.abc import Iterator

from podlint.checks._first_contacts import first_contacts, is_waited_for, listener, mentioned_ports
from podlint.vocabulary import ContainerView, Note, PodView, Problem, Role, Span, rule


@rule
def check(pod: PodView) -> Iterator[Problem]:
    """Report sidecars without a startupProbe that a container asks which starts after them."""
    ungated = [one for one in pod.containers if one.spec.role is Role.SIDECAR and not is_waited_for(one)]
    if not ungated:
        return
    reported: set[str] = set()
    for container in pod.containers:
        if container.spec.role not in (Role.INIT, Role.APP):
            continue
        before = _started_before(container, ungated, pod)
        for contact in first_contacts(container, pod):
            for sidecar in before:
                served = listener(sidecar, contact.port)
                if served is not None and sidecar.name not in reported:
                    reported.add(sidecar.name)
                    yield _problem(container, contact.port, contact.call.span, sidecar, served)
        if container.spec.role is Role.INIT and not container.understood and not pod.spec.host_network:
            for port in sorted(mentioned_ports(container)):
                for sidecar in before:
                    served = listener(sidecar, port)
                    if served is not None and sidecar.name not in reported:
                        reported.add(sidecar.name)
                        yield _problem(container, port, container.span, sidecar, served, sure=False)


def _started_before(
    container: ContainerView, sidecars: list[ContainerView], pod: PodView
) -> list[ContainerView]:
    if container.spec.role is Role.APP:
        return sidecars
    index = pod.containers.index(container)
    return [one for one in sidecars if pod.containers.index(one) < index]


def _problem(
    container: ContainerView,
    port: int,
    asked: Span,
    sidecar: ContainerView,
    served: Span,
    *,
    sure: bool = True,
) -> Problem:
    name, side = container.name, sidecar.name
    return Problem(
        f'"{name}" asks port {port} of "{side}", which may not be ready yet',
        Note(asked, "asks once" if sure else "its settings name the port"),
        outcome=f'"{name}" starts as soon as the process of "{side}" has: its first request may be refused',
        notes=(Note(sidecar, "has no startupProbe"), Note(served, "serves the port")),
        help=f'give "{side}" a startupProbe: what comes after it waits until that has succeeded',
        container=sidecar,
        certain=sure,
    )
