"""reference-before-definition: an `env` entry refers to a variable that stands further down in the list."""

from __future__ import annotations

from collections.abc import Iterator

from podlint.manifest.model import EnvVar, Reference, ReferenceState
from podlint.manifest.workloads import SPEC_PATHS
from podlint.storage.view import ContainerView, PodView
from podlint.vocabulary import Note, Problem, rule


@rule
def check(pod: PodView) -> Iterator[Problem]:
    """Report references that come too early, once for each entry and name."""
    # Operators put the variables of their own kinds in an order of their own.
    if pod.spec.kind not in SPEC_PATHS:
        return
    for container in pod.containers:
        later = {entry.name: index for index, entry in enumerate(container.spec.env)}
        for index, entry in enumerate(container.spec.env):
            told: set[str] = set()
            for reference in entry.expanded.references if entry.expanded is not None else ():
                too_early = later.get(reference.name, -1) > index and entry.name != reference.name
                unresolved = reference.state is ReferenceState.UNRESOLVED
                if unresolved and too_early and reference.name not in told:
                    told.add(reference.name)
                    yield _finding(
                        reference, entry, container.spec.env[later[reference.name]], container, pod
                    )


def _finding(
    reference: Reference, entry: EnvVar, definition: EnvVar, container: ContainerView, pod: PodView
) -> Problem:
    written = reference.written.value
    return Problem(
        message=(
            f'"{entry.name}" of "{container.name}" holds the text "{written}": '
            f'a value sees only the entries above it, and "{reference.name}" stands below'
        ),
        at=Note(reference.written.span(), "stays as it stands"),
        notes=(Note(definition.span, f'"{reference.name}" is defined only here'),),
        help=f'move "{reference.name}" above "{entry.name}"',
        container=container,
    )
