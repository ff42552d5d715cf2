"""misplaced-restart-policy: `restartPolicy: Always` on an app container, which makes no sidecar of it."""

from __future__ import annotations

from collections.abc import Iterator

from podlint.checks._endless import Endless, endless_in_job, is_meant_as_sidecar, says_it_all
from podlint.checks._rejected import rejected
from podlint.manifest.model import Role
from podlint.manifest.versions import CONTAINER_RESTART_POLICY, shown
from podlint.source.span import Span
from podlint.storage.view import ContainerView, PodView
from podlint.vocabulary import Note, Problem, rule


@rule
def check(pod: PodView) -> Iterator[Problem]:
    """Report each app container with a restart policy that the version rejects or that has no such effect."""
    endless = {endless.one.spec.span: endless for endless in endless_in_job(pod)}
    for container in pod.containers:
        spec, span = container.spec, container.spec.restart_policy_span
        if spec.role is not Role.APP or not spec.restart_policy or span is None:
            continue
        if pod.kube_version < CONTAINER_RESTART_POLICY:
            yield _rejected(container, span, endless.get(container.span), pod)
        elif is_meant_as_sidecar(spec):
            found = endless.get(container.span)
            # Where it keeps a job from completing, endless-sidecar-in-job says so and names this rule.
            if found is None or not says_it_all(found, pod):
                yield _without_effect(container, span, found, pod)


def _rejected(container: ContainerView, span: Span, endless: Endless | None, pod: PodView) -> Problem:
    since = shown(CONTAINER_RESTART_POLICY)
    return _finding(
        container,
        span,
        endless,
        pod,
        True,
        f'{rejected(pod.spec)}: before Kubernetes {since} no container in "containers" may have a '
        f'restartPolicy of its own, and "{container.name}" has one',
        "not allowed here",
    )


def _without_effect(container: ContainerView, span: Span, endless: Endless | None, pod: PodView) -> Problem:
    if pod.spec.restart_policy in ("OnFailure", "Never"):
        then = "it is restarted for ever, and the pod never completes"
    else:
        then = "it starts and stops together with the app"
    return _finding(
        container,
        span,
        endless,
        pod,
        False,
        f'"{container.name}" is no sidecar: among "containers", restartPolicy: Always only restarts it, so '
        f"{then}",
        "makes no sidecar here",
    )


def _finding(
    container: ContainerView,
    span: Span,
    endless: Endless | None,
    pod: PodView,
    certain: bool,
    message: str,
    label: str,
) -> Problem:
    related = [Note(container.span, 'this container stands in "containers"')]
    if endless is not None and is_meant_as_sidecar(container.spec):
        related.append(Note(endless.found.span, "and never ends (endless-sidecar-in-job)"))
    return Problem(
        certain=certain,
        message=message,
        at=Note(span, label),
        notes=tuple(related),
        help=(
            f'move "{container.name}" to "initContainers": there restartPolicy: Always makes it a sidecar'
            if container.spec.restart_policy == "Always"
            else f"leave it out, or use Kubernetes {shown(CONTAINER_RESTART_POLICY)} or newer"
        ),
        container=container,
    )
