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

_SERVING = frozenset(
    {"app", "database", "cache", "queue", "proxy", "ambassador", "adapter", "log-shipper", "secrets-agent"}
)
"""Roles of images whose own program runs until somebody ends it."""
_OWN = frozenset({Recipient.SELF, Recipient.GROUP, Recipient.ALL, Recipient.UNKNOWN})
"""Whom a script may mean by itself, or that is itself too."""
_ONE_TIME = (
    *("--one-time", "--once", "--version", "--help", "-version", "-help", "--dry-run", "--validate"),
    *("--check", "-t"),
)
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
    return serving(container)


def serving(container: ContainerView) -> NeverEnding | None:
    """The program that the image is made for, where the container runs it and it serves until somebody ends
    it."""
    image = container.image
    if image is None or not image.official or not image.program:
        return None
    run = _run_of_program(image, container)
    if run is None or not _serves(image, run.words, container):
        return None
    return NeverEnding(run.span, f'"{image.program}"', image.is_certain("program") and run.certain)


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


class _Run(Struct, frozen=True):
    """How a container runs the program of its image: with which arguments ("" for one that is not known)."""

    words: tuple[str, ...]
    span: Span
    certain: bool


def _run_of_program(image: Image, container: ContainerView) -> _Run | None:
    """How the program that the image is made for becomes process 1; None where another one does."""
    spec, main = container.spec, container.main
    if spec.command is None:
        words = image.own_arguments([argument.text.value for argument in spec.argv])
        return None if words is None else _Run(tuple(words), spec.span, certain=True)
    calls = [call for call in main.calls if call.name == image.program]
    if main.duration is not Duration.UNKNOWN or not calls or len(main.pid1) != 1:
        return None
    (first,) = main.pid1
    if first.is_shell is not False or first.program != image.program:
        return None
    words = tuple(field.value.literal or "" for field in calls[-1].fields[1:])
    return _Run(words, calls[-1].span, certain=first.certain)


def _serves(image: Image, words: tuple[str, ...], container: ContainerView) -> bool:
    if image.ends or image.role not in _SERVING:
        return False
    told = container.spec.argv and image.foreground
    if told and not any(image.foreground in word for word in words):
        return False
    command = container.knowledge.command(image.program)
    if command.is_called_with((*_ONE_TIME, *_ONE_TIME_WORDS, *command.ends_with), words):
        return False
    if _is_told_to_end(image, words, container):
        return False
    if command.is_called_with(command.serves_with, words):
        return True
    return not words or _SUB_COMMAND.fullmatch(words[0]) is None


def _is_told_to_end(image: Image, words: tuple[str, ...], container: ContainerView) -> bool:
    """Whether its arguments or a file that is mounted tell the program to end when its work is done."""
    if not image.ending:
        return False
    if any(word.partition("=")[0] in image.ending for word in words):
        return True
    texts = (container.files.read(path) for path in container.files.paths)
    lines = (line for text in texts if text is not None for line in text.value.splitlines())
    return any(word in line and "false" not in line for line in lines for word in image.ending)
