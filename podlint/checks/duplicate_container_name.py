"""duplicate-container-name: two containers of a pod share one name."""

from __future__ import annotations

from collections.abc import Iterator

from podlint.checks._rejected import rejected
from podlint.vocabulary import ContainerView, Note, PodView, Problem, rule


@rule
def check(pod: PodView) -> Iterator[Problem]:
    """Report each container whose name another one of the pod has before it, in whatever list."""
    containers: dict[str, ContainerView] = {}
    for container in pod.containers:
        first = containers.setdefault(container.spec.name, container)
        if container.spec.name and first is not container:
            lists = dict.fromkeys(f'"{one.spec.role.list_name}"' for one in (first, container))
            yield Problem(
                f'two containers are named "{container.name}" in {" and ".join(lists)}',
                Note(container, "this name is taken"),
                outcome=rejected(pod.spec),
                notes=(Note(first, "the first one"),),
                help="give each container of the pod a name of its own",
                container=container,
            )
