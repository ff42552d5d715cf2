"""What following a process writes down: effects, calls and doubts, and how long descriptors are held."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from podlint.budget import Budget
from podlint.knowledge.knowledge import Knowledge
from podlint.shell.effects import (
    Action,
    Call,
    Doubt,
    Duration,
    Effect,
    Fields,
    Hold,
    Job,
    Maker,
    Output,
    Redirection,
    Repeats,
)
from podlint.shell.endpoints import Pid1
from podlint.shell.file_contents import Written
from podlint.shell.patterns import Glob, Hole, Pattern
from podlint.shell.scripts import ReadScript, RunCommand
from podlint.shell.state import Sink, State
from podlint.shell.syntax import Command
from podlint.source.text import Text

MAX_EFFECTS = 1_000
"""Effects of one process that are written down, as rules compare them with one another; what comes after is a
doubt."""

EFFECT = 100
"""What an effect costs, in units of `podlint.budget`: with its place and what rules ask of it."""
CALL = 50
"""What a call costs."""
KNOWN, VAGUE, PER_PIECE = 8, 32, 16
"""What effects with a known and with another path weigh where rules compare them with one another; so many
characters of the latter weigh one more."""
MAX_BECOMES = 32
"""Programs that process 1 may turn into of which is told."""


Where: TypeAlias = tuple[Text, int, int]
"""A text, and two offsets in it."""


class Mark(Struct, frozen=True):
    """A point in a trace: how many effects, calls and replays there were."""

    effects: int
    calls: int
    replays: int


class Stretch(Struct, frozen=True):
    """What a call of a function has written down between two marks, and the stretches of earlier calls that
    it only repeated."""

    since: Mark
    until: Mark
    repeated: tuple[Stretch, ...]


class Trace:
    """What one process does, in the order in which it was followed."""

    def __init__(self, knowledge: Knowledge, budget: Budget, pod: Budget) -> None:
        """`budget` is that of the process, and `pod` the one around it."""
        self.effects: list[Effect] = []
        self.calls: list[Call] = []
        self.doubts: list[Doubt] = []
        self.jobs: list[Job] = []
        self.becomes: list[Pid1] = []
        """What process 1 may turn into, in the order in which it was come upon."""
        self.replays: list[Stretch] = []
        """Stretches of the records that calls of functions stand for which only repeated an earlier one."""
        self.assigned: set[str] = set()
        """Names that were given a value."""
        self.scripts = 0
        """Scripts that were read."""
        self.read: dict[tuple[int, str], ReadScript] = {}
        """These, by the identity of their text and by what the shell is."""
        self.ran: dict[tuple[int, int, str], RunCommand] = {}
        """The commands in them that were followed, by the identities of text and command."""
        self.trials = 0
        """Trial runs under way, whose doubts are not written down."""
        self.written = Written()
        self._knowledge = knowledge
        self._budget = budget
        self._pod = pod
        self._order = 0
        self._started = 0
        self._gave_up = False

    def mark(self) -> Mark:
        """Where the records stand now."""
        return Mark(len(self.effects), len(self.calls), len(self.replays))

    def forget(self, mark: Mark) -> None:
        """Take back what was written down since a mark (a trial run)."""
        del self.effects[mark.effects :], self.calls[mark.calls :], self.replays[mark.replays :]

    def excuse(self, mark: Mark) -> None:
        """The failure of what was written down since a mark is provided for."""
        for effects, calls in self._written_since(mark):
            for index in effects:
                if not self.effects[index].failure_handled:
                    self.effects[index] = replace(self.effects[index], failure_handled=True)
            for index in calls:
                if not self.calls[index].failure_handled:
                    self.calls[index] = replace(self.calls[index], failure_handled=True)

    def repeat_for_ever(self, mark: Mark) -> None:
        """What was written down since a mark happens for ever, and so does what repeated calls stand for."""
        for effects, calls in self._written_since(mark):
            for index in effects:
                effect = self.effects[index]
                hold = Hold.REOPENED if effect.hold in (Hold.BRIEF, Hold.UNKNOWN) else effect.hold
                self.effects[index] = replace(effect, repeats=Repeats.FOREVER, hold=hold)
            for index in calls:
                self.calls[index] = replace(self.calls[index], repeats=Repeats.FOREVER)

    def _written_since(self, mark: Mark) -> Iterator[tuple[range, range]]:
        """The indices of effects and of calls that were written down since a mark, and of those that repeated
        calls stand for: each stretch once, however often it was repeated."""
        here = self.mark()
        pending = [Stretch(mark, here, tuple(self.replays[mark.replays :]))]
        seen: set[int] = set()
        while pending:
            one = pending.pop()
            if id(one) in seen:
                continue
            seen.add(id(one))
            effects = range(one.since.effects, min(one.until.effects, here.effects))
            calls = range(one.since.calls, min(one.until.calls, here.calls))
            self._budget.spend(1 + len(one.repeated) + (len(effects) + len(calls)) // 2)
            yield effects, calls
            pending += one.repeated

    def doubt(self, reason: str, text: Text, start: int, end: int) -> None:
        """Write down what could not be understood."""
        if not self.trials:
            self.doubts.append(Doubt(reason, text=text, start=start, end=end))

    def give_up(self, text: Text, start: int, end: int) -> None:
        """Follow nothing from here on; said once."""
        if not self._gave_up:
            self.doubt("too much to follow", text, start, end)
            self._gave_up = not self.trials

    def record(
        self,
        action: Action,
        path: Pattern,
        state: State,
        at: Where,
        *,
        to: Pattern | None = None,
        certain: bool = True,
        made_by: Maker,
        program: str = "",
        follow: str = "",
        size: str = "",
        only_if_needed: bool = False,
        mode: str = "",
        new_owner: str = "",
        recursive: bool = False,
    ) -> int:
        """Write down an effect; its index, so that how long it is held can be settled later."""
        if len(self.effects) >= MAX_EFFECTS:
            self.give_up(*at)
            return len(self.effects) - 1
        self._budget.spend(EFFECT)
        if not self.trials:
            # What does not begin with a slash is nowhere, and is compared with nothing.
            vague = path.literal is None and path.prefix.startswith("/")
            self._pod.compare(VAGUE + path.size // PER_PIECE if vague else KNOWN)
        self._order += 1
        self.written.forget(action, path, to)
        globbed = any(isinstance(p, Hole) and isinstance(p.origin, Glob) for p in path.pieces)
        text, start, end = at
        effect = Effect(
            action=action,
            path=path,
            to=to,
            certain=certain and state.certain and not globbed,
            repeats=state.repeats,
            hold=Hold.BRIEF,
            made_by=made_by,
            program=program,
            follow=follow,
            size=size,
            only_if_needed=only_if_needed,
            order=self._order,
            mode=mode,
            new_owner=new_owner,
            recursive=recursive,
            umask=state.umask,
            as_another=state.as_another,
            text=text,
            start=start,
            end=end,
        )
        self.effects.append(effect)
        return len(self.effects) - 1

    def record_call(self, name: str, fields: Fields, state: State, at: Where, *, known: bool) -> None:
        """Write down that a command is called."""
        self._order += 1
        self._budget.spend(CALL)
        if not self.trials:
            self._pod.compare(1)
        sink = state.sinks.get(1, Sink(Output.UNKNOWN))
        text, start, end = at
        call = Call(
            name=name,
            fields=fields,
            certain=state.certain,
            repeats=state.repeats,
            output=sink.output,
            into=sink.path if sink.output is Output.FILE else sink.downstream or None,
            known=known,
            heredoc=state.sinks[0].heredoc,
            order=self._order,
            text=text,
            start=start,
            end=end,
            command=self._knowledge.command(name),
            aborts=state.errexit and not state.checked,
            job=state.job,
        )
        self.calls.append(call)
        if state.first is not None and name in ("trap", "wait") and not self.trials:
            state.first.calls.append(call)

    def next_job(self) -> int:
        """The number of a job that is now started in the background."""
        self._started += 1
        return self._started

    def record_job(self, number: int, lasts: Duration, state: State, at: Where) -> None:
        """Write down a job that was started in the background."""
        if not self.trials:
            self._pod.compare(1)
            text, start, end = at
            job = Job(
                number=number,
                lasts=lasts,
                certain=state.certain,
                repeats=state.repeats,
                text=text,
                start=start,
                end=end,
            )
            self.jobs.append(job)

    def start_reading(self, text: Text, state: State, by: str) -> None:
        """Write down that a shell reads a script; `by` is the name of the shell, "" for a sourced file."""
        key = (id(text), state.dialect)
        if not self.trials and key not in self.read:
            self.read[key] = ReadScript(
                text=text, start=0, end=len(text), dialect=state.dialect, by=by, certain=state.certain
            )

    def follow(self, command: Command, text: Text, state: State) -> None:
        """Write down that a command of a script is run; if again, it is as certain as it ever was."""
        key = (id(text), id(command), state.dialect)
        known = self.ran.get(key)
        if self.trials or (known is not None and (known.certain or not state.certain)):
            return
        self.ran[key] = RunCommand(
            text=text,
            start=command.start,
            end=command.end,
            command=command,
            dialect=state.dialect,
            certain=state.certain,
            ends=state.errexit and not state.checked,
        )

    def become(self, pid1: Pid1) -> None:
        """Write down that process 1 may turn into this."""
        if not self.trials and pid1 not in self.becomes and len(self.becomes) < MAX_BECOMES:
            self.becomes.append(pid1)

    def settle(self, opened: tuple[int, ...], duration: Duration, repeats: Repeats) -> None:
        """Say how long the descriptors of some effects are kept, now that it is known how long their
        command runs. `repeats`: how often that is."""
        effects = self.effects
        for index in opened:
            if index >= len(effects):
                continue
            if duration is Duration.ENDLESS:
                hold = Hold.HELD
            elif repeats is not Repeats.ONCE:
                hold = Hold.REOPENED
            else:
                hold = Hold.UNKNOWN if duration is Duration.UNKNOWN else Hold.BRIEF
            if effects[index].hold is not Hold.HELD:
                effects[index] = replace(effects[index], hold=hold)

    def unsettle(self, opened: tuple[int, ...]) -> None:
        """What was opened may not have been opened after all."""
        for index in opened:
            self.effects[index] = replace(self.effects[index], certain=False)

    def keep(self, opened: tuple[int, ...]) -> None:
        """`exec >> f`: the shell itself keeps the descriptor; how long is settled when its script is at its
        end."""
        for index in opened:
            effect = self.effects[index]
            if isinstance(effect.made_by, Redirection):
                self.effects[index] = replace(effect, made_by=replace(effect.made_by, held_by_shell=True))

    def settle_held(self, first: int, duration: Duration) -> None:
        """Settle what `exec` has opened since the effect `first`."""
        effects = self.effects
        for index in range(first, len(effects)):
            if effects[index].is_held_by_shell and effects[index].hold is Hold.BRIEF:
                hold = {Duration.ENDLESS: Hold.HELD, Duration.UNKNOWN: Hold.UNKNOWN}.get(duration, Hold.BRIEF)
                effects[index] = replace(effects[index], hold=hold)
