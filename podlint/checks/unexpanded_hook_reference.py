"""unexpanded-hook-reference: `$(NAME)` in the command of a lifecycle hook, where nothing expands it."""

from __future__ import annotations

from collections.abc import Iterator

from podlint.checks._references import CONVENTIONAL, NAME, arguments_of, declared_at, is_command
from podlint.manifest.model import Exec, Reference
from podlint.storage.view import ContainerView, PodView
from podlint.vocabulary import Note, Problem, rule

_HOOKS = ("postStart", "preStop")


@rule
def check(pod: PodView) -> Iterator[Problem]:
    """Report each variable that a hook waits for in vain, once for each hook."""
    for container in pod.containers:
        for hook in container.spec.execs:
            told: set[str] = set()
            for argument, in_script in arguments_of(hook.argv) if hook.kind in _HOOKS else ():
                for reference in argument.references:
                    if reference.name not in told and _is_meant(reference.name, in_script, container):
                        told.add(reference.name)
                        yield _finding(reference, in_script, hook, container, pod)


def _is_meant(name: str, in_script: bool, container: ContainerView) -> bool:
    """Whether the reference was to be expanded by the kubelet. In a script it may be a command."""
    if NAME.fullmatch(name) is None:
        return False
    if name in container.spec.environment.known:
        return not (in_script and is_command(name))
    return not in_script and CONVENTIONAL.fullmatch(name) is not None


def _finding(
    reference: Reference, in_script: bool, hook: Exec, container: ContainerView, pod: PodView
) -> Problem:
    name, written = reference.name, reference.written.value
    declared = name in container.spec.environment.known or name == "HOSTNAME"
    outcome = f'runs a command "{name}"' if in_script else f'passes on "{written}" as it stands'
    return Problem(
        certain=declared,
        message=f'the {hook.kind} hook of "{container.name}" {outcome}: the kubelet expands no reference in a hook',
        at=Note(reference.written.span(), "never expanded"),
        notes=declared_at(container.spec, name),
        help=(
            f'write "${name}", which the shell expands'
            if in_script
            else f'run the command in a shell, which expands "${name}": ["sh", "-c", "…"]'
        ),
        container=container,
    )
