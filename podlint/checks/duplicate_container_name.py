"""duplicate-container-name: two containers of a pod share one name."""

from __future__ import annotations

from collections.abc import Iterator

from podlint.checks._rejected import rejected
from podlint.findings import Finding, Label, Severity
from podlint.manifest.model import Container, Role
from podlint.storage.view import PodView

RULE = "duplicate-container-name"

_LISTS = {
    Role.INIT: "initContainers",
    Role.SIDECAR: "initContainers",
    Role.APP: "containers",
    Role.EPHEMERAL: "ephemeralContainers",
}


def check(view: PodView) -> Iterator[Finding]:
    """Report each container whose name another one of the pod has before it, in whatever list."""
    if view.pod.partial:
        return
    first: dict[str, Container] = {}
    for container in view.pod.containers:
        if container.name and first.setdefault(container.name, container) is not container:
            yield _finding(container, first[container.name], view)


def _finding(container: Container, first: Container, view: PodView) -> Finding:
    lists = sorted({_LISTS[first.role], _LISTS[container.role]})
    where = f' in "{lists[0]}"' if len(lists) == 1 else ', across "initContainers" and "containers"'
    if "ephemeralContainers" in lists:
        where = ', and "ephemeralContainers" counts too'
    return Finding(
        rule=RULE,
        severity=Severity.ERROR,
        message=(f'{rejected(view.pod)}: two containers are named "{container.name}"{where}'),
        primary=Label(container.span.region(), "this name is taken"),
        related=(Label(first.span.region(), f'"{first.name}" stands here first'),),
        help="give each container of the pod a name of its own",
        pod=view.pod.title,
        container=container.name,
    )
