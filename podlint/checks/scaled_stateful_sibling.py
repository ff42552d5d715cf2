"""scaled-stateful-sibling: a database that each replica of the application has anew."""

from __future__ import annotations

from collections.abc import Iterator

from podlint.checks._never_ending import serving
from podlint.checks._replicas import Replicas, replicas_of
from podlint.regex import late
from podlint.vocabulary import ContainerView, Note, PodView, Problem, rule

_SCALED = frozenset({"Deployment", "ReplicaSet", "ReplicationController"})
"""Kinds whose pods have no identity, so that none of them can be the one with the data."""
_KEEPS_DATA = frozenset({"database", "queue"})
_APPLICATIONS = frozenset({"", "app", "base"})
"""Roles of images whose container is the application, or may be; others serve beside one."""
_CLUSTERED = late(r"(?i)cluster|repl|seed|peer|discovery|join|galera|quorum")


@rule
def check(pod: PodView) -> Iterator[Problem]:
    """Report databases and queues that run beside an application of several replicas."""
    replicas = replicas_of(pod)
    if replicas is None or pod.spec.kind not in _SCALED:
        return
    stateful = [one for one in pod.running if _keeps_data(one) and not _is_clustered(one)]
    for container in stateful:
        application = next((one for one in pod.others(container) if _is_application(one)), None)
        if application is not None:
            yield _problem(container, application, replicas, pod)


def _keeps_data(container: ContainerView) -> bool:
    """Whether it runs the server of an image that stores what others send. A broker without a directory of
    its own passes messages on, and one in each pod may be meant."""
    image = container.image
    return (
        image is not None
        and image.role in _KEEPS_DATA
        and (image.role == "database" or bool(image.state))
        and serving(container) is not None
    )


def _is_clustered(container: ContainerView) -> bool:
    """Whether anything that it is told speaks of others of its kind."""
    told = [argument.text.value for argument in container.spec.argv]
    return any(_CLUSTERED.search(word) for word in (*told, *container.env))


def _is_application(container: ContainerView) -> bool:
    return (container.image.role if container.image is not None else "") in _APPLICATIONS


def _problem(
    container: ContainerView, application: ContainerView, replicas: Replicas, pod: PodView
) -> Problem:
    image = container.image
    assert image is not None
    shared = _shared_state(container, pod)
    outcome = "each replica has data of its own, and a request sees those of the pod that it happens to reach"
    if shared is not None:
        outcome = f'all replicas open the data on claim "{shared}", which one server may use at a time'
    return Problem(
        f'"{container.name}" keeps data beside "{application.name}", in each of {replicas.words}',
        Note(container, f"a {image.role} in each of them"),
        outcome=outcome,
        notes=(replicas.note,),
        help=f'run "{container.name}" as a StatefulSet of its own, behind a Service',
        container=container,
    )


def _shared_state(container: ContainerView, pod: PodView) -> str | None:
    """The claim that holds the data of all replicas, None where each has its own."""
    image = container.image
    for mount in container.spec.mounts:
        volume = pod.volume(mount.volume)
        holds = image is not None and any(
            directory == mount.path or directory.startswith(mount.path.rstrip("/") + "/")
            for directory in image.state
        )
        if holds and volume is not None and volume.kind == "persistentVolumeClaim" and mount.sub_path == "":
            return volume.source_name
    return None
