"""dropped-arguments: what stands after `sh -c SCRIPT`, where the script looks at none of its parameters."""

from __future__ import annotations

from collections.abc import Iterator

from podlint.checks._command_lines import ShellLine, command_lines, counted, shell_line
from podlint.vocabulary import Claim, ContainerView, Field, Note, PodView, Problem, cause_at, late, rule

_LOOKING = late(
    r"\$[@*#1-9]|\$\{[@*#!1-9]|(?<![\w-])(?:shift|getopts|set|source|eval|BASH_ARGV)(?![\w-])"
    r"|(?:^|[;&|\s])\.\s|(?<!\w)for\s++\w++\s*+(?:;\s*+)?do(?!\w)"
)
"""How a script looks at its parameters, itself or in what it takes in."""
_OWN_NAME = late(r"\$0|\$\{0")


@rule
def check(pod: PodView) -> Iterator[Problem]:
    """Report the arguments that a script of the command line never sees."""
    for container in pod.containers:
        for line in command_lines(container):
            shell = shell_line(line.program)
            script = shell.script if shell is not None else None
            if shell is None or script is None:
                continue
            dropped = _dropped(shell, script, container)
            if not dropped:
                continue
            yield Problem(
                f"{line.title} gives arguments to a script that uses none: {counted(dropped)}",
                Note(dropped[0], "dropped"),
                outcome=f'"{shell.call.name} -c" makes them $0, $1 and so on, and no program gets them',
                notes=(Note(script.text.span(script.start, script.start + 1), "this script"),),
                help='pass them on with "$@", after a word that stands for $0',
                container=container,
                # Of a script of one word it says that the arguments belong into the script.
                yields_to=(Claim("argv-needs-shell", cause_at(container, dropped[0])),),
            )


def _dropped(shell: ShellLine, script: Field, container: ContainerView) -> tuple[Field, ...]:
    """The arguments that are lost; none where the script may look at them."""
    text = script.text.value
    if not shell.rest or not text.strip() or _LOOKING.search(text):
        return ()
    if shell.word:
        return () if shell.names_itself(container.knowledge) else shell.rest
    return shell.rest[1:] if _names_shell(shell.rest[0], script, container) else shell.rest


def _names_shell(first: Field, script: Field, container: ContainerView) -> bool:
    """Whether the first parameter is there to be `$0`: the script looks at it, or it is a name beside the
    script and no argument."""
    if _OWN_NAME.search(script.text.value):
        return True
    if first.value.prefix.startswith("-"):
        return str(first.value) in ("--", "-")
    return str(first.value) == "_" or not _is_from_args(first, container) or _is_from_args(script, container)


def _is_from_args(field: Field, container: ContainerView) -> bool:
    return any(argument.text is field.text for argument in container.spec.args or ())
