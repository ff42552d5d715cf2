"""When processes end, and how often and how surely their commands are run on the way."""

from __future__ import annotations

import pytest

from podlint.shell.effects import Call, Effect, Repeats
from podlint.shell.process import Process
from tests.shell.running import process_of_script

_OFTEN = {Repeats.ONCE: "", Repeats.SOME: " in a loop", Repeats.FOREVER: " for ever"}
_CONTROL = frozenset(
    {"sh", "true", "false", "[", "trap", "set", "exit", "return", "break", "continue", "exec", "eval"}
)


def _circumstances(one: Call | Effect) -> str:
    return _OFTEN[one.repeats] + ("" if one.certain else " maybe")


def told(process: Process) -> str:
    """How a process ends, and what it calls, but for what only decides where it goes."""
    calls = [call.name + _circumstances(call) for call in process.calls if call.name not in _CONTROL]
    return ", ".join((process.duration.name.lower(), *calls))


LOOPS = {
    # Nothing leads out.
    "while true; do date; done; sync": "endless, date for ever",
    "until false; do date; done; sync": "endless, date for ever",
    "trap 'exit 0' TERM; while true; do date; done": "endless, date for ever",
    # `exit` where a condition says so.
    "while true; do [ -f /x ] && exit; date; done; sync": "unknown, date for ever maybe",
    "while true; do [ -f /x ] || exit; date; done; sync": "unknown, date for ever maybe",
    "while true; do date; if [ -f /x ]; then exit 0; fi; done; sync": "unknown, date for ever",
    "while true; do date; if [ -f /x ]; then exit 1; fi; done; sync": "unknown, date for ever",
    "while true; do date; case $x in a) exit ;; esac; done; sync": "unknown, date for ever",
    "until [ -f /x ]; do date; [ -f /y ] && exit; done; sync": "brief, date in a loop maybe, sync maybe",
    "while true; do while true; do date; [ -f /x ] && exit; done; done": "unknown, date for ever",
    # … and where something fails.
    "while true; do df || exit 1; done; sync": "unknown, df for ever",
    # A first turn that always ends the shell.
    "while true; do date; exit; done; sync": "brief, date in a loop",
    # `break` leaves the loop only.
    "while true; do date; [ -f /x ] && break; done; sync": "unknown, date in a loop, sync",
    "while true; do while true; do date; [ -f /x ] && break; done; done; sync": "endless, date for ever",
    "while true; do while true; do date; [ -f /x ] && break 2; done; done; sync": (
        "unknown, date in a loop, sync"
    ),
    # `exec`, unless what comes then never ends either.
    "while true; do date; [ -f /x ] && exec df; done; sync": "unknown, date for ever, df for ever maybe",
    "while true; do date; [ -f /x ] && exec sleep inf; done": "endless, date for ever, sleep for ever maybe",
}

SHELLS = {
    # Each has an end of its own; the loop around it goes on.
    "while true; do ( [ -f /x ] && exit ); date; done": "endless, date for ever",
    "while true; do ( date; exit ); done": "endless, date for ever",
    "while true; do date | exit; done": "endless, date for ever",
    "while true; do x=$(date; exit); done": "endless, date for ever",
    "while true; do { date; exit; } & wait; done": "endless, date for ever, wait for ever",
    "while true; do sh -c 'date; exit'; done": "endless, date for ever",
    # What comes after them is reached.
    "( while true; do date; [ -f /x ] && exit; done ); sync": "unknown, date for ever, sync",
    "sh -c 'while true; do date; [ -f /x ] && exit; done'; sync": "unknown, date for ever, sync",
    "while true; do date; [ -f /x ] && exit; done & wait; sync": "unknown, date for ever, wait, sync",
    "while true; do date; [ -f /x ] && exit; done | cat; sync": "unknown, date for ever, cat, sync",
    "x=$(while true; do date; [ -f /x ] && exit; done); sync": "unknown, date for ever, sync",
    "timeout 9 sh -c 'while true; do date; done'; sync": "brief, timeout, date for ever, sync",
    # `eval` and `.` have none.
    "eval 'while true; do date; [ -f /x ] && exit; done'; sync": "unknown, date for ever",
    # What reads from a pipe without an end may leave off …
    "tail -F /l | grep -q x; sync": "unknown, tail, grep, sync",
    "tail -F /l | grep -om1 x > /f; sync": "unknown, tail, grep, sync",
    "tail -F /l | grep x | head -n 1; sync": "unknown, tail, grep, head, sync",
    "tail -F /l | sed '/x/q'; sync": "unknown, tail, sed, sync",
    "tail -F /l | sed -n '/x/{p;q}'; sync": "unknown, tail, sed, sync",
    "tail -F /l | awk '/x/ { print; exit }'; sync": "unknown, tail, awk, sync",
    "yes | rm -i /f; sync": "unknown, yes, rm, sync",
    # … or not.
    "tail -F /l | grep x; sync": "endless, tail, grep",
    "tail -F /l | grep -i qm | sed s/a/q/ | awk '{ print }'; sync": "endless, tail, grep, sed, awk",
    "head -n 1 /l | tail -F /l; sync": "endless, head, tail",
    "tail -F /l | head -n 1 | tail -F /m; sync": "endless, tail, head, tail",
    "yes | while read l; do date; done; sync": "endless, yes, read for ever, date for ever maybe",
    "yes | while read l; do date; [ $l ] && exit; done; sync": (
        "unknown, yes, read for ever, date for ever maybe, sync"
    ),
    "yes | while read l; do date; [ $l ] && break; done; sync": (
        "unknown, yes, read in a loop, date in a loop maybe, sync"
    ),
    "yes | while read l; do date; exit; done; sync": (
        "unknown, yes, read in a loop, date in a loop maybe, sync"
    ),
}

FUNCTIONS = {
    # `return` leaves the function, and every loop in it.
    "f() { while true; do date; [ -f /x ] && return; done; df; }; f; sync": ("unknown, date in a loop, sync"),
    "f() { for i in 1 2; do while true; do date; [ -f /x ] && return; done; done; df; }; f; sync": (
        "unknown, date in a loop, sync"
    ),
    "f() { [ -f /x ] && return; while true; do date; done; }; f; sync": (
        "unknown, date for ever maybe, sync maybe"
    ),
    # … but no loop around the call.
    "f() { date; [ -f /x ] && return; df; }; while true; do f; done; sync": (
        "endless, date for ever, df for ever maybe"
    ),
    "f() { ( [ -f /x ] && return ); date; }; while true; do f; done": "endless, date for ever",
    # `exit` leaves it as well, each time it is called.
    "f() { date; [ -f /x ] && exit; }; while true; do f; done; sync": "unknown, date for ever",
    "f() { date; [ -f /x ] && exit; }; while true; do f; f; done; sync": (
        "unknown, date for ever, date for ever maybe"
    ),
    "f() { [ -f /x ] && exit; }; f; while true; do f; date; done": "unknown, date for ever maybe",
    "f() { [ -f /x ] && exit; }; (f); while true; do (f); date; done": "endless, date for ever",
}

BEFORE = {
    # A way out before the loop leaves open whether it is ever reached …
    "[ -f /x ] && exit; while true; do date; done": "unknown, date for ever maybe",
    "if [ -f /x ]; then exit 0; fi; while true; do date; done": "unknown, date for ever maybe",
    "[ -f /x ] && exec df; while true; do date; done": "unknown, df maybe, date for ever maybe",
    "[ -f /x ] && break; while true; do date; done": "endless, date for ever maybe",
    # … unless it is there for failures, also in a loop that has another end.
    "mkdir /x || exit; while true; do date; done": "endless, mkdir, date for ever",
    "mkdir /x || exit 0; while true; do date; done": "unknown, mkdir, date for ever",
    "[ -f /x ] || exit 1; while true; do date; done": "endless, date for ever",
    "for i in 1 2; do mkdir /x || exit 1; done; while true; do date; done": (
        "endless, mkdir in a loop, mkdir in a loop, date for ever"
    ),
    "set -e; mkdir /x; while true; do date; done": "endless, mkdir, date for ever",
    "set -e; while true; do date; false; done; sync": "brief, date in a loop",
}


@pytest.mark.parametrize(
    ("script", "expected"),
    [*LOOPS.items(), *SHELLS.items(), *FUNCTIONS.items(), *BEFORE.items()],
    ids=[*LOOPS, *SHELLS, *FUNCTIONS, *BEFORE],
)
def test_ways_out(script: str, expected: str) -> None:
    assert told(process_of_script(script)) == expected


HELD = {
    "while true; do date; done > /f": "replace /f held",
    "while true; do date; [ -f /x ] && exit; done > /f": "replace /f held",
    "exec > /f; while true; do date; [ -f /x ] && exit; done": "replace /f held",
    "[ -f /x ] && exit; exec > /f; while true; do date; done": "replace /f held maybe",
    "while true; do date > /f; [ -f /x ] && exit; done": "replace /f reopened for ever",
    "while true; do date; [ -f /x ] && break; done > /f": "replace /f unknown",
    "f() { while true; do date; [ -f /x ] && return; done > /f; }; f": "replace /f unknown",
    "( while true; do date; [ -f /x ] && exit; done ) > /f": "replace /f unknown",
}


@pytest.mark.parametrize(("script", "expected"), HELD.items(), ids=HELD)
def test_a_descriptor_is_held_until_the_process_ends(script: str, expected: str) -> None:
    effects = process_of_script(script).effects
    seen = [f"{one.action.value} {one.path} {one.hold.value}{_circumstances(one)}" for one in effects]
    assert seen == [expected]


PIPEFAIL = {
    "debian:12": "date maybe",
    "debian:13": "date",
    "debian:trixie-slim": "date",
    "ubuntu:24.04": "date maybe",
    "ubuntu:25.04": "date",
    "debian:latest": "date maybe",
    "alpine:3.20": "date",
}


@pytest.mark.parametrize(("image", "expected"), PIPEFAIL.items(), ids=PIPEFAIL)
def test_pipefail_may_end_a_dash_that_is_not_new(image: str, expected: str) -> None:
    assert told(process_of_script("set -euo pipefail; date", image)) == f"brief, {expected}"
