"""start-race: a container that asks another one when it starts, and both start together."""

from __future__ import annotations

from collections.abc import Iterator

from podlint.checks._first_contacts import first_contacts, is_waited_for, listener
from podlint.manifest.workloads import JOBS
from podlint.vocabulary import Claim, ContainerView, Note, PodView, Problem, Role, rule


@rule
def check(pod: PodView) -> Iterator[Problem]:
    """Report app containers whose first request goes to an app container that may not be ready."""
    job = pod.spec.kind in JOBS
    apps = [container for container in pod.containers if container.spec.role is Role.APP]
    for container in apps:
        for contact in first_contacts(container, pod):
            if any(listener(one, contact.port) for one in pod.running if one.spec.role is Role.SIDECAR):
                continue
            if listener(container, contact.port) is not None:
                continue
            for server in apps:
                served = listener(server, contact.port) if server is not container else None
                if served is not None and not _is_ready_before(server, container, apps):
                    name, other, never = container.name, server.name, pod.spec.restart_policy == "Never"
                    yield Problem(
                        f'"{name}" asks port {contact.port} of "{other}", and both start at the same time',
                        Note(contact.call, "asks once"),
                        outcome=f'where "{other}" is not ready yet, "{name}" fails'
                        + ("" if never else ", and is started again"),
                        notes=(Note(served, f'"{other}" serves the port'),),
                        help=f'make "{other}" a sidecar with a startupProbe, or ask in a loop',
                        container=container,
                        certain=never,
                        yields_to=(Claim("endless-sidecar-in-job", server),) if job else (),
                    )
                    break


def _is_ready_before(server: ContainerView, container: ContainerView, apps: list[ContainerView]) -> bool:
    """Whether the kubelet waits for a hook of one before it starts the other, as it does in practice."""
    return is_waited_for(server) and apps.index(server) < apps.index(container)
