"""Signals that cannot leave their container, which sees no processes but its own."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from podlint.shell.contacts import Recipient, Signal
from podlint.shell.effects import Call
from podlint.source.span import Span
from podlint.storage.places import Kind, place_of
from podlint.storage.view import ContainerView, PodView

_STARTS_NOTHING = frozenset(
    {"inotifywait", "inotifywatch", "logrotate", "openssl", "jq", "yq", "git", "aws", "apk", "apt-get"}
)
"""Programs whose work is over, or goes on, without any other program being started."""
_ASKING = frozenset({"-s", "-t", "-T", "-v", "-V", "-k"})
"""Options with which a server does not serve: it signals another, tests its files, tells its version."""


class Missed(Struct, frozen=True):
    """A signal that reaches nobody. `sibling` is the container that runs what it is for, seen at `seen`; None
    where none is known. `sure`: nothing in the sender's own container can be meant."""

    signal: Signal
    sibling: ContainerView | None
    seen: Span | None
    sure: bool


def missed_by(container: ContainerView, pod: PodView) -> Iterator[Missed]:
    """The signals of a container that are for a process of another one, each target once."""
    if pod.spec.share_process_namespace or pod.spec.host_pid:
        return
    told: set[str] = set()
    for signal in (signal for process in container.processes for signal in process.signals):
        target = str(signal.target)
        if signal.signal == "0" or target in told:
            continue
        missed = None
        if signal.recipient is Recipient.NAME:
            missed = _by_name(signal, container, pod)
        elif signal.recipient is Recipient.FILE:
            missed = _by_file(signal, container, pod)
        if missed is not None:
            told.add(target)
            yield missed


def _by_name(signal: Signal, container: ContainerView, pod: PodView) -> Missed | None:
    name = (signal.target.literal or "").rpartition("/")[2]
    if not name or _may_mean(name, signal, container):
        return None
    sure = all(_starts_nothing(call) for call in container.calls) and not any(
        p.doubts for p in container.processes
    )
    for other in pod.others(container):
        seen = _runs(other, name)
        if seen is not None:
            return Missed(signal, other, seen, sure)
    return Missed(signal, None, None, sure) if sure else None


def _may_mean(name: str, signal: Signal, container: ContainerView) -> bool:
    """Whether a name may be that of a process of the sender's own container; `pkill` takes a part of one, and
    with `-f` of its whole command line."""
    if any(process.opaque for process in container.processes) or _runs(container, name) is not None:
        return True
    by_line = _takes_command_lines(signal, container)
    for call in container.calls:
        words = " ".join(str(field.value) for field in call.fields)
        if not _is_itself(call, signal) and not _asks(call) and name in (words if by_line else call.name):
            return True
    return False


def _is_itself(call: Call, signal: Signal) -> bool:
    """Whether a call is the one that sends a signal."""
    return call.text is signal.text and call.start <= signal.start < call.end


def _takes_command_lines(signal: Signal, container: ContainerView) -> bool:
    """Whether the sender is `pkill -f`, which looks at whole command lines: then the shell's own, too."""
    own = [call for call in container.calls if call.name == "pkill" and _is_itself(call, signal)]
    return signal.by == "pkill" and any(
        field.value.prefix[:1] == "-" and field.value.prefix.endswith("f")
        for call in own
        for field in call.fields
    )


def _starts_nothing(call: Call) -> bool:
    return call.known or call.name in _STARTS_NOTHING or _asks(call)


def _asks(call: Call) -> bool:
    """Whether a server's program is only called to signal its running copy, or to test its files."""
    return any(field.value.literal in _ASKING for field in call.fields[1:])


def _runs(container: ContainerView, name: str) -> Span | None:
    """Where a container is seen to run a program of that name: its command, or its image."""
    for process in container.processes:
        for call in process.calls:
            if call.name == name and not _asks(call):
                return call.span
    if container.spec.command is not None:
        return None
    image = container.image
    base = container.spec.image.partition("@")[0].rpartition("/")[2].partition(":")[0]
    program = image.program if image is not None else base
    return container.spec.span if name in (program, base, container.name) else None


def _by_file(signal: Signal, container: ContainerView, pod: PodView) -> Missed | None:
    place = place_of(signal.target, container.spec, pod.spec)
    if place.kind is not Kind.VOLUME or any(process.opaque for process in container.processes):
        return None
    if any(p.action.writes and p.place.may_be(place) for p in container.effects):
        return None
    sure = all(_starts_nothing(call) for call in container.calls) and not any(
        p.doubts for p in container.processes
    )
    for other in pod.others(container):
        for write in other.effects:
            if write.action.writes and write.place.may_be(place):
                return Missed(signal, other, write.span, sure)
        if other.mounts_of(place) and not other.understood:
            return Missed(signal, other, other.spec.span, False)
    return None
