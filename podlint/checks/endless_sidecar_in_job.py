"""endless-sidecar-in-job: a container that never ends, in a pod that is complete when all of them have."""

from __future__ import annotations

from collections.abc import Iterator

from podlint.checks._endless import JOBS, Endless, endless_in_job, is_meant_as_sidecar, says_it_all
from podlint.manifest.versions import NATIVE_SIDECARS
from podlint.storage.view import PodView
from podlint.vocabulary import Note, Problem, rule


@rule
def check(pod: PodView) -> Iterator[Problem]:
    """Report app containers that run on when the work of a job is done."""
    for endless in endless_in_job(pod):
        if not is_meant_as_sidecar(endless.one.spec) or says_it_all(endless, pod):
            yield _finding(endless, pod)


def _label(endless: Endless) -> Note:
    """What never ends; where it was told to wait for a request, that."""
    for argument in endless.one.spec.argv:
        if argument.text.value.partition("=")[0] == "--quitquitquit":
            return Note(argument.text.span(), "no container makes this request")
    return Note(endless.found.span, "never ends")


def _why(endless: Endless) -> Iterator[Note]:
    yield Note(endless.worker.spec.span, "the work is done here")
    container = endless.one.spec
    if is_meant_as_sidecar(container) and container.restart_policy_span is not None:
        region = container.restart_policy_span
        yield Note(region, 'makes no sidecar in "containers" (misplaced-restart-policy)')


def _finding(endless: Endless, pod: PodView) -> Problem:
    spec, one, worker = pod.spec, endless.one, endless.worker
    if spec.deadline is not None and spec.kind in JOBS:
        then = f"after {spec.deadline} s activeDeadlineSeconds ends the Job as failed"
    else:
        then = f"the {spec.kind if spec.kind != 'CronJob' else 'Job'} never completes"
    advice = (
        f'move "{one.name}" to "initContainers" with restartPolicy: Always'
        if pod.kube_version >= NATIVE_SIDECARS
        else f'let "{worker.name}" tell "{one.name}" to end, by a file on a shared volume for example'
    )
    return Problem(
        certain=endless.certain,
        minor=endless.minor,
        message=f'{then}: "{one.name}" runs on for ever ({endless.found.what}) when "{worker.name}" is done',
        at=_label(endless),
        notes=tuple(_why(endless)),
        help=advice,
        container=one,
    )
