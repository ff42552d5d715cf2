"""What comes out of following one process: all that it does, and how it ends."""

from __future__ import annotations

from msgspec import Struct, field

from podlint.manifest.model import Exec
from podlint.shell.effects import Call, Doubt, Duration, Effect, Job
from podlint.shell.endpoints import Endpoint, Pid1, Signal
from podlint.shell.scripts import ReadScript, RunCommand
from podlint.source.text import Text


class ConfigScript(Struct, frozen=True):
    """A script that the configuration of a program holds, with the name of its directive (`postrotate`)."""

    directive: str
    text: Text


class Process(Struct, frozen=True):
    """What one command of a container does: its main process, a probe or a hook.

    `understood`: every construct was followed and every command is known; nothing happens that is not in
    `effects`. `scripts` counts the shell scripts that were read.
    """

    started_by: Exec | ConfigScript | None
    """The probe or hook, or the script of a configuration, that it is; None for the main process."""
    effects: tuple[Effect, ...] = ()
    calls: tuple[Call, ...] = ()
    doubts: tuple[Doubt, ...] = ()
    duration: Duration = Duration.UNKNOWN
    scripts: int = 0
    variables: frozenset[str] = field(default_factory=frozenset)
    """Names that the script assigns or that are in its environment."""
    opaque: bool = False
    """A program runs of which nothing is known but its name (an image's own)."""
    status: bool | None = None
    """Whether it ends with success, where known."""
    endpoints: tuple[Endpoint, ...] = ()
    """Where it listens and connects."""
    signals: tuple[Signal, ...] = ()
    """What it sends to other processes."""
    jobs: tuple[Job, ...] = ()
    """What its shells have started in the background."""
    pid1: tuple[Pid1, ...] = ()
    """What process 1 of the container may turn into; nothing for a probe or a hook."""
    read: tuple[ReadScript, ...] = ()
    """The scripts that its shells read, each once for each shell."""
    ran: tuple[RunCommand, ...] = ()
    """The commands of these that were followed, but for those that only hold others."""

    @property
    def first(self) -> Pid1 | None:
        """The shell that may stay process 1, else the first program that may take its place."""
        return next((one for one in self.pid1 if one.is_shell is not False), next(iter(self.pid1), None))

    @property
    def kind(self) -> str:
        """`main`, the name of the probe or hook (`preStop`), or that of the directive (`postrotate`)."""
        match self.started_by:
            case None:
                return "main"
            case ConfigScript(directive):
                return directive
            case command:
                return command.kind

    @property
    def understood(self) -> bool:
        """Whether nothing can happen that `effects` does not tell."""
        return not self.opaque and not self.doubts and all(call.known for call in self.calls)
