"""How a command ends: whether what follows may run, how long it lasts, which ways lead out of its shell."""

from __future__ import annotations

from enum import IntEnum

from msgspec import Struct
from msgspec.structs import replace

from podlint.shell.effects import Duration


class Way(IntEnum):
    """Whether some way through a command leaves the shell (`exit`, `exec`) or the function (`return`)."""

    NONE = 0
    FAILED = 1
    """Only where something has failed: `cmd || exit`, `exit 1`. As planned, nobody goes it."""
    FREE = 2


class Flow(Struct, frozen=True):
    """How a command ends. `falls`: what follows it may run; `breaks`: how many loops it may leave.

    `status`: its exit status where known; `condition`: people run it to ask something; `open`: effects
    whose descriptor lives as long as the command does. `leaves`: where it does not fall, control goes on
    elsewhere in the same shell (`return`, `break`). `excused`: `set -e` does not look at its status.
    `replaced`: as planned it ends with another program in the place of the shell (`exec`).
    `exits` and `returns` are the ways out of the shell and of the function, whatever else the command may
    do: of an endless loop that may `exit` the duration is still ENDLESS, as nothing in its shell comes
    after it.
    """

    falls: bool = True
    breaks: int = 0
    duration: Duration = Duration.BRIEF
    status: bool | None = None
    condition: bool = False
    open: tuple[int, ...] = ()
    continues: bool = False
    leaves: bool = False
    excused: bool = False
    replaced: bool = False
    exits: Way = Way.NONE
    returns: Way = Way.NONE

    @property
    def lifetime(self) -> Duration:
        """How long its shell lives, seen from outside."""
        return self._bounded(max(self.exits, self.returns))

    def after(self, *earlier: Flow) -> Flow:
        """This flow, with the ways out of what ran before it too."""
        exits = max(flow.exits for flow in (self, *earlier))
        returns = max(flow.returns for flow in (self, *earlier))
        return replace(self, exits=exits, returns=returns)

    def failing(self) -> Flow:
        """This flow, run because something has failed."""
        return replace(self, exits=min(self.exits, Way.FAILED), returns=min(self.returns, Way.FAILED))

    def leaving(self) -> Flow:
        """This flow of an endless loop, which may end by whatever way leads out of it."""
        exits, returns = (Way.FREE if way else Way.NONE for way in (self.exits, self.returns))
        return replace(self, exits=exits, returns=returns)

    def outside(self) -> Flow:
        """What the end of a subshell is to the shell around it."""
        duration = self.lifetime
        falls = self.falls or duration is not Duration.ENDLESS
        return replace(
            self,
            falls=falls,
            breaks=0,
            duration=duration,
            continues=False,
            leaves=False,
            excused=False,
            replaced=False,
            exits=Way.NONE,
            returns=Way.NONE,
        )

    def returned(self) -> Flow:
        """What the end of a function, or of a sourced file, is to what called it."""
        duration = self._bounded(self.returns)
        falls = self.falls or (self.returns is not Way.NONE and duration is not Duration.ENDLESS)
        return replace(self, falls=falls, duration=duration, returns=Way.NONE)

    def _bounded(self, way: Way) -> Duration:
        endless = self.duration is Duration.ENDLESS
        return Duration.UNKNOWN if endless and way is Way.FREE else self.duration


def longest(*durations: Duration) -> Duration:
    """The longest of some durations."""
    if Duration.ENDLESS in durations:
        return Duration.ENDLESS
    return Duration.UNKNOWN if Duration.UNKNOWN in durations else Duration.BRIEF
