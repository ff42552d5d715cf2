"""Command lines as the kubelet starts them: where each stands, and what a shell among them is asked to do."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

from msgspec import Struct

from podlint.manifest.model import Argument
from podlint.shell.commands.spec import SHELL, read_line
from podlint.shell.commands.table import SHELLS
from podlint.shell.effects import Call, Field
from podlint.shell.process import Process
from podlint.storage.view import ContainerView

_TITLES = {"postStart": "the postStart hook", "preStop": "the preStop hook"}


class CommandLine(Struct, frozen=True, dict=True):
    """What the kubelet starts: `title` says for whom (`"web"`, `the livenessProbe of "web"`).

    `whole`: the manifest says all that is executed; otherwise `argv` are arguments of an entrypoint that only
    the image knows.
    """

    title: str
    argv: tuple[Argument, ...]
    process: Process
    whole: bool

    @cached_property
    def program(self) -> Call | None:
        """The call that the arguments are for: that of the last program which runs no other in its place."""
        texts = {id(argument.text) for argument in self.argv}
        calls = [
            call
            for call in self.process.calls
            if id(call.text) in texts and all(field.word is None for field in call.fields)
        ]
        return calls[-1] if calls else None


class ShellLine(Struct, frozen=True):
    """A call of a shell. `by_option`: with `-c`; `script` is then its script, None where there is none.
    `rest` are the operands behind it (without `-c`: all operands)."""

    call: Call
    by_option: bool
    script: Field | None
    rest: tuple[Field, ...]


def command_lines(one: ContainerView) -> Iterator[CommandLine]:
    """The command lines of a container: the main one, then probes and hooks."""
    container = one.spec
    if container.argv:
        main = one.main
        yield CommandLine(f'"{one.name}"', container.argv, main, not main.opaque)
    for command, process in zip(container.execs, one.processes[1:], strict=False):
        title = _TITLES.get(command.kind, f"the {command.kind}")
        if command.argv:
            yield CommandLine(f'{title} of "{one.name}"', command.argv, process, True)


def shell_line(call: Call | None) -> ShellLine | None:
    """A call of a shell taken apart; None for any other call."""
    if call is None or call.name not in SHELLS:
        return None
    if str(call.fields[0].value).rpartition("/")[2] != call.name:
        return None  # a script that names its shell in its first line
    line = read_line(SHELL, call.fields[1:])
    if line.has("-c"):
        script = line.operands[0] if line.operands else None
        return ShellLine(call, True, script, line.operands[1:])
    return None if line.has("-s") else ShellLine(call, False, None, line.operands)


def shortened(value: str) -> str:
    """A value on one line of bounded length, for a message."""
    line = value[:200].replace("\n", " ")
    return line if len(line) <= 48 else line[:47] + "…"
