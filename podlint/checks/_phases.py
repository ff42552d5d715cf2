"""What each container of a pod finds on the emptyDirs when it starts, and what others do there meanwhile."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from podlint.checks._ownership import Changes, Ownership
from podlint.vocabulary import ContainerView, PodView, Role


def phases(
    pod: PodView, judged: Callable[[ContainerView], bool]
) -> Iterator[tuple[ContainerView, Ownership]]:
    """The containers of a pod that are judged, in the order in which they start, each with what it finds.

    What another that runs at the same time does counts as done where only that can have done it.
    """
    known = Ownership(pod)
    sidecars: list[ContainerView] = []
    for container in pod.containers:
        if container.spec.role is Role.SIDECAR:
            known.start(container)
            sidecars.append(container)
        if container.spec.role is Role.INIT:
            known.start(container)
            if judged(container):
                yield container, _beside(container, sidecars, known)
            known.follow_all(container)
            known.passed(container, sidecars)
    for container in pod.running:
        known.start(container)
    for container, found in _together([one for one in pod.running if judged(one)], pod.running, known):
        yield container, found


def _beside(container: ContainerView, sidecars: list[ContainerView], known: Ownership) -> Ownership:
    return next(found for one, found in _together([container], (container, *sidecars), known))


def _together(
    judged: list[ContainerView], running: tuple[ContainerView, ...], known: Ownership
) -> Iterator[tuple[ContainerView, Ownership]]:
    """Containers that run at the same time, each with what it finds."""
    changes = [(one, _changes(one, known)) for one in running] if judged else []
    for container in judged:
        found = known.copy()
        own = next(made for one, made in changes if one is container)
        for other, made in changes:
            if other is not container:
                found.beside(other, made, container, own)
        yield container, found


def _changes(container: ContainerView, known: Ownership) -> Changes:
    after = known.copy()
    after.follow_all(container)
    return after.since(known)
