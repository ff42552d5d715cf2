"""How a command ends: whether what follows may run, how long it lasts, which ways lead out of its shell."""

from __future__ import annotations

from enum import IntEnum

from msgspec import Struct
from msgspec.structs import replace

from podlint.shell.effects import Duration


class Exit(IntEnum):
    """Whether some way through a command leaves the shell (`exit`, `exec`) or the function (`return`)."""

    NONE = 0
    FAILED = 1
    """Only where something has failed: `cmd || exit`, `exit 1`. As planned, nobody goes it."""
    UNCONDITIONAL = 2


class Flow(Struct, frozen=True):
    """How a command ends. `falls_through`: what follows it may run; `breaks`: how many loops it may leave.

    `status`: its exit status where known; `condition`: people run it to ask something; `open`: effects
    whose descriptor lives as long as the command does. `jumps`: where it does not fall, control goes on
    elsewhere in the same shell (`return`, `break`). `errexit_exempt`: `set -e` does not look at its status.
    `replaced`: as planned it ends with another program in the place of the shell (`exec`).
    `exits` and `returns` are the ways out of the shell and of the function, whatever else the command may
    do: of an endless loop that may `exit` the duration is still ENDLESS, as nothing in its shell comes
    after it.
    """

    falls_through: bool = True
    breaks: int = 0
    duration: Duration = Duration.BRIEF
    status: bool | None = None
    condition: bool = False
    open: tuple[int, ...] = ()
    continues: bool = False
    jumps: bool = False
    errexit_exempt: bool = False
    replaced: bool = False
    exits: Exit = Exit.NONE
    returns: Exit = Exit.NONE

    @property
    def lifetime(self) -> Duration:
        """How long its shell lives, seen from outside."""
        return self._bounded(max(self.exits, self.returns))

    @property
    def gives_up(self) -> bool:
        """Whether it leaves the shell because something is wrong: what comes after is what is meant."""
        return not self.falls_through and not self.jumps and self.exits is Exit.FAILED

    def after(self, *earlier: Flow) -> Flow:
        """This flow, with the ways out of what ran before it too."""
        exits = max(flow.exits for flow in (self, *earlier))
        returns = max(flow.returns for flow in (self, *earlier))
        return replace(self, exits=exits, returns=returns)

    def failing(self) -> Flow:
        """This flow, run because something has failed."""
        return replace(self, exits=min(self.exits, Exit.FAILED), returns=min(self.returns, Exit.FAILED))

    def leaving(self) -> Flow:
        """This flow of an endless loop, which may end by whatever way leads out of it."""
        exits, returns = (Exit.UNCONDITIONAL if way else Exit.NONE for way in (self.exits, self.returns))
        return replace(self, exits=exits, returns=returns)

    def outside(self) -> Flow:
        """What the end of a subshell is to the shell around it."""
        duration = self.lifetime
        falls_through = self.falls_through or duration is not Duration.ENDLESS
        return replace(
            self,
            falls_through=falls_through,
            breaks=0,
            duration=duration,
            continues=False,
            jumps=False,
            errexit_exempt=False,
            replaced=False,
            exits=Exit.NONE,
            returns=Exit.NONE,
        )

    def returned(self) -> Flow:
        """What the end of a function, or of a sourced file, is to what called it."""
        duration = self._bounded(self.returns)
        falls_through = self.falls_through or (
            self.returns is not Exit.NONE and duration is not Duration.ENDLESS
        )
        return replace(self, falls_through=falls_through, duration=duration, returns=Exit.NONE)

    def _bounded(self, way: Exit) -> Duration:
        endless = self.duration is Duration.ENDLESS
        return Duration.UNKNOWN if endless and way is Exit.UNCONDITIONAL else self.duration


def longest(*durations: Duration) -> Duration:
    """The longest of some durations."""
    if Duration.ENDLESS in durations:
        return Duration.ENDLESS
    return Duration.UNKNOWN if Duration.UNKNOWN in durations else Duration.BRIEF
