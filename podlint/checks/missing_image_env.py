"""missing-image-env: an image that ends at once without a variable which the container does not have."""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum

from podlint.knowledge.image import Demand, is_one_of
from podlint.knowledge.references import is_since
from podlint.shell.patterns import Pattern, literal
from podlint.vocabulary import (
    ContainerView,
    Image,
    Kind,
    Note,
    Place,
    PodView,
    Problem,
    Role,
    rule,
)

_MOST = 3
"""Variables that are named in an advice."""


class _Filled(Enum):
    """Whether there is a database already when the container starts."""

    NO = "no"
    MAYBE = "maybe"
    LATER = "later"
    """At each start but the first."""


@rule
def check(pod: PodView) -> Iterator[Problem]:
    """Report containers that have none of the variables which the default command of their image demands."""
    if not pod.is_built_in:
        return
    for container in pod.running:
        image = container.image
        if image is None or not image.official or not image.demands or container.spec.environment.open:
            continue
        words = _arguments(container, image)
        for demand in image.demands if words is not None else ():
            if not is_since(container.spec.image, demand.since):
                continue
            if not _is_met(demand, container) and not _does_without(demand, words or (), container):
                yield _problem(demand, image, container, pod)
                break


def _arguments(container: ContainerView, image: Image) -> tuple[str, ...] | None:
    """What the program of the image is told; None where another one runs, or one that ends at once."""
    spec = container.spec
    if spec.command is not None:
        return None
    words = image.own_arguments([argument.text.value for argument in spec.argv])
    known = container.knowledge.command(image.program)
    if words is None or known.is_called_with(("--help", "--version", *known.ends_with), tuple(words)):
        return None
    return tuple(words)


def _is_met(demand: Demand, container: ContainerView) -> bool:
    known = container.spec.environment.known
    return any(known.get(name, "") != "" for name in demand.one_of)


def _does_without(demand: Demand, words: tuple[str, ...], container: ContainerView) -> bool:
    """Whether it is told something by which it may do without."""
    return any(is_one_of(one, demand.unless) for one in (*words, *container.spec.environment.known))


def _may_be_replaced(demand: Demand, container: ContainerView) -> bool:
    """Whether a volume lies over a file of the image by which it may do without."""
    paths = [one for one in demand.unless if one.startswith("/")]
    return any(
        path == mount.path or path.startswith(mount.path + "/") or mount.path.startswith(path + "/")
        for path in paths
        for mount in container.spec.mounts
    )


def _filled(demand: Demand, container: ContainerView, pod: PodView) -> _Filled:
    """Whether something lies where the image keeps what it makes at its first start."""
    if not demand.unless_filled:
        return _Filled.NO
    path: Pattern | None = literal(demand.unless_filled)
    if demand.given_by in container.spec.environment.known:
        given = container.spec.environment.known[demand.given_by]
        path = literal(given) if given is not None else None
    place = container.place_of(path) if path is not None else None
    if place is None or place.kind is Kind.UNKNOWN:
        return _Filled.MAYBE
    if place.volume is None:
        return _Filled.NO
    if not place.volume.starts_empty:
        return _Filled.LATER
    before = (other for other in pod.containers if other.spec.role is not Role.APP)
    return _Filled.MAYBE if any(_may_fill(other, place) for other in before) else _Filled.NO


def _may_fill(container: ContainerView, place: Place) -> bool:
    """Whether a container that runs before may put something there."""
    if not container.mounts_of(place):
        return False
    return not container.understood or any(
        effect.place.may_hold(place) or place.may_hold(effect.place) for effect in container.effects.making()
    )


def _problem(demand: Demand, image: Image, container: ContainerView, pod: PodView) -> Problem:
    name, others = demand.one_of[0], demand.one_of[1:_MOST]
    filled = _filled(demand, container, pod)
    entry = next((container.env[one] for one in demand.one_of if one in container.env), None)
    what = f'has an empty "{entry.name}"' if entry is not None else f'has no "{name}"'
    again = ", again and again (CrashLoopBackOff)" if container.is_restarted else ""
    first = " when there is no database yet" if filled is _Filled.LATER else ""
    certain = filled is _Filled.NO and image.is_certain("demands")
    patched = "env" in pod.spec.patched
    return Problem(
        f'"{container.name}" {what}, without which "{container.spec.image}" does not start',
        Note(container if entry is None else entry, "is empty" if entry is not None else "none is set here"),
        outcome=("unless a patch adds it, " if patched else "") + f"it ends with an error{first}{again}",
        help=f"set {name}" + (f", or {' or '.join(others)}" if others else ""),
        container=container,
        certain=certain and not _may_be_replaced(demand, container),
        minor=patched or filled is _Filled.LATER,
    )
