"""unrelated-containers: servers in one pod that have nothing to do with one another."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from podlint.checks._never_ending import serving
from podlint.regex import late
from podlint.vocabulary import ContainerView, Direction, Note, PodView, Problem, Volume, rule

_APART = frozenset({"app", "database", "cache", "queue"})
"""Roles of images that are of use by themselves; others are there for what runs beside them."""
_LOOPBACK = late(r"(?i)localhost|127\.0\.0\.1|\[?::1\]?\b|unix:|\.sock\b")
_MOST = 12
"""Containers of a pod that are compared; more belong to something that nobody sees through."""


@rule
def check(pod: PodView) -> Iterator[Problem]:
    """Report pods of known servers of which no two share anything, once for each pod."""
    if pod.shares_processes or len(pod.running) > _MOST or len(pod.running) < len(pod.containers):
        return
    if all(map(_stands_alone, pod.running)) and not any(_share(*two) for two in combinations(pod.running, 2)):
        yield _problem(pod.running)


def _stands_alone(container: ContainerView) -> bool:
    """Whether all is known of a container, and nothing says that it talks to one beside it: the server of an
    official image, as it comes, told of no address of its own pod."""
    image = container.image
    if image is None or not image.official or image.role not in _APART or serving(container) is None:
        return False
    if container.spec.environment.open or any(_may_lead_inside(value) for value in _told(container)):
        return False
    # A file from a ConfigMap may be a configuration that leads to the other one.
    return not any(volume.shows_keys for volume in _volumes(container))


def _told(container: ContainerView) -> Iterator[str | None]:
    """What it is told by arguments and variables; None for what nobody knows."""
    for argument in container.spec.argv:
        yield None if argument.unknown else argument.text.value
    for entry in container.spec.env:
        value = entry.expanded
        yield value.text.value if value is not None and not value.unknown else None


def _may_lead_inside(value: str | None) -> bool:
    return value is None or _LOOPBACK.search(value) is not None


def _share(one: ContainerView, other: ContainerView) -> bool:
    """Whether two containers have a volume in common, or one connects to a port, be it of whom it may."""
    volumes = [{volume.identity for volume in _volumes(container)} for container in (one, other)]
    connects = (
        endpoint.direction is Direction.CONNECT
        for container in (one, other)
        for process in container.processes
        for endpoint in process.endpoints
    )
    return not volumes[0].isdisjoint(volumes[1]) or any(connects)


def _volumes(container: ContainerView) -> list[Volume]:
    found = (container.pod_spec.volume(mount.volume) for mount in container.spec.mounts)
    return [volume for volume in found if volume is not None]


def _problem(containers: tuple[ContainerView, ...]) -> Problem:
    first, *others = containers
    *names, last = [f'"{one.name}"' for one in containers[:_NAMED]]
    if len(containers) > _NAMED:
        names, last = [*names, last], f"{len(containers) - _NAMED} more"
    return Problem(
        f"nothing connects {', '.join(names)} and {last}: no volume, and no address of the pod",
        Note(first, "stands by itself"),
        outcome="they are scaled, placed and replaced together, and none is ready before all are",
        notes=tuple(Note(one, "so does this one") for one in others),
        help="give each a workload of its own",
        container=first,
        causes=("unrelated",),
    )


_NAMED = 3
"""Containers that a message names."""
