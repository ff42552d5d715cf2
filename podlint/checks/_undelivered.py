"""Signals that reach nobody: a container sees only its own processes, and may not signal another user's."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from itertools import islice

from msgspec import Struct

from podlint.checks._users import is_root
from podlint.vocabulary import Call, ContainerView, Kind, PodView, Recipient, Signal, Span

_ASKING = frozenset({"-s", "-t", "-T", "-v", "-V", "-k"})
"""Options with which a server does not serve: it signals another, tests its files, tells its version."""
_MOST = 100
"""Signals of one container that are looked at: each is compared with all that the container calls."""


class UndeliveredSignal(Struct, frozen=True):
    """A signal that reaches nobody. `receiver` is the container that runs what it is for, seen at `seen`;
    None where none is known. `certain`: nothing in the sender's own container can be meant."""

    sender: ContainerView
    signal: Signal
    certain: bool
    receiver: ContainerView | None = None
    seen: Span | None = None

    @property
    def cause(self) -> Hashable:
        """Its target: signals of one container to one target are one mistake."""
        return (self.sender, str(self.signal.target))


def undelivered_signals(sender: ContainerView, pod: PodView) -> Iterator[UndeliveredSignal]:
    """The signals of a container that are for a process of another one."""
    if pod.shares_processes:
        return
    ways = {Recipient.NAME: _by_name, Recipient.FILE: _by_file}
    signals = (signal for signal in sender.signals if signal.signal != "0" and signal.recipient in ways)
    for signal in islice(signals, _MOST):
        found = ways[signal.recipient](signal, sender, pod)
        if found is not None:
            yield found


def refused_signals(sender: ContainerView, pod: PodView) -> Iterator[UndeliveredSignal]:
    """The signals of a container that the kernel refuses, as the process is that of another user (kill(2)).

    Neither user may be root by name only: a server that root starts often goes on as another user.
    """
    user = sender.spec.run_as_user
    if not pod.spec.share_process_namespace or not user:
        return
    by_name = (one for one in sender.signals if one.recipient is Recipient.NAME and one.signal != "0")
    for signal in islice(by_name, _MOST):
        name = (signal.target.literal or "").rpartition("/")[2]
        if not name or _may_mean(name, signal, sender):
            continue
        found = [(other, seen) for other in pod.others(sender) if (seen := _runs(other, name)) is not None]
        if found and all(_runs_as_another(other, user, name) for other, _ in found):
            yield UndeliveredSignal(sender, signal, True, *found[0])


def _runs_as_another(container: ContainerView, user: int, program: str) -> bool:
    """Whether a program of a container certainly does not run as a user."""
    given = container.spec.run_as_user
    if given:
        return given != user
    return is_root(container) and container.knowledge.command(program).has("keeps-user")


def _by_name(signal: Signal, sender: ContainerView, pod: PodView) -> UndeliveredSignal | None:
    name = (signal.target.literal or "").rpartition("/")[2]
    if not name or _may_mean(name, signal, sender):
        return None
    certain = _starts_nothing_else(sender)
    for other in pod.others(sender):
        seen = _runs(other, name)
        if seen is not None:
            return UndeliveredSignal(sender, signal, certain, other, seen)
    return UndeliveredSignal(sender, signal, certain) if certain else None


def _may_mean(name: str, signal: Signal, sender: ContainerView) -> bool:
    """Whether a name may be that of a process of the sender's own container; `pkill` takes a part of one, and
    with `-f` of its whole command line."""
    if any(process.opaque for process in sender.processes) or _runs(sender, name) is not None:
        return True
    by_line = _takes_command_lines(signal, sender)
    for call in sender.calls:
        words = " ".join(str(field.value) for field in call.fields) if by_line else call.name
        if name in words and not call.holds(signal) and not _asks(call):
            return True
    return False


def _takes_command_lines(signal: Signal, sender: ContainerView) -> bool:
    """Whether it is sent by `pkill -f`, which looks at whole command lines: then the shell's own, too."""
    return signal.by == "pkill" and any(
        field.value.prefix[:1] == "-" and field.value.prefix.endswith("f")
        for call in sender.calls
        if call.name == "pkill" and call.holds(signal)
        for field in call.fields
    )


def _starts_nothing_else(sender: ContainerView) -> bool:
    """Whether no program runs in a container but those that are seen to be called."""
    return not any(process.doubts for process in sender.processes) and all(
        call.known or call.command.has("starts-nothing") or _asks(call) for call in sender.calls
    )


def _asks(call: Call) -> bool:
    """Whether a server's program is only called to signal its running copy, or to test its files."""
    return any(field.value.literal in _ASKING for field in call.fields[1:])


def _runs(container: ContainerView, name: str) -> Span | None:
    """Where a container is seen to run a program of that name: its command, or its image."""
    for call in container.calls:
        if call.name == name and not _asks(call):
            return call.span
    if container.spec.command is not None:
        return None
    image = container.image
    base = container.spec.image.partition("@")[0].rpartition("/")[2].partition(":")[0]
    program = image.program if image is not None else base
    return container.span if name in (program, base, container.name) else None


def _by_file(signal: Signal, sender: ContainerView, pod: PodView) -> UndeliveredSignal | None:
    place = sender.place_of(signal.target)
    if place.kind is not Kind.VOLUME or any(process.opaque for process in sender.processes):
        return None
    if sender.effects.writing().meeting(place):
        return None
    certain = _starts_nothing_else(sender)
    for other in pod.others(sender):
        writes = other.effects.writing().meeting(place)
        if writes:
            return UndeliveredSignal(sender, signal, certain, other, writes[0].span)
        if other.mounts_of(place) and not other.understood:
            return UndeliveredSignal(sender, signal, False, other, other.span)
    return None
