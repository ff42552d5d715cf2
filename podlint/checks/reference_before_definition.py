"""reference-before-definition: an `env` entry refers to a variable that stands further down in the list."""

from __future__ import annotations

from collections.abc import Iterator

from podlint.findings import Finding, Label, Severity
from podlint.manifest.model import EnvVar, Reference, ReferenceState
from podlint.manifest.workloads import SPEC_PATHS
from podlint.storage.view import ContainerView, PodView

RULE = "reference-before-definition"


def check(view: PodView) -> Iterator[Finding]:
    """Report references that come too early, once for each entry and name."""
    # Operators put the variables of their own kinds in an order of their own.
    if view.pod.partial or view.pod.kind not in SPEC_PATHS:
        return
    for one in view.containers:
        later = {entry.name: index for index, entry in enumerate(one.container.env)}
        for index, entry in enumerate(one.container.env):
            told: set[str] = set()
            for reference in entry.expanded.references if entry.expanded is not None else ():
                too_early = later.get(reference.name, -1) > index and entry.name != reference.name
                unresolved = reference.state is ReferenceState.UNRESOLVED
                if unresolved and too_early and reference.name not in told:
                    told.add(reference.name)
                    yield _finding(reference, entry, one.container.env[later[reference.name]], one, view)


def _finding(
    reference: Reference, entry: EnvVar, definition: EnvVar, one: ContainerView, view: PodView
) -> Finding:
    written = reference.written.value
    return Finding(
        rule=RULE,
        severity=Severity.WARNING,
        message=(
            f'"{entry.name}" of "{one.name}" holds the text "{written}": '
            f'a value sees only the entries above it, and "{reference.name}" stands below'
        ),
        primary=Label(reference.written.span().region(), "stays as it stands"),
        related=(Label(definition.span.region(), f'"{reference.name}" is defined only here'),),
        help=f'move "{reference.name}" above "{entry.name}"',
        pod=view.pod.title,
        container=one.name,
    )
