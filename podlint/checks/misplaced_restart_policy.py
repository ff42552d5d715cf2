"""misplaced-restart-policy: `restartPolicy: Always` on an app container, which makes no sidecar of it."""

from __future__ import annotations

from collections.abc import Iterator

from podlint.checks._job_sidecars import (
    JobSidecar,
    is_meant_as_sidecar,
    is_worse_than_misplaced,
    job_sidecars,
)
from podlint.checks._rejected import rejected
from podlint.manifest.versions import CONTAINER_RESTART_POLICY, shown
from podlint.vocabulary import Claim, ContainerView, Note, PodView, Problem, Role, Span, rule


@rule
def check(pod: PodView) -> Iterator[Problem]:
    """Report each app container with a restart policy that the version rejects or that has no such effect."""
    sidecars = {sidecar.container: sidecar for sidecar in job_sidecars(pod)}
    for container in pod.containers:
        spec, span = container.spec, container.spec.restart_policy_span
        if spec.role is not Role.APP or not spec.restart_policy or span is None:
            continue
        if pod.kube_version < CONTAINER_RESTART_POLICY:
            yield _rejected(container, span, sidecars.get(container), pod)
        elif is_meant_as_sidecar(container):
            yield _without_effect(container, span, sidecars.get(container), pod)


def _rejected(container: ContainerView, span: Span, sidecar: JobSidecar | None, pod: PodView) -> Problem:
    since = shown(CONTAINER_RESTART_POLICY)
    meant = container.spec.restart_policy == "Always"
    return Problem(
        f'"{container.name}" has a restartPolicy of its own: Kubernetes before {since} allows none',
        Note(span, "not allowed here"),
        outcome=rejected(pod.spec),
        notes=tuple(_why(container, sidecar)),
        help=_MOVED.format(container.name) if meant else f"leave it out, or use Kubernetes {since} or newer",
        container=container,
        causes=(container,),
    )


def _without_effect(
    container: ContainerView, span: Span, sidecar: JobSidecar | None, pod: PodView
) -> Problem:
    endless = sidecar is not None and is_worse_than_misplaced(sidecar, pod)
    finite = pod.spec.restart_policy in ("OnFailure", "Never")
    return Problem(
        f'"{container.name}" is no sidecar: in "containers" restartPolicy: Always only restarts it',
        Note(span, "makes no sidecar here"),
        outcome=(
            "it is restarted for ever, and the pod never completes"
            if finite
            else "it starts and stops together with the app"
        ),
        notes=tuple(_why(container, sidecar)),
        help=_MOVED.format(container.name),
        container=container,
        certain=False,
        causes=(container,),
        yields_to=(Claim("endless-sidecar-in-job", container),) if endless else (),
    )


_MOVED = 'move "{}" to "initContainers": there restartPolicy: Always makes it a sidecar'


def _why(container: ContainerView, sidecar: JobSidecar | None) -> Iterator[Note]:
    yield Note(container, 'this container stands in "containers"')
    if sidecar is not None and is_meant_as_sidecar(container):
        yield Note(sidecar.why.span, "and never ends", see="endless-sidecar-in-job")
