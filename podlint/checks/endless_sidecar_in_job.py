"""endless-sidecar-in-job: a container that never ends, in a pod that is complete when all of them have."""

from __future__ import annotations

from collections.abc import Iterator

from podlint.checks._endless import JOBS, Endless, endless_in_job, is_meant_as_sidecar, says_it_all
from podlint.findings import Finding, Label
from podlint.manifest.versions import NATIVE_SIDECARS
from podlint.storage.view import PodView

RULE = "endless-sidecar-in-job"


def check(view: PodView) -> Iterator[Finding]:
    """Report app containers that run on when the work of a job is done."""
    for endless in endless_in_job(view):
        if not is_meant_as_sidecar(endless.one.container) or says_it_all(endless, view):
            yield _finding(endless, view)


def _label(endless: Endless) -> Label:
    """What never ends; where it was told to wait for a request, that."""
    for argument in endless.one.container.argv:
        if argument.text.value.partition("=")[0] == "--quitquitquit":
            return Label(argument.text.span().region(), "no container makes this request")
    return Label(endless.found.span.region(), "never ends")


def _why(endless: Endless) -> Iterator[Label]:
    yield Label(endless.worker.container.span.region(), "the work is done here")
    container = endless.one.container
    if is_meant_as_sidecar(container) and container.restart_policy_span is not None:
        region = container.restart_policy_span.region()
        yield Label(region, 'makes no sidecar in "containers" (misplaced-restart-policy)')


def _finding(endless: Endless, view: PodView) -> Finding:
    pod, one, worker = view.pod, endless.one, endless.worker
    if pod.deadline is not None and pod.kind in JOBS:
        then = f"after {pod.deadline} s activeDeadlineSeconds ends the Job as failed"
    else:
        then = f"the {pod.kind if pod.kind != 'CronJob' else 'Job'} never completes"
    advice = (
        f'move "{one.name}" to "initContainers" with restartPolicy: Always'
        if view.kube_version >= NATIVE_SIDECARS
        else f'let "{worker.name}" tell "{one.name}" to end, by a file on a shared volume for example'
    )
    return Finding(
        rule=RULE,
        severity=endless.severity,
        message=f'{then}: "{one.name}" runs on for ever ({endless.found.what}) when "{worker.name}" is done',
        primary=_label(endless),
        related=tuple(_why(endless)),
        help=advice,
        pod=pod.title,
        container=one.name,
    )
