"""unexpanded-hook-reference: `$(NAME)` in the command of a lifecycle hook, where nothing expands it."""

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
from podlint.vocabulary import ContainerView, Exec, Note, PodView, Problem, Reference, rule


@rule
def check(pod: PodView) -> Iterator[Problem]:
    """Report each variable that a hook waits for in vain, once for each hook."""
    for container in pod.containers:
        yield from unexpanded_requests(container, hooks=True)
        for hook in container.spec.execs:
            for reference, in_script in references_of(hook.argv, container) if hook.is_hook else ():
                if _is_meant(reference.name, in_script, container):
                    yield _problem(reference, in_script, hook, container)


def _is_meant(name: str, in_script: bool, container: ContainerView) -> bool:
    """Whether the reference was to be expanded by the kubelet. In a script it may be a command."""
    if NAME.fullmatch(name) is None:
        return False
    if name in container.spec.environment.known:
        return not (in_script and is_command(name, container))
    return not in_script and CONVENTIONAL.fullmatch(name) is not None


def _problem(reference: Reference, in_script: bool, hook: Exec, container: ContainerView) -> Problem:
    name, written = reference.name, reference.written.value
    return Problem(
        f'{hook.title} of "{container.name}" uses "{written}", which is not expanded in a hook',
        Note(reference, "left as it is"),
        outcome=f'the shell runs a command "{name}"'
        if in_script
        else f'the program gets the text "{written}"',
        notes=declared_at(container, name),
        help=let_shell_expand(name, in_script),
        container=container,
        certain=name in container.spec.environment.known or name == "HOSTNAME",
        causes=((container, hook.kind, name),),
    )
