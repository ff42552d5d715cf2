"""unexpanded-hook-reference: `$(NAME)` in the command of a lifecycle hook, where nothing expands it."""

from __future__ import annotations

from collections.abc import Iterator

from podlint.checks._references import CONVENTIONAL, NAME, arguments_of, declared_at, is_command
from podlint.findings import Finding, Label, Severity
from podlint.manifest.model import Exec, Reference
from podlint.storage.view import ContainerView, PodView

RULE = "unexpanded-hook-reference"

_HOOKS = ("postStart", "preStop")


def check(view: PodView) -> Iterator[Finding]:
    """Report each variable that a hook waits for in vain, once for each hook."""
    if view.pod.partial:
        return
    for one in view.containers:
        for hook in one.container.execs:
            told: set[str] = set()
            for argument, in_script in arguments_of(hook.argv) if hook.kind in _HOOKS else ():
                for reference in argument.references:
                    if reference.name not in told and _is_meant(reference.name, in_script, one):
                        told.add(reference.name)
                        yield _finding(reference, in_script, hook, one, view)


def _is_meant(name: str, in_script: bool, one: ContainerView) -> bool:
    """Whether the reference was to be expanded by the kubelet. In a script it may be a command."""
    if NAME.fullmatch(name) is None:
        return False
    if name in one.container.environment.known:
        return not (in_script and is_command(name))
    return not in_script and CONVENTIONAL.fullmatch(name) is not None


def _finding(reference: Reference, in_script: bool, hook: Exec, one: ContainerView, view: PodView) -> Finding:
    name, written = reference.name, reference.written.value
    declared = name in one.container.environment.known or name == "HOSTNAME"
    outcome = f'runs a command "{name}"' if in_script else f'passes on "{written}" as it stands'
    return Finding(
        rule=RULE,
        severity=Severity.ERROR if declared else Severity.WARNING,
        message=f'the {hook.kind} hook of "{one.name}" {outcome}: the kubelet expands no reference in a hook',
        primary=Label(reference.written.span().region(), "never expanded"),
        related=declared_at(one.container, name),
        help=(
            f'write "${name}", which the shell expands'
            if in_script
            else f'run the command in a shell, which expands "${name}": ["sh", "-c", "…"]'
        ),
        pod=view.pod.title,
        container=one.name,
    )
