"""endless-init: an init container that never ends, so that nothing after it starts."""

from __future__ import annotations

from collections.abc import Iterator

from podlint.checks._lasting import Lasting, lasting
from podlint.manifest.model import Container, Role
from podlint.manifest.versions import NATIVE_SIDECARS, shown
from podlint.storage.view import ContainerView, PodView
from podlint.vocabulary import Note, Problem, rule


@rule
def check(pod: PodView) -> Iterator[Problem]:
    """Report init containers that run for ever; before native sidecars, those too."""
    for container in pod.containers:
        if container.spec.role is Role.INIT:
            found = lasting(container)
            if found is not None:
                yield _endless(found, container, pod)
        elif container.spec.role is Role.SIDECAR and pod.kube_version < NATIVE_SIDECARS:
            yield _too_early(container, pod)


def _endless(found: Lasting, container: ContainerView, pod: PodView) -> Problem:
    return Problem(
        certain=found.certain,
        message=(
            f'the pod never gets past its init container "{container.name}": {found.what} does not end, and '
            f"{_waiting(container.spec, pod)} until it does"
        ),
        at=Note(found.span, "never ends"),
        notes=(
            (Note(container.spec.span, "an init container has to end"),)
            if found.span != container.spec.span
            else ()
        ),
        help=_advice(container, pod),
        container=container,
    )


def _advice(container: ContainerView, pod: PodView) -> str:
    if pod.kube_version < NATIVE_SIDECARS:
        return f'move "{container.name}" to "containers"'
    return f'add restartPolicy: Always to "{container.name}", which makes it a sidecar, or let it end'


def _waiting(container: Container, pod: PodView) -> str:
    """Who does not start: the containers after it, in the order in which they would."""
    inits = [c for c in pod.spec.containers if c.role in (Role.INIT, Role.SIDECAR)]
    later = inits[inits.index(container) + 1 :]
    waiting = [*later, *(c for c in pod.spec.containers if c.role is Role.APP)]
    if not waiting:
        return "nothing starts"
    if len(waiting) == 1:
        return f'"{waiting[0].name}" does not start'
    return f'"{waiting[0].name}" and {len(waiting) - 1} more do not start'


def _too_early(container: ContainerView, pod: PodView) -> Problem:
    span = container.spec.restart_policy_span or container.spec.span
    since = shown(NATIVE_SIDECARS)
    return Problem(
        message=(
            f'the pod never gets past "{container.name}": before Kubernetes {since} its restartPolicy is dropped, '
            f"it is a plain init container, and {_waiting(container.spec, pod)} until it ends"
        ),
        at=Note(span, f"has no effect before Kubernetes {since}"),
        notes=(Note(container.spec.span, "meant as a sidecar"),),
        help=_advice(container, pod),
        container=container,
    )
