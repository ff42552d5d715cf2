"""A shell that is process 1 of a container, while it runs: its traps, and what it makes way for."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from msgspec.structs import replace

from podlint.knowledge.knowledge import Knowledge
from podlint.shell.effects import UNKNOWN_CHARACTER, Call
from podlint.shell.endpoints import Pid1, Trap
from podlint.shell.implicit_exec import last_of_line
from podlint.shell.patterns import Pattern
from podlint.shell.signals import signal_name
from podlint.shell.syntax import Sequence, SimpleCommand
from podlint.shell.traversal import literal_word
from podlint.source.text import Text

_DIALECTS = frozenset({"bash", "dash", "ash"})


class FirstShell:
    """A shell that is process 1. `taken` is what was known of process 1 when the shell took its place."""

    def __init__(self, name: str, dialect: str, taken: Pid1, knowledge: Knowledge) -> None:
        self.name = name
        self.dialect = dialect if dialect in _DIALECTS else ""
        self.by_option = False
        """Whether its script is the argument of `-c`: of a file no shell makes way for the last command."""
        self.replaced = False
        """Whether its script ends, as planned, with another program in its place."""
        self.calls: list[Call] = []
        """Its calls of `trap` and `wait`."""
        self._taken = taken
        self._knowledge = knowledge
        self._script: Text | None = None
        self._tree: Sequence | None = None
        self._tail: SimpleCommand | None = None
        self._may_leave = False

    def begin(self, script: Text, tree: Sequence) -> None:
        """The shell begins to run its script."""
        if not script.value.strip(UNKNOWN_CHARACTER):
            return
        self._script, self._tree = script, tree
        if self.by_option:
            self._tail, stays = last_of_line(tree, script.value, self.dialect)
            self._may_leave = self._tail is None and stays is None

    @property
    def traps(self) -> tuple[Trap, ...]:
        """The traps that were set so far; resets of signals that are not trapped are none."""
        traps = list(self._taken.traps)
        for call in self.calls:
            if call.name == "trap":
                traps += [
                    trap
                    for trap in _traps(call, self.dialect)
                    if trap.action != "-" or any(one.signal == trap.signal for one in traps)
                ]
        return tuple(traps)

    def runs_last_in(self, start: int, end: int) -> bool:
        """Whether the command that this shell may make way for stands between two offsets of its script."""
        return self._tail is not None and start <= self._tail.start and self._tail.end <= end

    def makes_way_for(self, command: SimpleCommand, name: Pattern, functions: Collection[str]) -> bool:
        """Whether a command that is now run, by the word `name`, takes the place of this shell, without any
        `exec`. A word that is not known may be the name of a function."""
        if command is not self._tail or not command.words or self._has_handlers():
            return False
        whole = name.literal
        if whole is None and functions:
            self._may_leave = True
            return False
        base = (whole or "").rpartition("/")[2]
        if whole in functions or self._knowledge.command(base).has("builtin"):
            return False
        self._may_leave = not self.dialect
        return not self._may_leave

    def successor(self, *, certain: bool) -> Pid1:
        """What is known of the program that now takes the place of the shell: it keeps the signals that are
        ignored, and forgets the traps."""
        ignored = tuple(trap for trap in self.traps if trap.action == "")
        return replace(self._taken, traps=ignored, script=self._script or self._taken.script, certain=certain)

    def itself(self) -> Pid1:
        """The shell, where it stays process 1 to the end."""
        last = self._tree.commands[-1] if self._tree is not None and self._tree.commands else None
        return replace(
            self._taken,
            program=self.name,
            is_shell=None if self._may_leave and not self._has_handlers() else True,
            dialect=self.dialect,
            child=_base_name(last) if isinstance(last, SimpleCommand) else "",
            waits=any(call.name == "wait" for call in self.calls),
            traps=self.traps,
            script=self._script or self._taken.script,
        )

    def _has_handlers(self) -> bool:
        """Whether the shell stays as it has something to run for a signal. ash stays where it ever had."""
        traps = self.traps
        last = {trap.signal: trap.action for trap in traps}.values()
        ever = [trap.action for trap in traps]
        return any(action not in ("", "-") for action in (last if self.dialect == "bash" else ever))


def _traps(call: Call, dialect: str) -> Iterator[Trap]:
    """The traps that one call of `trap` sets."""
    fields = [field for field in call.fields[1:] if field.value.literal != "--"]
    if not fields or fields[0].value.literal in ("-p", "-l"):
        return
    action = str(fields[0].value) if len(fields) > 1 else "-"
    for field in fields[1:] or fields:
        written = field.value.literal
        if dialect == "dash" and written is not None and written.upper().startswith("SIG"):
            # dash does not know the name, and the trap fails.
            continue
        name = "EXIT" if written == "0" else signal_name(written)
        yield Trap(
            signal=name, action=action, certain=call.certain, text=call.text, start=call.start, end=call.end
        )


def _base_name(command: SimpleCommand) -> str:
    return (literal_word(command.words[0]) or "").rpartition("/")[2] if command.words else ""
