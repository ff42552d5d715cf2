"""The scripts that the shells of a container read, and what each shell is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from weakref import WeakKeyDictionary

from msgspec import Struct

from podlint.shell.grammar import parse
from podlint.shell.options import read_options
from podlint.shell.scripts import ReadScript, RunCommand
from podlint.shell.syntax import Command, SimpleCommand, While
from podlint.shell.traversal import command_names, literal_word
from podlint.vocabulary import Call, ContainerView, Exec, Process, Text, late

_UNFINISHED = late(r"\{\{|\ue000|\$\$\{")
"""A template that something expands first (Flux and envsubst make `${` of `$${`), or a piece of text that is
not known."""


class ShellScript(Struct, frozen=True):
    """A script with the shells that may read it: one where it is known what `sh` is, else several.

    `sure`: it is certain which shell it is. `title` says whose script it is. `commands` are those that are
    run, as far as that was followed; `calls` are all that its process makes, by text and offset. `started`
    is the call of its shell, where the script stands on that command line.
    """

    read: ReadScript
    process: Process
    title: str
    shells: tuple[str, ...]
    sure: bool
    commands: tuple[RunCommand, ...]
    calls: Mapping[tuple[int, int], Call]
    started: Call | None

    @property
    def text(self) -> Text:
        """The script."""
        return self.read.text

    @property
    def is_whole(self) -> bool:
        """Whether nothing of it is still to be put in by something else."""
        return _UNFINISHED.search(self.text.value) is None

    def reaches(self, at: int) -> bool:
        """Whether its shell reads as far as an offset: it reads command by command, and no further than a
        line with `exit` or `exec`, or a loop for ever. At `return` dash and ash end, and bash goes on."""
        value = self.text.value
        for command in parse(value).commands:
            if command.end >= at:
                break
            if "\n" in value[command.end : at] and _stays(command, self.shells):
                return False
        return True


def _stays(command: Command, shells: tuple[str, ...]) -> bool:
    """Whether a shell never comes behind a command, whatever it does."""
    if isinstance(command, SimpleCommand):
        words = [literal_word(word) for word in command.words]
        if words[:1] == ["return"]:
            return shells != ("bash",)
        return words[:1] == ["exit"] or (words[:1] == ["exec"] and len(words) > 1)
    if isinstance(command, While) and not command.negated:
        condition = [one for one in command.condition.commands if isinstance(one, SimpleCommand)]
        endless = [[literal_word(word) for word in one.words] for one in condition]
        return endless in ([["true"]], [[":"]]) and not {"break", "return"} & set(command_names(command))
    return False


def shell_scripts(container: ContainerView) -> tuple[ShellScript, ...]:
    """The scripts of a container whose shell is dash, ash or bash, or may be any of them; each stretch of a
    file once for each process."""
    found = _FOUND.get(container)
    if found is None:
        found = _FOUND[container] = tuple(_shell_scripts(container))
    return found


_FOUND: WeakKeyDictionary[ContainerView, tuple[ShellScript, ...]] = WeakKeyDictionary()
"""Several rules ask for them."""


def _shell_scripts(container: ContainerView) -> Iterator[ShellScript]:
    for process in container.processes:
        ran: dict[tuple[int, str], list[RunCommand]] = {}
        for command in process.ran:
            ran.setdefault((id(command.text), command.dialect), []).append(command)
        calls = {(id(call.text), call.start): call for call in process.calls}
        started = _started(process)
        seen: set[tuple[object, ...]] = set()
        for read in process.read:
            key = (*read.span[1:], id(read.span.source), read.dialect)
            shells = _shells(read, container)
            if key not in seen and shells is not None:
                seen.add(key)
                commands = tuple(ran.get((id(read.text), read.dialect), ()))
                source, start = id(read.span.source), read.span.start
                # Where the word begins, or behind its quote.
                by = started.get((source, start)) or started.get((source, start - 1))
                yield ShellScript(read, process, _title(process, container), *shells, commands, calls, by)


def _started(process: Process) -> dict[tuple[int, int], Call]:
    """The calls of shells with `-c`, by where their scripts begin."""
    found: dict[tuple[int, int], Call] = {}
    for call in process.calls:
        if call.command.has("shell"):
            options = read_options(call.fields[1:], starts_shell=True)
            if options.has("c") and options.operands:
                span = options.operands[0].span
                found[(id(span.source), span.start)] = call
    return found


def _title(process: Process, container: ContainerView) -> str:
    started = process.started_by
    return f'{started.title} of "{container.name}"' if isinstance(started, Exec) else f'"{container.name}"'


def _shells(read: ReadScript, container: ContainerView) -> tuple[tuple[str, ...], bool] | None:
    """What the shell of a script may be, and whether that is sure; None for another kind of shell."""
    if read.dialect not in ("dash", "ash", "bash", "sh"):
        return None
    by_name = read.by in ("dash", "ash", "bash")
    shell, sure = (read.by, True) if by_name else container.shell
    if not by_name and read.dialect not in ("sh", shell):
        # Sourced by a shell that was started by its name.
        return (read.dialect,), True
    return ((shell,), sure) if shell else (("dash", "ash", "bash"), True)
