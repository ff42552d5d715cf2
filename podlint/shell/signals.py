"""Which signals a process sends, to whom, read off the commands that it calls."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from podlint.digits import is_number
from podlint.knowledge.command import Controls
from podlint.shell.effects import Call, Field
from podlint.shell.endpoints import NOBODY, Recipient, Signal
from podlint.shell.patterns import Hole, Origin, Pattern, Printed, Variable, literal

_NUMBERS = {
    "1": "HUP", "2": "INT", "3": "QUIT", "6": "ABRT", "9": "KILL", "10": "USR1", "12": "USR2", "13": "PIPE",
    "14": "ALRM", "15": "TERM", "17": "CHLD", "18": "CONT", "19": "STOP", "20": "TSTP", "28": "WINCH",
}  # fmt: skip
"""Signal numbers of Linux on the usual machines (signal(7))."""

_NAMES = frozenset({*_NUMBERS.values(), "ILL", "TRAP", "BUS", "FPE", "SEGV", "TTIN", "TTOU", "EXIT", "ERR"})

_SPECIAL = {"!": Recipient.CHILD, "$": Recipient.SELF, "PPID": Recipient.PARENT}
"""Whom the shell's own parameters mean."""


def signal_name(written: str | None) -> str:
    """A signal as people write it (`SIGHUP`, `hup`, `1`) without SIG; "" for none that is known, "0" for the
    question."""
    if written is None:
        return ""
    name = written.upper().removeprefix("SIG")
    if name in _NUMBERS:
        return _NUMBERS[name]
    return name if name in _NAMES or name == "0" else ""


def signals_of(calls: Sequence[Call]) -> tuple[Signal, ...]:
    """The signals that the calls of a process send, in order."""
    found: list[Signal] = []
    for call in calls:
        reader = _READERS.get(call.name)
        if reader is not None:
            found += reader(call)
        elif call.command.controls is not None:
            found += _to_itself(call, call.command.controls)
    return tuple(found)


def _signal(call: Call, name: str, recipient: Recipient, target: Pattern, at: Field | None = None) -> Signal:
    start, end = (call.start, call.end)
    if at is not None and at.text is call.text:
        start, end = min(start, at.start), max(start, at.end)
    return Signal(
        signal=name,
        recipient=recipient,
        target=target,
        certain=call.certain,
        repeats=call.repeats,
        by=call.name,
        text=call.text,
        start=start,
        end=end,
    )


def _kill(call: Call) -> Iterator[Signal]:
    """`kill [-s SIGNAL | -SIGNAL] TARGET…`."""
    rest = list(call.fields[1:])
    name = "TERM"
    if rest and rest[0].value.prefix.startswith("-"):
        first = rest.pop(0)
        word = first.value.literal
        if word in ("-l", "-L"):
            return
        if word in ("-s", "-n", "--signal"):
            name = signal_name(rest.pop(0).value.literal) if rest else ""
        elif word != "--":
            name = signal_name(word[1:]) if word is not None else ""
    for field in rest:
        if field.value.literal != "--":
            recipient, target = _recipient(field)
            yield _signal(call, name, recipient, target, field)


def _recipient(field: Field) -> tuple[Recipient, Pattern]:
    """Whom an operand of `kill` means."""
    whole = field.value.literal
    if whole is not None:
        if whole == "0" or re.fullmatch(r"-[0-9]{2,}|-[02-9]", whole):
            return Recipient.GROUP, NOBODY
        if whole == "-1":
            return Recipient.ALL, NOBODY
        if is_number(whole):
            return Recipient.PID, field.value
        return (Recipient.CHILD if whole.startswith("%") else Recipient.UNKNOWN), NOBODY
    if len(field.value.pieces) != 1:
        negative = field.value.prefix == "-"
        return (Recipient.GROUP if negative else Recipient.UNKNOWN), NOBODY
    (piece,) = field.value.pieces
    assert isinstance(piece, Hole)
    return _by_origin(piece.origin)


def _by_origin(origin: Origin) -> tuple[Recipient, Pattern]:
    """Whom a value means of which it is only known where it comes from."""
    match origin:
        case Variable(name):
            return _SPECIAL.get(name, Recipient.UNKNOWN), NOBODY
        case Printed(command="jobs"):
            return Recipient.CHILD, NOBODY
        case Printed(command="pidof" | "pgrep", operands=(*_, program)):
            return Recipient.NAME, program
        case Printed(files=(path,)):
            return Recipient.FILE, path
    return Recipient.UNKNOWN, NOBODY


def _by_name(call: Call) -> Iterator[Signal]:
    """`pkill` and `killall`: a signal to every process of a name."""
    name, operands, rest = "TERM", [], list(call.fields[1:])
    while rest:
        field = rest.pop(0)
        word = field.value.literal or field.value.prefix
        if word in ("-s", "--signal") and rest and (word != "-s" or call.name == "killall"):
            name = signal_name(rest.pop(0).value.literal)
        elif word.startswith("--signal="):
            name = signal_name(word.partition("=")[2])
        elif word in ("-l", "--list", "-V"):
            return
        elif word in call.command.values and rest:
            rest.pop(0)
        elif len(word) > 1 and word.startswith("-"):
            name = signal_name(word[1:]) or name
        else:
            operands.append(field)
    for field in operands:
        yield _signal(call, name, Recipient.NAME, field.value, field)


def _to_itself(call: Call, controls: Controls) -> Iterator[Signal]:
    """A program that signals its own running copy: `nginx -s reload`."""
    fields = call.fields[1:]
    if controls.option:
        at = next(
            (i for i, field in enumerate(fields) if field.value.literal == controls.option), len(fields)
        )
        fields = fields[at + 1 :]
    for field in fields:
        word = field.value.literal
        if word in controls.words:
            yield _signal(call, controls.words[word], Recipient.NAME, literal(controls.program), field)
            return
        if word is None and controls.option:
            yield _signal(call, "", Recipient.NAME, literal(controls.program), field)
            return


_READERS: dict[str, Callable[[Call], Iterator[Signal]]] = {
    "kill": _kill,
    "pkill": _by_name,
    "killall": _by_name,
}
