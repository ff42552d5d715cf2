"""Whether a process fails when one of its commands does."""

from __future__ import annotations

from podlint.shell.grammar import parse
from podlint.shell.syntax import AndOr, Command, Group, Redirected, Sequence, SimpleCommand, Subshell
from podlint.vocabulary import Call, Process


def fails_with(call: Call, process: Process) -> bool:
    """Whether a process surely ends as failed when a command fails that it comes to."""
    if not call.certain or call.failure_handled or call.job:
        return False
    if process.scripts == 0 or call.aborts:
        return True
    first = process.first
    script = call.text if process.started_by is not None or first is None else first.script
    return script is not None and script.value == call.text.value and _decides(parse(script.value), call)


def _decides(command: Command, call: Call) -> bool:
    """Whether the status of a command is a failure when that of the call in it is."""
    if not (command.start <= call.start and call.end <= command.end):
        return False
    match command:
        case SimpleCommand():
            return True
        case AndOr(left=left, operator="&&", right=right):
            return _decides(left, call) or _decides(right, call)
        case Group(body=body) | Subshell(body=body):
            return _decides(body, call)
        case Redirected(body=inner):
            return _decides(inner, call)
        case Sequence(commands=commands):
            return bool(commands) and _decides(commands[-1], call)
        case _:
            return False
