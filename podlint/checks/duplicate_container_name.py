"""duplicate-container-name: two containers of a pod share one name."""

from __future__ import annotations

from collections.abc import Iterator

from podlint.checks._rejected import rejected
from podlint.manifest.model import Role
from podlint.storage.view import ContainerView, PodView
from podlint.vocabulary import Note, Problem, rule

_LISTS = {
    Role.INIT: "initContainers",
    Role.SIDECAR: "initContainers",
    Role.APP: "containers",
    Role.EPHEMERAL: "ephemeralContainers",
}


@rule
def check(pod: PodView) -> Iterator[Problem]:
    """Report each container whose name another one of the pod has before it, in whatever list."""
    first: dict[str, ContainerView] = {}
    for container in pod.containers:
        if container.spec.name and first.setdefault(container.name, container) is not container:
            yield _finding(container, first[container.name], pod)


def _finding(container: ContainerView, first: ContainerView, pod: PodView) -> Problem:
    lists = sorted({_LISTS[first.spec.role], _LISTS[container.spec.role]})
    where = f' in "{lists[0]}"' if len(lists) == 1 else ', across "initContainers" and "containers"'
    if "ephemeralContainers" in lists:
        where = ', and "ephemeralContainers" counts too'
    return Problem(
        message=(f'{rejected(pod.spec)}: two containers are named "{container.name}"{where}'),
        at=Note(container.span, "this name is taken"),
        notes=(Note(first.span, f'"{first.name}" stands here first'),),
        help="give each container of the pod a name of its own",
        container=container,
    )
