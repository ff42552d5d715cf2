"""argv-needs-shell: a command line with words that only a shell would read, and no shell to read them."""

from __future__ import annotations

from collections.abc import Iterator

from podlint.checks._command_lines import CommandLine, command_lines, shell_line
from podlint.checks._missing_shell import (
    glued_option,
    one_string,
    script_as_file,
    shell_syntax,
    shell_without_script,
    split_script,
)
from podlint.vocabulary import PodView, Problem, rule


@rule
def check(pod: PodView) -> Iterator[Problem]:
    """Report each command line for the first mistake in it: what comes after it follows from it."""
    for container in pod.containers:
        for line in command_lines(container):
            problem = next(filter(None, _problems(line)), None)
            if problem is not None:
                yield problem


def _problems(line: CommandLine) -> Iterator[Problem | None]:
    shell = shell_line(line.program)
    if shell is None:
        yield one_string(line)
        yield shell_syntax(line)
        yield glued_option(line)
    else:
        yield shell_without_script(line, shell)
        yield script_as_file(line, shell)
        yield split_script(line, shell)
