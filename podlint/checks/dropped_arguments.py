"""dropped-arguments: what stands behind `sh -c SCRIPT`, where the script looks at none of its parameters."""

from __future__ import annotations

from collections.abc import Iterator

from podlint.checks._command_lines import CommandLine, command_lines, shell_line
from podlint.regex import late
from podlint.shell.effects import Field
from podlint.storage.view import ContainerView, PodView
from podlint.vocabulary import Note, Problem, rule

_LOOKING = late(
    r"\$[@*#1-9]|\$\{[@*#!1-9]|(?<![\w-])(?:shift|getopts|set|source|eval|BASH_ARGV)(?![\w-])"
    r"|(?:^|[;&|\s])\.\s|(?<!\w)for\s+\w+\s*(?:;|\n)?\s*do(?!\w)"
)
"""How a script looks at its parameters, itself or in what it takes in."""
_OWN_NAME = late(r"\$0|\$\{0")
_SINGLE_WORD = late(r"[\w./+-]+")


@rule
def check(pod: PodView) -> Iterator[Problem]:
    """Report the arguments that a script of the command line never sees."""
    for container in pod.containers:
        for line in command_lines(container):
            yield from _in_line(line, container, pod)


def _in_line(line: CommandLine, container: ContainerView, pod: PodView) -> Iterator[Problem]:
    shell = shell_line(line.program)
    script = shell.script if shell is not None else None
    if shell is None or script is None or not shell.rest:
        return
    text = script.text.value
    # A script of one word is a command whose arguments went astray: argv-needs-shell says so.
    if not text.strip() or _SINGLE_WORD.fullmatch(text.strip()) or _LOOKING.search(text):
        return
    dropped = shell.rest[1:] if _names_shell(shell.rest, script, container) else shell.rest
    if dropped:
        yield _finding(dropped, script, shell.call.name, line, container, pod)


def _names_shell(rest: tuple[Field, ...], script: Field, container: ContainerView) -> bool:
    """Whether the first parameter is there to be `$0`: the script looks at it, or it is a name beside the
    script and no argument."""
    if _OWN_NAME.search(script.text.value):
        return True
    first = rest[0]
    if first.value.prefix.startswith("-"):
        return str(first.value) in ("--", "-")
    return str(first.value) == "_" or not _is_from_args(first, container) or _is_from_args(script, container)


def _is_from_args(field: Field, container: ContainerView) -> bool:
    return any(argument.text is field.text for argument in container.spec.args or ())


def _finding(
    dropped: tuple[Field, ...],
    script: Field,
    shell: str,
    line: CommandLine,
    container: ContainerView,
    pod: PodView,
) -> Problem:
    more = f" and {len(dropped) - 1} more" if len(dropped) > 1 else ""
    return Problem(
        message=(
            f'{line.title} drops "{dropped[0].value}"{more}: behind the script of "{shell} -c" arguments '
            f"become $0, $1 and so on, and it uses none of them"
        ),
        at=Note(dropped[0].span, "never seen by a program"),
        notes=(Note(script.text.span(script.start, script.start + 1), "this script"),),
        help='hand them on with "$@", behind a word that stands for $0',
        container=container,
    )
