"""endless-sidecar-in-job: a container that never ends, in a pod that is complete when all of them have."""

from __future__ import annotations

from collections.abc import Iterator

from podlint.checks._job_sidecars import (
    JobSidecar,
    injected_agent,
    is_meant_as_sidecar,
    is_worse_than_misplaced,
    job_sidecars,
    never_completes,
)
from podlint.manifest.versions import NATIVE_SIDECARS
from podlint.vocabulary import Claim, Note, PodView, Problem, rule


@rule
def check(pod: PodView) -> Iterator[Problem]:
    """Report app containers that run on when the work of a job is done, and agents that are injected."""
    yield from _injected(pod)
    for sidecar in job_sidecars(pod):
        container, worker = sidecar.container, sidecar.worker
        misplaced = is_meant_as_sidecar(container) and not is_worse_than_misplaced(sidecar, pod)
        yield Problem(
            f'"{container.name}" keeps running ({sidecar.why.what}) when "{worker.name}" is done',
            _what_never_ends(sidecar),
            outcome=never_completes(pod),
            notes=(Note(worker, "the work is done here"), *_policy(sidecar)),
            help=_advice(sidecar, pod),
            container=container,
            certain=sidecar.certain,
            minor=sidecar.minor,
            causes=(container,),
            yields_to=(Claim("misplaced-restart-policy", container),) if misplaced else (),
        )


def _injected(pod: PodView) -> Iterator[Problem]:
    """The agent of Vault, and of OpenBao, that a webhook adds where annotations ask for it."""
    agent = injected_agent(pod)
    if agent is not None:
        yield Problem(
            f'the agent that "{agent.name}" injects keeps running when the work is done',
            Note(agent.span, "injects a container that never ends"),
            outcome=never_completes(pod),
            help=f'add the annotation {agent.only_before}: "true"',
            certain=False,
        )


def _what_never_ends(sidecar: JobSidecar) -> Note:
    """What never ends; where it waits for a request, that."""
    for argument in sidecar.container.spec.argv:
        if argument.text.value.partition("=")[0] == "--quitquitquit":
            return Note(argument.text.span(), "no container makes this request")
    return Note(sidecar.why.span, "never ends")


def _policy(sidecar: JobSidecar) -> Iterator[Note]:
    """The `restartPolicy` by which it was meant to be a sidecar."""
    span = sidecar.container.spec.restart_policy_span
    if span is not None and is_meant_as_sidecar(sidecar.container):
        yield Note(span, 'makes no sidecar in "containers"', see="misplaced-restart-policy")


def _advice(sidecar: JobSidecar, pod: PodView) -> str:
    name = sidecar.container.name
    if pod.kube_version >= NATIVE_SIDECARS:
        return f'move "{name}" to "initContainers" with restartPolicy: Always'
    return f'let "{sidecar.worker.name}" tell "{name}" to end, by a file on a shared volume for example'
