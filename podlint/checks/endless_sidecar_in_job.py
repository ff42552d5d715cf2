"""endless-sidecar-in-job: a container that never ends, in a pod that is complete when all of them have."""

from __future__ import annotations

from collections.abc import Iterator

from podlint.checks._lasting import Lasting, lasting
from podlint.findings import Finding, Label, Severity
from podlint.manifest.model import Role
from podlint.manifest.versions import NATIVE_SIDECARS
from podlint.shell.contacts import Recipient
from podlint.storage.view import ContainerView, PodView

RULE = "endless-sidecar-in-job"

_JOBS = frozenset({"Job", "CronJob"})
_QUITTING = ("quitquitquit", "/shutdown", "/quit", "/exit")
"""Parts of the addresses by which proxies are told to end (cloud-sql-proxy, istio, envoy, linkerd)."""
_CLIENTS = frozenset({"curl", "wget", "http", "nc", "python", "python3", "linkerd-await", "?"})


def check(view: PodView) -> Iterator[Finding]:
    """Report app containers that run on when the work of a job is done."""
    pod = view.pod
    if pod.partial or not (pod.kind in _JOBS or (pod.kind == "Pod" and pod.restart_policy != "Always")):
        return
    apps = [one for one in view.containers if one.container.role is Role.APP]
    endless = {one.name: found for one in apps if (found := lasting(one)) is not None}
    workers = [one for one in apps if one.name not in endless]
    if not workers or not endless:
        return
    for one in apps:
        found = endless.get(one.name)
        if found is not None and not _is_told_to_end(one, workers, view):
            yield _finding(found, one, workers[0], view)


def _is_told_to_end(one: ContainerView, workers: list[ContainerView], view: PodView) -> bool:
    """Whether a worker ends it, or may: by a request, or by a signal where processes are shared."""
    if view.pod.share_process_namespace and any(_may_signal(worker) for worker in workers):
        return True
    if any(_asks_to_quit(worker) for worker in workers):
        return True
    # A program that podlint does not know may do it by itself, where there is something to ask. Where the
    # request stands on a command line and no client makes it, nobody does.
    if not _can_be_asked(one):
        return False
    return any(not worker.understood and not _mentions_quitting(worker) for worker in workers)


def _may_signal(worker: ContainerView) -> bool:
    return not worker.understood or any(
        signal.recipient in (Recipient.NAME, Recipient.PID, Recipient.FILE, Recipient.ALL, Recipient.UNKNOWN)
        for process in worker.processes
        for signal in process.signals
    )


def _asks_to_quit(worker: ContainerView) -> bool:
    for _, call in worker.calls:
        if call.name == "linkerd-await":
            return True
        if call.name in _CLIENTS and any(
            part in str(field.value) for field in call.fields[1:] for part in _QUITTING
        ):
            return True
    return False


def _can_be_asked(one: ContainerView) -> bool:
    """Whether it takes requests to end: by a flag, or as the proxies of meshes do."""
    words = " ".join(argument.text.value for argument in one.container.argv)
    image = one.container.image
    return "quit" in words or "istio" in image or "linkerd" in image or "envoy" in image


def _mentions_quitting(worker: ContainerView) -> bool:
    return any("quitquitquit" in argument.text.value for argument in worker.container.argv)


def _label(found: Lasting, one: ContainerView) -> Label:
    """What never ends; where it was told to wait for a request, that."""
    for argument in one.container.argv:
        if argument.text.value.partition("=")[0] == "--quitquitquit":
            return Label(argument.text.span().region(), "no container makes this request")
    return Label(found.span.region(), "never ends")


def _finding(found: Lasting, one: ContainerView, worker: ContainerView, view: PodView) -> Finding:
    pod = view.pod
    job = pod.kind in _JOBS
    if pod.deadline is not None and job:
        then = f"after {pod.deadline} s activeDeadlineSeconds ends the Job as failed"
    else:
        then = f"the {pod.kind if pod.kind != 'CronJob' else 'Job'} never completes"
    if not job:
        severity = Severity.INFO
    else:
        severity = Severity.ERROR if found.certain and pod.deadline is None else Severity.WARNING
    advice = (
        f'move "{one.name}" to "initContainers" with restartPolicy: Always'
        if view.kube_version >= NATIVE_SIDECARS
        else f'let "{worker.name}" tell "{one.name}" to end, by a file on a shared volume for example'
    )
    return Finding(
        rule=RULE,
        severity=severity,
        message=f'{then}: "{one.name}" runs on for ever ({found.what}) when "{worker.name}" is done',
        primary=_label(found, one),
        related=(Label(worker.container.span.region(), "the work is done here"),),
        help=advice,
        pod=pod.title,
        container=one.name,
    )
