"""Command lines as the kubelet starts them: where each stands, and what a shell among them is asked to do."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

from msgspec import Struct

from podlint.shell.options import read_options
from podlint.vocabulary import (
    Argument,
    Call,
    Command,
    ContainerView,
    Exec,
    Field,
    Knowledge,
    Process,
    late,
)

_WORD = late(r"\s*([\w./+-]+)\s*")


class CommandLine(Struct, frozen=True, dict=True):
    """What the kubelet starts in a container: `title` says for whom (`"web"`, `the livenessProbe of "web"`).

    `whole`: the manifest says all that is executed; otherwise `argv` are arguments of an entrypoint that only
    the image knows.
    """

    container: ContainerView
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

    @cached_property
    def command(self) -> Command:
        """What is known of its program, whatever version its name ends with (`python3.11`)."""
        name = self.program.name if self.program is not None else ""
        return self.container.knowledge.command(name.rstrip("0123456789.") or name)

    @property
    def certain(self) -> bool:
        """Whether nothing before its program keeps that from being run."""
        return self.program is None or self.program.certain


class ShellLine(Struct, frozen=True):
    """A call of a shell. `by_option`: with `-c`; `script` is then its script, None where there is none.
    `rest` are the operands after it (without `-c`: all operands)."""

    call: Call
    by_option: bool
    script: Field | None
    rest: tuple[Field, ...]

    @property
    def word(self) -> str:
        """The script where it is a single word, "" otherwise."""
        found = _WORD.fullmatch(self.script.text.value) if self.script is not None else None
        return found[1] if found is not None else ""

    def names_itself(self, knowledge: Knowledge) -> bool:
        """Whether its one operand is a name for `$0`: that of a shell, or of the script's one word."""
        if len(self.rest) != 1:
            return False
        name = str(self.rest[0].value)
        own = self.word.rpartition("/")[2]
        return name in ("--", "-", "_", own) or knowledge.command(name).has("shell")


def command_lines(container: ContainerView) -> Iterator[CommandLine]:
    """The command lines of a container: the main one, then probes and hooks."""
    spec, main = container.spec, container.main
    if spec.argv:
        yield CommandLine(container, f'"{container.name}"', spec.argv, main, not main.opaque)
    for process in container.processes:
        command = process.started_by
        if isinstance(command, Exec) and command.argv:
            title = f'{command.title} of "{container.name}"'
            yield CommandLine(container, title, command.argv, process, True)


def shell_line(call: Call | None) -> ShellLine | None:
    """A call of a shell taken apart; None for any other call."""
    if call is None or not call.command.has("shell"):
        return None
    if str(call.fields[0].value).rpartition("/")[2] != call.name:
        return None  # a script that names its shell in its first line
    line = read_options(call.fields[1:], starts_shell=True)
    if line.has("c"):
        script = line.operands[0] if line.operands else None
        return ShellLine(call, True, script, line.operands[1:])
    return None if line.has("s") else ShellLine(call, False, None, line.operands)


def shortened(value: str) -> str:
    """A value on one line of bounded length, for a message."""
    line = value[:200].replace("\n", " ")
    return line if len(line) <= 48 else line[:47] + "…"


def counted(fields: tuple[Field, ...]) -> str:
    """The first of some arguments and how many there are, for a message: `"--all" and 2 more`."""
    more = f" and {len(fields) - 1} more" if len(fields) > 1 else ""
    return f'"{shortened(str(fields[0].value))}"{more}'
