"""What a process has to do with others: where it listens and connects, what it signals and heeds."""

from __future__ import annotations

from enum import Enum

from msgspec import Struct

from podlint.shell.effects import Repeats
from podlint.shell.patterns import EMPTY, Pattern
from podlint.source.extract import Extract
from podlint.source.text import Text


class Direction(Enum):
    """Which side of a connection a process is on."""

    LISTEN = "listen"
    CONNECT = "connect"


class Endpoint(Extract, frozen=True):
    """A socket address that a process listens on or connects to.

    `protocol` is `tcp`, `udp` or `unix`; `address` a host name or IP address as written, empty for a listener
    on every address of the pod, and the path of a `unix` socket. `port` is None where it is not known, and
    for `unix`. `by` is the command; `certain` and `repeats` are as in `Effect`.
    """

    direction: Direction
    protocol: str
    address: Pattern
    port: int | None
    certain: bool
    repeats: Repeats
    by: str

    @property
    def loopback(self) -> bool:
        """Whether only the pod itself can be meant."""
        whole = self.address.literal
        return whole is not None and (whole in ("localhost", "::1") or whole.startswith("127."))


class Recipient(Enum):
    """Whom a signal is for."""

    PID = "pid"
    """A number, in `target`."""
    FILE = "file"
    """The process whose number stands in the file `target`."""
    NAME = "name"
    """Every process of a program (`pkill`, `pidof`); `target` is its name or a pattern of it."""
    CHILD = "child"
    """A process that the script has started (`$!`, `%1`)."""
    SELF = "self"
    PARENT = "parent"
    GROUP = "group"
    ALL = "all"
    UNKNOWN = "unknown"


class Signal(Extract, frozen=True):
    """A signal that a process sends. `signal` is its name without SIG, "0" for a mere question whether the
    process is there, and "" where not known."""

    signal: str
    recipient: Recipient
    target: Pattern
    certain: bool
    repeats: Repeats
    by: str


class Trap(Extract, frozen=True):
    """A `trap` of the shell that is the main process. `action` is its script, "" where it ignores the signal
    and "-" where it goes back to the default."""

    signal: str
    action: str
    certain: bool


class Pid1(Struct, frozen=True):
    """What process 1 of a container may be, once it has come to what it does for long, and which signals it
    handles.

    `program` is its base name, "" where not known. `is_shell`: whether it is a shell that stays in front of
    other commands; None where that depends on which shell the image has. `dialect` is `dash`, `ash` or
    `bash`, "" where not known. `child` is the command that such a shell would stay in front of last, "" for
    a compound one. `init` is the init program around it (`tini`, `dumb-init`), which passes signals on.
    """

    program: str = ""
    is_shell: bool | None = False
    dialect: str = ""
    child: str = ""
    init: str = ""
    waits: bool = False
    """Whether it calls `wait`, so that a trap runs at once and not when a command in front ends."""
    traps: tuple[Trap, ...] = ()
    script: Text | None = None
    """The script that brought it there, where a shell runs one."""
    certain: bool = True
    """Whether it gets there whenever each command before does its work."""

    def trapped(self, signal: str) -> Trap | None:
        """The last trap of a signal."""
        return next((trap for trap in reversed(self.traps) if trap.signal == signal), None)


NOBODY = EMPTY
"""The target of a signal whose recipient says it all."""
