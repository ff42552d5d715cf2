"""unmounted-write: a helper keeps writing a file that is on no volume and that nobody can read."""

from __future__ import annotations

from collections.abc import Iterator

from podlint.checks._consumption import SCRATCH, Consumption
from podlint.checks._volume_sides import other_side
from podlint.shell.effects import Effect, Hold, Repeats
from podlint.shell.patterns import split_last
from podlint.source.span import Span
from podlint.storage.places import Kind
from podlint.storage.view import ContainerView, PlacedEffect, PodView
from podlint.vocabulary import Note, Problem, rule

_INSTALLERS = frozenset(
    {"apk", "apt", "apt-get", "dnf", "microdnf", "yum", "pip", "pip3", "npm", "gem", "make"}
)
"""Programs that podlint does not follow, but that come to an end."""


@rule(siblings=True)
def check(pod: PodView) -> Iterator[Problem]:
    """Report what helpers write for nobody. In a pod of one container there is nobody to share with."""
    if pod.spec.share_process_namespace:
        return
    for container in pod.running:
        consumption = Consumption(container)
        paths: set[str] = set()
        spans: set[Span] = set()
        for placed in container.effects:
            path, span = str(placed.path), placed.span
            # `cp -r a b` may write to `b` and to `b/*`: one word, one mistake.
            if path not in paths and span not in spans and _is_lost(placed, container, consumption, pod):
                paths.add(path)
                spans.add(span)
                yield _finding(placed, container, pod)


def _is_lost(placed: PlacedEffect, container: ContainerView, consumption: Consumption, pod: PodView) -> bool:
    effect = placed
    if not effect.action.writes or not _keeps_writing(effect) or placed.place.kind is not Kind.PRIVATE:
        return False
    path = str(effect.path)
    if (
        SCRATCH.search(path)
        or any(_collects(output, path) for output in pod.spec.outputs)
        or path in pod.spec.annotations
    ):
        return False
    if consumption.may_use(placed):
        return False
    # A path of the other side of a volume is a mistake of its own, which wrong-side-path reports.
    return not (effect.certain and other_side(placed, pod))


def _keeps_writing(effect: Effect) -> bool:
    """Whether this is output for others: more and more of it, or one descriptor that a program keeps."""
    if effect.by in ("sed",) or effect.hold is Hold.BRIEF:
        return False
    if effect.hold is Hold.UNKNOWN:
        # A program of unknown length, and the file is where its output goes.
        return effect.certain and ">" in effect.by and effect.program not in _INSTALLERS
    return effect.repeats is Repeats.FOREVER or effect.hold is Hold.HELD


def _collects(output: str, path: str) -> bool:
    return path == output or path.startswith(output.rstrip("/") + "/")


def _finding(placed: PlacedEffect, container: ContainerView, pod: PodView) -> Problem:
    effect = placed
    related = tuple(
        Note(other.spec.span, f'"{other.name}" cannot see it') for other in pod.others(container)[:3]
    )
    return Problem(
        message=(
            f'"{container.name}" keeps writing "{effect.path}", which is on no volume: no other container can '
            f"read it, and it is gone when the container restarts"
        ),
        at=Note(effect.span, _where(container)),
        notes=related,
        help=f"write to a volume that the reader mounts too{_mounted_at(effect)}, or to standard output",
        container=container,
    )


def _mounted_at(effect: Effect) -> str:
    """Where a mount would do; no volume can stand for the root directory."""
    directory = split_last(effect.path)[0].literal
    return f' (mounted here at "{directory}")' if directory not in (None, "/") else ""


def _where(container: ContainerView) -> str:
    """What is known of the mounts around the file."""
    if not container.spec.mounts:
        return f'on no volume: "{container.name}" mounts nothing'
    return "on no volume"
