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
from podlint.findings import Finding, Label, Severity
from podlint.storage.view import ContainerView, PodView

RULE = "argv-needs-shell"


def check(view: PodView) -> Iterator[Finding]:
    """Report each command line for the first mistake in it: what stands behind follows from it."""
    if view.pod.partial:
        return
    for one in view.containers:
        for line in command_lines(one):
            shape = next(_shapes(line, one), None)
            if shape is not None:
                yield _finding(shape, line, one, view)


def _shapes(line: CommandLine, one: ContainerView) -> Iterator[Shape]:
    shell = shell_line(line.program)
    if shell is not None:
        for shaped in (shell_without_script, script_as_file, word_with_arguments):
            if shape := shaped(line, shell):
                yield shape
        return
    if shape := one_string(line):
        yield shape
    yield from shell_syntax(line, one)
    if shape := glued_option(line, one):
        yield shape


def _finding(shape: Shape, line: CommandLine, one: ContainerView, view: PodView) -> Finding:
    program = line.program
    handed_on = program is not None and not program.certain and shape.severity is Severity.ERROR
    return Finding(
        rule=RULE,
        severity=Severity.WARNING if handed_on else shape.severity,
        message=f"{line.title} {shape.outcome}",
        primary=Label(shape.span.region(), shape.label),
        related=tuple(Label(span.region(), "and this") for span in shape.also),
        help=shape.help,
        pod=view.pod.title,
        container=one.name,
    )
