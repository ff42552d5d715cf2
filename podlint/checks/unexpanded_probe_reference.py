"""unexpanded-probe-reference: `$(NAME)` in an exec probe, for which the kubelet knows only plain values."""

from __future__ import annotations

from collections.abc import Iterator

from podlint.checks._references import CONVENTIONAL, NAME, arguments_of, declared_at, entry_of, is_command
from podlint.manifest.model import Exec, Reference, ReferenceState
from podlint.storage.view import ContainerView, PodView
from podlint.vocabulary import Note, Problem, rule

_PROBES = ("livenessProbe", "readinessProbe", "startupProbe")
_REPLACED = (ReferenceState.EXPANDED, ReferenceState.UNKNOWN)


@rule
def check(pod: PodView) -> Iterator[Problem]:
    """Report each variable that a probe does not get, once for each probe."""
    for container in pod.containers:
        for probe in container.spec.execs:
            told: set[str] = set()
            for argument, in_script in arguments_of(probe.argv) if probe.kind in _PROBES else ():
                for reference in argument.references:
                    if reference.name in told:
                        continue
                    told.add(reference.name)
                    if outcome := _outcome(reference, in_script, container):
                        yield _finding(reference, outcome, in_script, probe, container, pod)


def _outcome(reference: Reference, in_script: bool, one: ContainerView) -> str:
    """What the probe gets instead of the value; empty where it gets it, or where no value was meant."""
    name = reference.name
    if reference.state is ReferenceState.LITERAL:
        known = name in one.spec.environment.known
        if NAME.fullmatch(name) is None or not (known or CONVENTIONAL.fullmatch(name)):
            return ""
        if in_script:
            return (
                "" if is_command(name) else f'runs a command "{name}": the kubelet does not know this name in'
            )
        return "gets just that text: the kubelet does not know this name in"
    entry = entry_of(one.spec, name)
    if reference.state is not ReferenceState.EXPANDED or entry is None:
        return ""
    if entry.source:
        return f"gets an empty string for it: the kubelet does not look up a {entry.source} for"
    inner = entry.expanded.references if entry.expanded is not None else ()
    nested = next((one.written.value for one in inner if one.state in _REPLACED), "")
    return (
        f'gets its value with "{nested}" as it stands: the kubelet does not expand values for'
        if nested
        else ""
    )


def _finding(
    reference: Reference, outcome: str, in_script: bool, probe: Exec, container: ContainerView, pod: PodView
) -> Problem:
    name, written = reference.name, reference.written.value
    whose = f'the {probe.kind} of "{container.name}"'
    return Problem(
        message=f'{whose} asks for "{written}" and {outcome} probes',
        at=Note(reference.written.span(), "not the variable's value"),
        notes=declared_at(container.spec, name),
        help=(
            f'write "${name}", which the shell expands'
            if in_script
            else f'run the command in a shell, which expands "${name}": ["sh", "-c", "…"]'
        ),
        container=container,
    )
