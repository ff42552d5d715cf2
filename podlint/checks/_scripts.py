"""The scripts that the shells of a container read, and what each shell is."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from podlint.shell.grammar import parse
from podlint.shell.scripts import ReadScript, RunCommand
from podlint.shell.syntax import Command, SimpleCommand, While
from podlint.shell.traversal import command_names, literal_word
from podlint.vocabulary import ContainerView, Exec, Process, Text, late

_UNFINISHED = late(r"\{\{|\ue000")
"""A template that something expands first, or a piece of text that is not known."""


class ShellScript(Struct, frozen=True):
    """A script with the shells that may read it: one where it is known what `sh` is, else several.

    `sure`: it is certain which shell it is. `title` says whose script it is.
    """

    read: ReadScript
    process: Process
    title: str
    shells: tuple[str, ...]
    sure: bool

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
        line with `exit` or `exec`, or a loop for ever."""
        value = self.text.value
        for command in parse(value).commands:
            if command.end >= at:
                break
            if "\n" in value[command.end : at] and _stays(command):
                return False
        return True

    def commands(self) -> Iterator[RunCommand]:
        """Its commands that are run, as far as that was followed."""
        return (one for one in self.process.ran if one.text is self.text and one.dialect == self.read.dialect)


def _stays(command: Command) -> bool:
    """Whether a shell never comes behind a command, whatever it does."""
    if isinstance(command, SimpleCommand):
        words = [literal_word(word) for word in command.words]
        return words[:1] == ["exit"] or (words[:1] == ["exec"] and len(words) > 1)
    if isinstance(command, While) and not command.negated:
        condition = [one for one in command.condition.commands if isinstance(one, SimpleCommand)]
        endless = [[literal_word(word) for word in one.words] for one in condition]
        return endless in ([["true"]], [[":"]]) and not {"break", "return"} & set(command_names(command))
    return False


def shell_scripts(container: ContainerView) -> Iterator[ShellScript]:
    """The scripts of a container whose shell is dash, ash or bash, or may be any of them; each stretch of a
    file once for each process."""
    for process in container.processes:
        seen: set[tuple[object, ...]] = set()
        for read in process.read:
            key = (*read.span[1:], id(read.span.source), read.dialect)
            if key not in seen:
                seen.add(key)
                yield from _script(read, process, container)


def _script(read: ReadScript, process: Process, container: ContainerView) -> Iterator[ShellScript]:
    started = process.started_by
    title = f'{started.title} of "{container.name}"' if isinstance(started, Exec) else f'"{container.name}"'
    by_name = read.by in ("dash", "ash", "bash")
    shell, sure = (read.by, True) if by_name else container.shell
    if read.dialect not in ("dash", "ash", "bash", "sh"):
        return
    shells: tuple[str, ...] = (shell,) if shell else ("dash", "ash", "bash")
    if not by_name and read.dialect not in ("sh", shell):
        # Sourced by a shell that was started by its name.
        shells, sure = (read.dialect,), True
    yield ShellScript(read, process, title, shells, sure or not shell)
