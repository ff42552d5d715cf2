"""misplaced-restart-policy: `restartPolicy: Always` on an app container, which makes no sidecar of it."""

from __future__ import annotations

from collections.abc import Iterator

from podlint.checks._job_sidecars import (
    JobSidecar,
    is_meant_as_sidecar,
    is_worse_than_misplaced,
    job_sidecars,
    never_completes,
)
from podlint.checks._rejected import rejected
from podlint.manifest.versions import CONTAINER_RESTART_POLICY, CONTAINER_RESTART_POLICY_DROPPED, shown
from podlint.manifest.workloads import JOBS
from podlint.vocabulary import Claim, ContainerView, Note, PodView, Problem, Role, Span, rule


@rule
def check(pod: PodView) -> Iterator[Problem]:
    """Report each app container with a restart policy that is rejected or dropped, or makes no sidecar."""
    sidecars = {sidecar.container: sidecar for sidecar in job_sidecars(pod)}
    for container in pod.containers:
        spec, span = container.spec, container.spec.restart_policy_span
        if spec.role is not Role.APP or not spec.restart_policy or span is None:
            continue
        if pod.kube_version < CONTAINER_RESTART_POLICY_DROPPED:
            yield _rejected(container, span, sidecars.get(container), pod)
        elif pod.kube_version < CONTAINER_RESTART_POLICY and spec.restart_policy != pod.spec.restart_policy:
            yield _dropped(container, span, sidecars.get(container), pod)
        elif is_meant_as_sidecar(container):
            yield _without_effect(container, span, sidecars.get(container), pod)


def _rejected(container: ContainerView, span: Span, sidecar: JobSidecar | None, pod: PodView) -> Problem:
    allowed = shown(CONTAINER_RESTART_POLICY_DROPPED)
    return Problem(
        f'"{container.name}" has a restartPolicy of its own: Kubernetes before {allowed} allows none',
        Note(span, "not allowed here"),
        outcome=rejected(pod.spec),
        notes=tuple(_why(container, sidecar)),
        help=_how_to_mean_it(container),
        container=container,
        causes=(container,),
    )


def _dropped(container: ContainerView, span: Span, sidecar: JobSidecar | None, pod: PodView) -> Problem:
    policy = pod.spec.restart_policy
    return Problem(
        f'"{container.name}" has a restartPolicy of its own: Kubernetes {shown(pod.kube_version)} drops it',
        Note(span, "has no effect"),
        outcome="the restartPolicy of the pod counts" + (f", which is {policy}" if policy else ""),
        notes=tuple(_why(container, sidecar)),
        help=_how_to_mean_it(container),
        container=container,
        certain=False,
        causes=(container,),
        yields_to=_worse(container, sidecar, pod),
    )


def _without_effect(
    container: ContainerView, span: Span, sidecar: JobSidecar | None, pod: PodView
) -> Problem:
    in_job = pod.spec.kind in JOBS
    finite = in_job or pod.spec.restart_policy in ("OnFailure", "Never")
    slipped = not finite and sum(one.spec.role is Role.APP for one in pod.containers) == 1
    return Problem(
        f'"{container.name}" is not a sidecar: in "containers" restartPolicy: Always only restarts it',
        Note(span, "makes no sidecar here"),
        outcome=(
            f"it is restarted whenever it ends, and {never_completes(pod)}"
            if finite
            else ("it is restarted anyway" if slipped else "it starts and stops together with the app")
        ),
        notes=tuple(_why(container, sidecar)),
        help=_SLIPPED if slipped else _MOVED.format(container.name),
        container=container,
        certain=in_job and pod.spec.deadline is None,
        minor=slipped,
        causes=(container,),
        yields_to=_worse(container, sidecar, pod),
    )


_SLIPPED = "leave it out, or write it for the pod, beside `containers`"
"""Of the only app container of a pod nobody wants a sidecar."""
_MOVED = 'move "{}" to "initContainers": there restartPolicy: Always makes it a sidecar'


def _how_to_mean_it(container: ContainerView) -> str:
    if container.spec.restart_policy == "Always":
        return _MOVED.format(container.name)
    return f"leave it out, or use Kubernetes {shown(CONTAINER_RESTART_POLICY)} or newer"


def _worse(container: ContainerView, sidecar: JobSidecar | None, pod: PodView) -> tuple[Claim, ...]:
    worse = sidecar is not None and is_worse_than_misplaced(sidecar, pod)
    return (Claim("endless-sidecar-in-job", container),) if worse and is_meant_as_sidecar(container) else ()


def _why(container: ContainerView, sidecar: JobSidecar | None) -> Iterator[Note]:
    yield Note(container, 'this container stands in "containers"')
    if sidecar is not None and is_meant_as_sidecar(container):
        yield Note(sidecar.why.span, "and never ends", see="endless-sidecar-in-job")
