"""unexpanded-probe-reference: `$(NAME)` in a probe, for which the kubelet knows only plain values."""

from __future__ import annotations

from collections.abc import Iterator

from podlint.checks._references import (
    CONVENTIONAL,
    NAME,
    declared_at,
    is_command,
    let_shell_expand,
    references_of,
    unexpanded_requests,
)
from podlint.vocabulary import ContainerView, Note, PodView, Problem, Reference, ReferenceState, rule

_REPLACED = (ReferenceState.EXPANDED, ReferenceState.UNKNOWN)


@rule
def check(pod: PodView) -> Iterator[Problem]:
    """Report each variable that a probe does not get, once for each probe."""
    for container in pod.containers:
        yield from unexpanded_requests(container, hooks=False)
        for probe in container.spec.execs:
            for reference, in_script in references_of(probe.argv, container) if not probe.is_hook else ():
                label, outcome = _outcome(reference, in_script, container)
                if outcome:
                    yield Problem(
                        f'{probe.title} of "{container.name}" does not get the value of '
                        f'"{reference.written.value}"',
                        Note(reference, label),
                        outcome=outcome,
                        notes=declared_at(container, reference.name),
                        help=let_shell_expand(reference.name, in_script),
                        container=container,
                        causes=((container, probe.kind, reference.name),),
                    )


def _outcome(reference: Reference, in_script: bool, container: ContainerView) -> tuple[str, str]:
    """What the probe gets instead of the value, as a label and as a sentence; both empty where it gets it, or
    where no value was meant."""
    name, written = reference.name, reference.written.value
    if reference.state is ReferenceState.LITERAL:
        known = name in container.spec.environment.known or CONVENTIONAL.fullmatch(name) is not None
        if not known or NAME.fullmatch(name) is None or (in_script and is_command(name, container)):
            return "", ""
        got = f'the shell runs a command "{name}"' if in_script else f'the program gets the text "{written}"'
        return "left as it is", f"the kubelet does not know this variable in a probe, and {got}"
    entry = container.env.get(name)
    if reference.state is not ReferenceState.EXPANDED or entry is None:
        return "", ""
    if entry.source:
        return "empty", f"a probe gets an empty string: the kubelet looks up no {entry.source} for it"
    inner = entry.expanded.references if entry.expanded is not None else ()
    nested = next((one.written.value for one in inner if one.state in _REPLACED), "")
    if nested:
        return "not all expanded", f'a probe gets the value as it is written, with "{nested}" in it'
    return "", ""
