"""Containers that keep a job from completing, and whose mistake that is where they claim to be sidecars."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from podlint.checks._lasting import Lasting, lasting
from podlint.manifest.model import Container, Role
from podlint.manifest.versions import CONTAINER_RESTART_POLICY
from podlint.shell.endpoints import Recipient
from podlint.storage.view import ContainerView, PodView

JOBS = frozenset({"Job", "CronJob"})
_QUITTING = ("quitquitquit", "/shutdown", "/quit", "/exit")
"""Parts of the addresses by which proxies are told to end (cloud-sql-proxy, istio, envoy, linkerd)."""
_CLIENTS = frozenset({"curl", "wget", "http", "nc", "python", "python3", "linkerd-await", "?"})


class Endless(Struct, frozen=True):
    """An app container that runs on when the work of its job is done by `worker`, and nobody ends it."""

    one: ContainerView
    found: Lasting
    worker: ContainerView
    certain: bool
    minor: bool


def endless_in_job(pod: PodView) -> Iterator[Endless]:
    """The app containers that keep a pod from completing: that of a job, or one that is not restarted."""
    spec = pod.spec
    job = spec.kind in JOBS
    if not (job or (spec.kind == "Pod" and spec.restart_policy != "Always")):
        return
    apps = [
        (container, lasting(container)) for container in pod.containers if container.spec.role is Role.APP
    ]
    workers = [container for container, found in apps if found is None]
    for container, found in apps if workers else ():
        if found is not None and not _is_told_to_end(container, workers, pod):
            certain = found.certain and spec.deadline is None
            yield Endless(container, found, workers[0], certain, minor=not job)


def is_meant_as_sidecar(container: Container) -> bool:
    """Whether `restartPolicy: Always` stands on an app container, of which it makes no sidecar."""
    span, always = container.restart_policy_span, container.restart_policy == "Always"
    return container.role is Role.APP and always and span is not None and not container.restart_rules


def says_it_all(endless: Endless, pod: PodView) -> bool:
    """Whether endless-sidecar-in-job speaks of a container that misplaced-restart-policy would speak of too.

    What the API server rejects never comes to run; else the graver outcome is told.
    """
    accepted = pod.kube_version >= CONTAINER_RESTART_POLICY
    return accepted and not endless.minor


def _is_told_to_end(container: ContainerView, workers: list[ContainerView], pod: PodView) -> bool:
    """Whether a worker ends it, or may: by a request, or by a signal where processes are shared."""
    if pod.spec.share_process_namespace and any(_may_signal(worker) for worker in workers):
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
        for process in worker.processes
        for signal in process.signals
    )


def _asks_to_quit(worker: ContainerView) -> bool:
    for call in worker.calls:
        if call.name == "linkerd-await":
            return True
        if call.name in _CLIENTS and any(
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
