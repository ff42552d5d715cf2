"""reference-before-definition: an `env` entry refers to a variable that stands further down in the list."""

from __future__ import annotations

from collections.abc import Iterator

from podlint.vocabulary import ContainerView, Note, PodView, Problem, ReferenceState, rule


@rule
def check(pod: PodView) -> Iterator[Problem]:
    """Report references that come too early, once for each entry and name."""
    # Operators put the variables of their own kinds in an order of their own.
    for container in pod.containers if pod.is_built_in else ():
        yield from _too_early(container)


def _too_early(container: ContainerView) -> Iterator[Problem]:
    env = container.spec.env
    last = {entry.name: index for index, entry in enumerate(env)}
    for index, entry in enumerate(env):
        for reference in entry.expanded.references if entry.expanded is not None else ():
            name = reference.name
            defined = last.get(name, -1)
            if reference.state is ReferenceState.UNRESOLVED and defined > index and name != entry.name:
                yield Problem(
                    f'"{entry.name}" of "{container.name}" refers to "{name}", which stands below it in env',
                    Note(reference, "not known yet"),
                    outcome=(
                        f'a value sees only the entries above it, so "{entry.name}" keeps the text '
                        f'"{reference.written.value}"'
                    ),
                    notes=(Note(env[defined], f'"{name}" is defined here'),),
                    help=f'move "{name}" above "{entry.name}"',
                    container=container,
                    causes=((entry.span, name),),
                )
