"""option-as-command: a line of a script that begins with an option, which its program never gets."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from podlint.checks._command_lines import shortened
from podlint.checks._scripts import ShellScript, shell_scripts
from podlint.shell.grammar import parse
from podlint.shell.syntax import SimpleCommand
from podlint.shell.traversal import literal_word, walk
from podlint.vocabulary import Claim, ContainerView, LiteralPart, Note, PodView, Problem, Quoting, late, rule

_OPTION = late(r"--?[A-Za-z][\w-]*+")
_ON_ITS_OWN_LINE = late(r"\n[ \t]*+--?[A-Za-z]")
_BLANK = late(r"\\[ \t]++\n[ \t]*+\Z")
_COMMENT = late(r"\n[ \t]*+#[^\n]*\n[ \t]*+\Z")
_LOOK_BACK = 400
"""How many characters before an option are looked at for the reason."""


class _Option(Struct, frozen=True):
    """A command that is an option, and the command before it, which lacks it."""

    command: SimpleCommand
    before: SimpleCommand
    label: str
    help: str


@rule
def check(pod: PodView) -> Iterator[Problem]:
    """Report each script once, at its first such line."""
    for container in pod.containers:
        for script in shell_scripts(container):
            found = next(_options(script), None)
            if found is not None:
                yield _problem(found, script, container)


def _options(script: ShellScript) -> Iterator[_Option]:
    value = script.text.value
    # Nearly no script has such a line, and going through the commands of a long one takes time.
    if "{{" in value or not _ON_ITS_OWN_LINE.search(value):
        return
    before: SimpleCommand | None = None
    commands = [node for node in walk(parse(value)) if isinstance(node, SimpleCommand) and node.words]
    for command in sorted(commands, key=lambda one: one.start):
        if before is not None and _is_option(command) and "\n" in value[before.start : command.start]:
            label, help = _reason(value[max(0, command.start - _LOOK_BACK) : command.start])
            yield _Option(command, before, label, help)
        if not _is_option(command):
            before = command


def _is_option(command: SimpleCommand) -> bool:
    """Whether the name of a command begins as an option does."""
    first = command.words[0].parts[0] if command.words[0].parts else None
    if not isinstance(first, LiteralPart) or first.quoting is not Quoting.NONE or command.assignments:
        return False
    return _OPTION.match(first.value) is not None


def _reason(before: str) -> tuple[str, str]:
    """Why the line before does not go on, and what to do about it."""
    if _BLANK.search(before):
        return "a blank stands behind the backslash before", "delete the blanks behind the backslash"
    if _COMMENT.search(before):
        return "the comment has ended the command", "move the comment out of the command"
    return "the line before does not go on", 'end the line before with "\\"'


def _problem(found: _Option, script: ShellScript, container: ContainerView) -> Problem:
    text, command = script.text, found.command
    option = shortened(text.value[command.words[0].start : command.words[0].end])
    name = literal_word(found.before.words[0]) or "the command before"
    if name == "exec" and len(found.before.words) > 1:
        name = literal_word(found.before.words[1]) or "the command before"
    ran = [one for one in script.commands if one.command is found.before]
    return Problem(
        f'the script of {script.title} takes the option "{option}" for a command',
        Note(text.span(command.start, command.words[-1].end), found.label),
        outcome=f'"{shortened(name.rpartition("/")[2])}" runs without it, and no program has such a name',
        help=found.help,
        container=container,
        certain=any(one.certain for one in ran),
        causes=((container, text.span()),),
        yields_to=(Claim("folded-lines", (container, text.span())),),
    )
