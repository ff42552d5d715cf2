"""argv-needs-shell: a command line with words that only a shell would read, and no shell to read them."""

from __future__ import annotations

from collections.abc import Iterator

from podlint.checks._command_lines import CommandLine, command_lines, shell_line
from podlint.checks._shapes import (
    Shape,
    glued_option,
    one_string,
    script_as_file,
    shell_syntax,
    shell_without_script,
    word_with_arguments,
)
from podlint.storage.view import ContainerView, PodView
from podlint.vocabulary import Note, Problem, rule


@rule
def check(pod: PodView) -> Iterator[Problem]:
    """Report each command line for the first mistake in it: what stands behind follows from it."""
    for container in pod.containers:
        for line in command_lines(container):
            shape = next(_shapes(line, container), None)
            if shape is not None:
                yield _finding(shape, line, container, pod)


def _shapes(line: CommandLine, container: ContainerView) -> Iterator[Shape]:
    shell = shell_line(line.program)
    if shell is not None:
        for shaped in (shell_without_script, script_as_file, word_with_arguments):
            if shape := shaped(line, shell):
                yield shape
        return
    if shape := one_string(line):
        yield shape
    yield from shell_syntax(line, container)
    if shape := glued_option(line, container):
        yield shape


def _finding(shape: Shape, line: CommandLine, container: ContainerView, pod: PodView) -> Problem:
    program = line.program
    runs = program is None or program.certain
    return Problem(
        certain=shape.certain and runs,
        minor=shape.minor,
        message=f"{line.title} {shape.outcome}",
        at=Note(shape.span, shape.label),
        notes=tuple(Note(span, "and this") for span in shape.also),
        help=shape.help,
        container=container,
    )
