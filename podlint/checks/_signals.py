"""Signal commands as they are written: which signal `kill` and its kin send, and what they name."""

from __future__ import annotations

from msgspec import Struct

from podlint.shell.commands.spec import Spec, read_line
from podlint.shell.effects import Call, Field

SENDERS = frozenset({"kill", "pkill", "killall"})

_NUMBERS = {"1": "HUP", "2": "INT", "3": "QUIT", "9": "KILL", "10": "USR1", "12": "USR2", "15": "TERM"}
"""Linux' numbers of the signals that people send by number (signal(7), x86 and arm)."""
_SPECS = {
    "kill": Spec("data*", values="-s -n"),
    "killall": Spec("data*", values="-s -u"),
    "pkill": Spec("data*", values="-g -G -P -s -t -u -U --signal"),
}


class Sent(Struct, frozen=True):
    """A signal that a command sends, and its `targets`: process ids for kill, names for the others.

    `name` is without SIG: "TERM" where none is given, "" where it cannot be known, "0" for a mere question.
    """

    name: str
    targets: tuple[Field, ...]


def sent_by(call: Call) -> Sent | None:
    """What a `kill`, `pkill` or `killall` sends; None for other commands and for lists of signals."""
    spec = _SPECS.get(call.name)
    if spec is None:
        return None
    name, arguments = "TERM", call.fields[1:]
    first = arguments[0].value.literal if arguments else None
    if first is not None and (short := _signal_name(first)):
        name, arguments = short, arguments[1:]
    line = read_line(spec, arguments)
    if line.has("-l", "-L", "--list"):
        return None
    given = line.value("--signal") if call.name == "pkill" else line.value("-s", "-n")
    if given is not None:
        written = given.value.literal
        name = _signal_name("-" + written) if written is not None else ""
    return Sent(name, line.operands)


def _signal_name(option: str) -> str:
    """The signal that `-HUP`, `-SIGHUP` or `-1` stands for; "" for another option."""
    word = option[1:].upper().removeprefix("SIG") if option.startswith("-") else ""
    if word.isdigit():
        return _NUMBERS.get(word, word)
    return word if word in _NAMES and option[1:].isupper() else ""


_NAMES = frozenset({*_NUMBERS.values(), "WINCH", "STOP", "CONT", "ALRM", "ABRT", "CHLD", "TSTP", "PIPE"})
