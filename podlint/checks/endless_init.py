"""endless-init: an init container that never ends, so that nothing after it starts."""

from __future__ import annotations

from collections.abc import Iterator

from podlint.checks._lasting import Lasting, lasting
from podlint.findings import Finding, Label, Severity
from podlint.manifest.model import Container, Role
from podlint.manifest.versions import NATIVE_SIDECARS, shown
from podlint.storage.view import ContainerView, PodView

RULE = "endless-init"


def check(view: PodView) -> Iterator[Finding]:
    """Report init containers that run for ever; before native sidecars, those too."""
    if view.pod.partial:
        return
    for one in view.containers:
        if one.container.role is Role.INIT:
            found = lasting(one)
            if found is not None:
                yield _endless(found, one, view)
        elif one.container.role is Role.SIDECAR and view.kube_version < NATIVE_SIDECARS:
            yield _too_early(one, view)


def _endless(found: Lasting, one: ContainerView, view: PodView) -> Finding:
    return Finding(
        rule=RULE,
        severity=Severity.ERROR if found.certain else Severity.WARNING,
        message=(
            f'the pod never gets past its init container "{one.name}": {found.what} does not end, and '
            f"{_waiting(one.container, view)} until it does"
        ),
        primary=Label(found.span.region(), "never ends"),
        related=(
            (Label(one.container.span.region(), "an init container has to end"),)
            if found.span != one.container.span
            else ()
        ),
        help=_advice(one, view),
        pod=view.pod.title,
        container=one.name,
    )


def _advice(one: ContainerView, view: PodView) -> str:
    if view.kube_version < NATIVE_SIDECARS:
        return f'move "{one.name}" to "containers"'
    return f'add restartPolicy: Always to "{one.name}", which makes it a sidecar, or let it end'


def _waiting(container: Container, view: PodView) -> str:
    """Who does not start: the containers after it, in the order in which they would."""
    inits = [c for c in view.pod.containers if c.role in (Role.INIT, Role.SIDECAR)]
    later = inits[inits.index(container) + 1 :]
    waiting = [*later, *(c for c in view.pod.containers if c.role is Role.APP)]
    if not waiting:
        return "nothing starts"
    if len(waiting) == 1:
        return f'"{waiting[0].name}" does not start'
    return f'"{waiting[0].name}" and {len(waiting) - 1} more do not start'


def _too_early(one: ContainerView, view: PodView) -> Finding:
    span = one.container.restart_policy_span or one.container.span
    since = shown(NATIVE_SIDECARS)
    return Finding(
        rule=RULE,
        severity=Severity.ERROR,
        message=(
            f'the pod never gets past "{one.name}": before Kubernetes {since} its restartPolicy is dropped, '
            f"it is a plain init container, and {_waiting(one.container, view)} until it ends"
        ),
        primary=Label(span.region(), f"has no effect before Kubernetes {since}"),
        related=(Label(one.container.span.region(), "meant as a sidecar"),),
        help=_advice(one, view),
        pod=view.pod.title,
        container=one.name,
    )
