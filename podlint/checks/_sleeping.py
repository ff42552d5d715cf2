"""How long a process sleeps."""

from __future__ import annotations

from podlint.regex import late
from podlint.vocabulary import Call, Process

LONG = 600
"""Seconds after which the kubelet's back-off begins anew: who sleeps as long is kept alive on purpose."""
SECONDS_IN = {"": 1, "s": 1, "m": 60, "h": 3600, "d": 86400}
"""The units of `sleep`."""
_TIME = late(r"([0-9]{1,12})(?:\.[0-9]*)?([smhd]?)")


def sleeping_time(main: Process) -> int:
    """How many seconds all its calls of `sleep` take, each run once; long where that is not known."""
    times = (seconds_of(call) for call in main.calls if call.name == "sleep")
    return sum(LONG if seconds is None else seconds for seconds in times)


def seconds_of(call: Call) -> int | None:
    """How long a `sleep` takes; None where that is not known."""
    seconds = 0
    for field in call.fields[1:]:
        found = _TIME.fullmatch(field.value.literal or "")
        if found is None:
            return None
        seconds += int(found[1]) * SECONDS_IN[found[2]]
    return seconds
