"""What several rules ask about `$(NAME)`: who declares the name, and whether a shell reads the argument."""

from __future__ import annotations

from collections.abc import Iterator

from podlint.vocabulary import Argument, ContainerView, Note, Problem, Reference, late

NAME = late(r"[A-Za-z_][A-Za-z0-9_-]*")
"""A name that a variable may have, and that no command line with spaces or brackets has."""
CONVENTIONAL = late(r"[A-Z_][A-Z0-9_]*")
"""A name as people give it to an environment variable, and hardly ever to a command."""

_COMMAND_OPTION = late(r"-[a-zA-Z]*c|--command")


def is_command(name: str, container: ContainerView) -> bool:
    """Whether a shell would take the name for a command that podlint knows."""
    command = container.knowledge.command(name)
    return command.known or command.has("shell")


def declared_at(container: ContainerView, name: str) -> tuple[Note, ...]:
    """A note at the entry of `env` that declares a variable, where there is one."""
    entry = container.env.get(name)
    return (Note(entry, f'"{name}" is declared here'),) if entry is not None else ()


def arguments_of(argv: tuple[Argument, ...], container: ContainerView) -> Iterator[tuple[Argument, bool]]:
    """The arguments, each with whether a shell reads it as a script (or as a parameter of one)."""
    by_shell = by_option = False
    for argument in argv:
        yield argument, by_shell and by_option
        value = argument.text.value
        command = container.knowledge.command(value.rpartition("/")[2])
        by_option = by_option or (by_shell and _COMMAND_OPTION.fullmatch(value) is not None)
        by_option = by_option or command.script == "*"
        by_shell = by_shell or command.has("shell") or command.has("runs-script")


def references_of(argv: tuple[Argument, ...], container: ContainerView) -> Iterator[tuple[Reference, bool]]:
    """The references in arguments, each with whether a shell reads it; see `arguments_of`."""
    return (
        (reference, in_script)
        for argument, in_script in arguments_of(argv, container)
        for reference in argument.references
    )


def let_shell_expand(name: str, in_script: bool) -> str:
    """What to do about a reference that the kubelet does not expand."""
    if in_script:
        return f'write "${name}", which the shell expands'
    return f'run the command in a shell, which expands "${name}": ["sh", "-c", "…"]'


def unexpanded_requests(container: ContainerView, *, hooks: bool) -> Iterator[Problem]:
    """The problems with variables of the container in the requests of its probes, or of its hooks."""
    for probe in container.spec.probes:
        for reference in (one for text in probe.sent for one in text.references if probe.is_hook is hooks):
            if reference.name in container.spec.environment.known:
                written = reference.written.value
                yield Problem(
                    f'{probe.title} of "{container.name}" sends the text "{written}"',
                    Note(reference, "left as it is"),
                    outcome=f"the kubelet expands nothing in {probe.action}: these characters are sent",
                    notes=declared_at(container, reference.name),
                    help=f'use `exec`: a shell, a client of the image, and "${reference.name}"',
                    container=container,
                    causes=((container, probe.kind, reference.name),),
                )
