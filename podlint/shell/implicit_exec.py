"""The last command of `sh -c`, for which some shells make way."""

from __future__ import annotations

from podlint.regex import late
from podlint.shell.syntax import (
    AndOr,
    Background,
    Case,
    Command,
    Group,
    If,
    Redirected,
    Sequence,
    SimpleCommand,
    Subshell,
)

_CONTINUED = "\\\n"
_END_IN_BASH = late(r"[ \t;]*(?:#[^\n]*)?\n?")
_END_IN_ASH = late(r"[ \t;]*(?:#[^\n]*)?")


def last_of_line(tree: Sequence, script: str, dialect: str) -> tuple[SimpleCommand | None, bool | None]:
    """The command that a shell turns into at the end of its `-c` script, and whether it stays all the same,
    None where that is not known.

    Measured with dash 0.5.12, bash 5.2 and busybox 1.35. dash stays. bash makes way for a simple command
    without redirections; one behind `&&` must have no other command before it on its line. ash makes way in
    most forms, but only where the script ends without a line break: it looks no further than the line.
    """
    if dialect == "dash" or not tree.commands:
        return None, True
    in_bash = _tail_in_bash(tree, script) if dialect != "ash" else None
    in_ash = _tail_in_ash(tree, script) if dialect != "bash" else None
    if isinstance(in_ash, If | Case):
        return None, None
    tail = in_bash or in_ash
    if tail is None:
        return None, True
    return tail, False if dialect else None


def _tail_in_bash(tree: Sequence, script: str) -> SimpleCommand | None:
    command = tree.commands[-1]
    if not _END_IN_BASH.fullmatch(_rest(command, script)):
        return None
    before = tree.commands[-2] if len(tree.commands) > 1 else None
    alone = before is None or "\n" in script[before.end : command.start]
    if not alone and isinstance(command, AndOr):
        return None
    if not alone and isinstance(before, Background):
        return None
    while isinstance(command, AndOr) and command.operator == "&&":
        command = command.right
    return command if isinstance(command, SimpleCommand) and not command.redirects else None


def _tail_in_ash(tree: Sequence, script: str) -> SimpleCommand | If | Case | None:
    command: Command = tree.commands[-1]
    if not _END_IN_ASH.fullmatch(_rest(command, script)):
        return None
    while not isinstance(command, SimpleCommand | If | Case):
        if isinstance(command, AndOr) and command.operator == "&&":
            command = command.right
        elif isinstance(command, Group | Subshell) and command.body.commands:
            command = command.body.commands[-1]
        elif isinstance(command, Redirected):
            command = command.body
        else:
            return None
    if isinstance(command, SimpleCommand) and any(r.operator in ("<<", "<<-") for r in command.redirects):
        return None
    return command


def _rest(command: Command, script: str) -> str:
    """What stands behind a command."""
    return script[command.end :].replace(_CONTINUED, "")
