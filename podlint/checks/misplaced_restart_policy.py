"""misplaced-restart-policy: `restartPolicy: Always` on an app container, which makes no sidecar of it."""

from __future__ import annotations

from collections.abc import Iterator

from podlint.checks._endless import Endless, endless_in_job, is_meant_as_sidecar, says_it_all
from podlint.checks._rejected import rejected
from podlint.findings import Finding, Label, Severity
from podlint.manifest.model import Container, Role
from podlint.manifest.versions import CONTAINER_RESTART_POLICY, shown
from podlint.source.span import Span
from podlint.storage.view import PodView

RULE = "misplaced-restart-policy"


def check(view: PodView) -> Iterator[Finding]:
    """Report each app container with a restart policy that the version rejects or that has no such effect."""
    if view.pod.partial:
        return
    endless = {endless.one.container.span: endless for endless in endless_in_job(view)}
    for container in view.pod.containers:
        span = container.restart_policy_span
        if container.role is not Role.APP or not container.restart_policy or span is None:
            continue
        if view.kube_version < CONTAINER_RESTART_POLICY:
            yield _rejected(container, span, endless.get(container.span), view)
        elif is_meant_as_sidecar(container):
            found = endless.get(container.span)
            # Where it keeps a job from completing, endless-sidecar-in-job says so and names this rule.
            if found is None or not says_it_all(found, view):
                yield _without_effect(container, span, found, view)


def _rejected(container: Container, span: Span, endless: Endless | None, view: PodView) -> Finding:
    since = shown(CONTAINER_RESTART_POLICY)
    return _finding(
        container,
        span,
        endless,
        view,
        Severity.ERROR,
        f'{rejected(view.pod)}: before Kubernetes {since} no container in "containers" may have a '
        f'restartPolicy of its own, and "{container.name}" has one',
        "not allowed here",
    )


def _without_effect(container: Container, span: Span, endless: Endless | None, view: PodView) -> Finding:
    if view.pod.restart_policy in ("OnFailure", "Never"):
        then = "it is restarted for ever, and the pod never completes"
    else:
        then = "it starts and stops together with the app"
    return _finding(
        container,
        span,
        endless,
        view,
        Severity.WARNING,
        f'"{container.name}" is no sidecar: among "containers", restartPolicy: Always only restarts it, so '
        f"{then}",
        "makes no sidecar here",
    )


def _finding(
    container: Container,
    span: Span,
    endless: Endless | None,
    view: PodView,
    severity: Severity,
    message: str,
    label: str,
) -> Finding:
    related = [Label(container.span.region(), 'this container stands in "containers"')]
    if endless is not None and is_meant_as_sidecar(container):
        related.append(Label(endless.found.span.region(), "and never ends (endless-sidecar-in-job)"))
    return Finding(
        rule=RULE,
        severity=severity,
        message=message,
        primary=Label(span.region(), label),
        related=tuple(related),
        help=(
            f'move "{container.name}" to "initContainers": there restartPolicy: Always makes it a sidecar'
            if container.restart_policy == "Always"
            else f"leave it out, or use Kubernetes {shown(CONTAINER_RESTART_POLICY)} or newer"
        ),
        pod=view.pod.title,
        container=container.name,
    )
