"""Containers that keep a job from completing, as they run on when its work is done."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from podlint.checks._never_ending import NeverEnding, never_ending
from podlint.manifest.versions import CONTAINER_RESTART_POLICY_DROPPED
from podlint.manifest.workloads import JOBS
from podlint.vocabulary import ContainerView, PodView, Recipient, Role, Span

_QUITTING = ("quitquitquit", "/shutdown", "/quit", "/exit")
"""Parts of the addresses by which proxies are asked to end (cloud-sql-proxy, istio, envoy, linkerd)."""

_INJECTORS = ("vault.hashicorp.com/", "openbao.openbao.org/")
_ENDING_AGENTS = ("agent-pre-populate-only", "agent-enable-quit", "agent-share-process-namespace")
"""What makes the injected agent end, or lets a container end it."""
_TRUE = frozenset({"1", "t", "T", "TRUE", "true", "True"})
_FALSE = frozenset({"0", "f", "F", "FALSE", "false", "False"})
"""What Go's `strconv.ParseBool` takes."""


class JobSidecar(Struct, frozen=True):
    """An app container that runs on when the work of its job is done by `worker`, and nobody ends it."""

    container: ContainerView
    why: NeverEnding
    worker: ContainerView
    certain: bool
    minor: bool


def job_sidecars(pod: PodView) -> Iterator[JobSidecar]:
    """The app containers that keep a pod from completing: that of a job, or one that is not restarted."""
    spec = pod.spec
    job = spec.kind in JOBS
    if not (job or (spec.kind == "Pod" and spec.restart_policy != "Always")):
        return
    apps = [(c, never_ending(c)) for c in pod.containers if c.spec.role is Role.APP]
    workers = [container for container, why in apps if why is None]
    for container, why in apps if workers else ():
        if why is not None and not _may_be_ended(container, workers, pod):
            certain = why.certain and spec.deadline is None
            yield JobSidecar(container, why, workers[0], certain, minor=not job)


def is_meant_as_sidecar(container: ContainerView) -> bool:
    """Whether `restartPolicy: Always` stands on an app container, of which it makes no sidecar."""
    spec = container.spec
    always = spec.restart_policy == "Always" and spec.restart_policy_span is not None
    return spec.role is Role.APP and always and not spec.restart_rules


def is_worse_than_misplaced(sidecar: JobSidecar, pod: PodView) -> bool:
    """Whether that a job never completes is to be reported, and not that the `restartPolicy` is misplaced.

    What the API server rejects never runs; else the worse outcome is reported.
    """
    return pod.kube_version >= CONTAINER_RESTART_POLICY_DROPPED and not sidecar.minor


class InjectedAgent(Struct, frozen=True):
    """The annotation by which a pod gets an agent beside its containers, and the one that asks for it only
    before they start."""

    name: str
    only_before: str
    span: Span


def injected_agent(pod: PodView) -> InjectedAgent | None:
    """The agent that keeps a job from completing, where nothing may end it.

    The injector adds an init container and a container (vault-k8s `agent-inject/agent/annotations.go`).
    """
    annotations = pod.spec.own_annotations
    if pod.spec.kind not in JOBS or pod.shares_processes or any(map(_may_quit_agent, pod.containers)):
        return None
    for prefix in _INJECTORS:
        given = annotations.get(f"{prefix}agent-inject")
        done = annotations.get(f"{prefix}agent-inject-status")
        otherwise = (annotations.get(prefix + name) for name in _ENDING_AGENTS)
        if given is None or given.value not in _TRUE or (done is not None and done.value == "injected"):
            continue
        if all(one is None or one.value in _FALSE for one in otherwise):
            return InjectedAgent(f"{prefix}agent-inject", f"{prefix}agent-pre-populate-only", given.span)
    return None


def _may_quit_agent(container: ContainerView) -> bool:
    """Whether a container asks an agent to end, as far as its command line says."""
    return any("/agent/v1/quit" in argument.text.value for argument in container.spec.argv)


def never_completes(pod: PodView) -> str:
    """What happens to a job, or to a pod, of which a container never ends."""
    if pod.spec.kind in JOBS and pod.spec.deadline is not None:
        return f"the Job fails after {pod.spec.deadline} s (activeDeadlineSeconds)"
    return f"the {'Job' if pod.spec.kind == 'CronJob' else pod.spec.kind} never completes"


def _may_be_ended(container: ContainerView, workers: list[ContainerView], pod: PodView) -> bool:
    """Whether a worker ends it, or may: by a request, or by a signal where processes are shared."""
    if pod.shares_processes and any(_may_signal(worker) for worker in workers):
        return True
    if any(_asks_to_quit(worker) for worker in workers):
        return True
    # A program that podlint does not know may do it by itself, where there is something to ask. Where the
    # request stands on a command line and no client makes it, nobody does.
    if not _can_be_asked(container):
        return False
    return any(not worker.understood and not _mentions_quitting(worker) for worker in workers)


def _may_signal(worker: ContainerView) -> bool:
    return not worker.understood or any(
        signal.recipient in (Recipient.NAME, Recipient.PID, Recipient.FILE, Recipient.ALL, Recipient.UNKNOWN)
        for signal in worker.signals
    )


def _asks_to_quit(worker: ContainerView) -> bool:
    for call in worker.calls:
        if call.name == "linkerd-await":
            return True
        if (call.command.has("requests") or call.name == "?") and any(
            part in str(field.value) for field in call.fields[1:] for part in _QUITTING
        ):
            return True
    return False


def _can_be_asked(container: ContainerView) -> bool:
    """Whether it takes requests to end: by a flag, or as the proxies of meshes do."""
    words = " ".join(argument.text.value for argument in container.spec.argv)
    image = container.spec.image
    return "quit" in words or "istio" in image or "linkerd" in image or "envoy" in image


def _mentions_quitting(worker: ContainerView) -> bool:
    return any("quitquitquit" in argument.text.value for argument in worker.spec.argv)
