"""endless-init: an init container that never ends, so that nothing after it starts."""

from __future__ import annotations

from collections.abc import Iterator

from podlint.checks._never_ending import NeverEnding, never_ending
from podlint.manifest.versions import NATIVE_SIDECARS, shown
from podlint.vocabulary import ContainerView, Note, PodView, Problem, Role, rule


@rule
def check(pod: PodView) -> Iterator[Problem]:
    """Report init containers that run for ever; before native sidecars, those too."""
    for container in pod.containers:
        if container.spec.role is Role.INIT:
            why = never_ending(container)
            if why is not None:
                yield _endless(why, container, pod)
        elif container.spec.role is Role.SIDECAR and pod.kube_version < NATIVE_SIDECARS:
            yield _too_early(container, pod)


def _endless(why: NeverEnding, container: ContainerView, pod: PodView) -> Problem:
    return Problem(
        f'init container "{container.name}" never ends: {why.what} keeps it running',
        Note(why.span, "runs for ever"),
        outcome=f"{_waiting(container, pod)} until it ends",
        notes=() if why.span == container.span else (Note(container, "an init container has to end"),),
        help=_advice(container, pod),
        container=container,
        certain=why.certain,
    )


def _advice(container: ContainerView, pod: PodView) -> str:
    if pod.kube_version < NATIVE_SIDECARS:
        return f'move "{container.name}" to "containers"'
    return f'add restartPolicy: Always to "{container.name}", which makes it a sidecar, or let it end'


def _waiting(container: ContainerView, pod: PodView) -> str:
    """Who does not start: the containers after it, in the order in which they would."""
    inits = [c for c in pod.containers if c.spec.role in (Role.INIT, Role.SIDECAR)]
    later = inits[inits.index(container) + 1 :]
    waiting = [*later, *(c for c in pod.containers if c.spec.role is Role.APP)]
    if not waiting:
        return "nothing starts"
    if len(waiting) == 1:
        return f'"{waiting[0].name}" does not start'
    return f'"{waiting[0].name}" and {len(waiting) - 1} more do not start'


def _too_early(container: ContainerView, pod: PodView) -> Problem:
    since = shown(NATIVE_SIDECARS)
    return Problem(
        f'"{container.name}" is not a sidecar: Kubernetes before {since} drops its restartPolicy',
        Note(container.spec.restart_policy_span or container, f"no effect before Kubernetes {since}"),
        outcome=f"it is a plain init container, and {_waiting(container, pod)} until it ends",
        notes=(Note(container, "meant as a sidecar"),),
        help=_advice(container, pod),
        container=container,
    )
