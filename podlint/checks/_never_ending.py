"""Main processes that never end by themselves: endless scripts, and programs that serve."""

from __future__ import annotations

from msgspec import Struct

from podlint.vocabulary import (
    Call,
    ContainerView,
    Duration,
    Image,
    Process,
    Recipient,
    Repeats,
    Span,
    late,
)

_SERVING = frozenset({"app", "database", "cache", "queue", "proxy", "ambassador", "adapter", "log-shipper"})
"""Roles of images whose own program runs until somebody ends it."""
_BESIDE = frozenset({"ambassador", "adapter", "log-shipper"})
"""Roles of images whose arguments are for that program, whatever they look like."""
_OWN = frozenset({Recipient.SELF, Recipient.GROUP, Recipient.ALL, Recipient.UNKNOWN})
"""Whom a script may mean by itself, or that is itself too."""
_ONE_TIME = ("--one-time", "--once", "--version", "--help", "--dry-run", "--validate", "--check", "-t")
"""What makes any program end, whose row may not say so; …"""
_ONE_TIME_WORDS = ("help", "shutdown", "version", "wait")
"""… and its first argument."""
_SUB_COMMAND = late(r"[a-z][a-z0-9-]*")


class NeverEnding(Struct, frozen=True):
    """A process that never ends: `span` is what keeps it running, `what` names that in a message."""

    span: Span
    what: str
    certain: bool


def never_ending(container: ContainerView) -> NeverEnding | None:
    """Why a container's main process never ends by itself; None where it ends, or nobody knows."""
    main = container.main
    if main.duration is Duration.ENDLESS:
        call = _endless_call(main)
        if call is None:
            return NeverEnding(container.spec.argv[-1].text.span(), "its script", True)
        if _may_signal_itself(call, container):
            return None
        what = f'"{call.name}"' if call.repeats is not Repeats.FOREVER else "its loop"
        return NeverEnding(call.span, what, True)
    image = container.image
    if image is not None and image.official and image.program and _serves(image, container):
        return NeverEnding(container.spec.span, f'"{image.program}"', image.is_certain("program"))
    return None


def _endless_call(main: Process) -> Call | None:
    """The call that runs on: one in an endless loop, else the last that is not merely printing."""
    repeated = [
        call for call in main.calls if call.repeats is Repeats.FOREVER and call.name not in (":", "true")
    ]
    if repeated:
        return repeated[0]
    following = [call for call in main.calls if call.command.has("keeps-running")]
    return following[-1] if following else (main.calls[-1] if main.calls else None)


def _may_signal_itself(call: Call, container: ContainerView) -> bool:
    """Whether the script of a call, but for its traps, sends a signal that may be meant to end it."""
    return any(
        signal.text.value == call.text.value
        and signal.signal != "0"
        and (
            signal.recipient in _OWN
            or (signal.recipient is Recipient.PID and signal.target.literal == "1")
            or (signal.recipient is Recipient.NAME and _is_shell(signal.target.literal, container))
        )
        for signal in container.main.signals
    )


def _is_shell(name: str | None, container: ContainerView) -> bool:
    return name is not None and container.knowledge.command(name).has("shell")


def _serves(image: Image, container: ContainerView) -> bool:
    if image.ends or image.role not in _SERVING or container.spec.command is not None:
        return False
    words = tuple(argument.text.value for argument in container.spec.argv)
    if words and words[0].rpartition("/")[2] == image.program:
        words = words[1:]
    elif words and not words[0].startswith("-") and image.role not in _BESIDE:
        return False
    command = container.knowledge.command(image.program)
    if command.is_called_with((*_ONE_TIME, *_ONE_TIME_WORDS, *command.ends_with), words):
        return False
    if command.is_called_with(command.serves_with, words):
        return True
    first = words[0] if words else ""
    return "/" not in first and _SUB_COMMAND.fullmatch(first) is None
