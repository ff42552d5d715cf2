"""reread-whole-file: a loop reads a growing log from its start again on each turn."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from podlint.checks._calls import call_of
from podlint.checks._rotation import empties, is_live, takings
from podlint.digits import is_number
from podlint.shell.commands.lines import read_line
from podlint.storage.index import PlaceIndex
from podlint.vocabulary import (
    Action,
    Call,
    Effect,
    Hold,
    Note,
    Output,
    PlacedEffect,
    PodView,
    Problem,
    Repeats,
    cause_at,
    rule,
)

_QUIET = ("-q", "-c", "-l", "-L", "--quiet", "--silent", "--count", "--files-with-matches")


@rule
def check(pod: PodView) -> Iterator[Problem]:
    """Report readers of a sibling's growing file, once for each file of a container."""
    reads = [read for reader in pod.running for read in reader.effects.reading().on() if _reads_again(read)]
    if not reads:
        return
    drained = _index(
        effect for one in pod.running for effect in (*takings(one, pod), *one.effects.that(empties))
    )
    growing = _index(effect for one in pod.running for effect in one.effects.that(_grows))
    for read in reads:
        # Whoever takes away what it has read meets no line twice.
        if not any(effect.container is read.container for effect in drained.at(read.place)):
            write = next((w for w in growing.at(read.place) if w.container is not read.container), None)
            if write is not None:
                yield _problem(read, write)


def _index(effects: Iterable[PlacedEffect]) -> PlaceIndex[PlacedEffect]:
    index: PlaceIndex[PlacedEffect] = PlaceIndex()
    for effect in effects:
        index.add(effect.place, effect)
    return index


def _reads_again(read: PlacedEffect) -> bool:
    """Whether a loop without an end passes on the whole file, or its last lines, on each turn."""
    if read.repeats is not Repeats.FOREVER or read.follow or read.process.kind != "main":
        return False
    if read.is_redirection:
        # `while read line; do …; done < f`
        return not read.program
    call = call_of(read)
    return call is not None and call.command.has("copies-lines") and _passes_on(call, read)


def _passes_on(call: Call, read: PlacedEffect, derived: bool = False) -> bool:
    """Whether lines go to a place where those of the turn before are as well; `derived`: what is read was
    made of the file in the same turn."""
    if _is_quiet(call) or _counted(call) == "1" or (call.name == "grep" and read.failure_handled):
        return False
    if call.output is Output.PIPE:
        return isinstance(call.into, tuple) and _passed_on_by(call.into, call, read, derived)
    if call.output is Output.FILE:
        return any(
            effect.action is Action.APPEND and effect.path == call.into and effect.hold is Hold.REOPENED
            for effect in read.process.effects
        ) or (not derived and _shows_what_it_made(call, read))
    return call.output is Output.CONTAINER


def _shows_what_it_made(call: Call, read: PlacedEffect) -> bool:
    """Whether the file into which a command has put all lines is itself passed on in the same turn."""
    for again in read.container.effects.reading():
        if (
            again.path == call.into
            and again.order > call.order
            and again.repeats is Repeats.FOREVER
            and not again.follow
            and again.process is read.process
        ):
            shown = call_of(again)
            if shown is not None and shown.command.has("copies-lines"):
                return _passes_on(shown, again, derived=True)
    return False


def _passed_on_by(names: tuple[str, ...], call: Call, read: PlacedEffect, derived: bool) -> bool:
    """Whether what stands behind a pipe passes the lines on, each command in turn."""
    later = [other for other in read.process.calls if other.order > call.order]
    behind = [next((other for other in later if other.name == name), None) for name in names]
    if not behind or not all(other is not None and other.command.has("copies-lines") for other in behind):
        return False
    last = behind[-1]
    return last is not None and not isinstance(last.into, tuple) and _passes_on(last, read, derived)


def _is_quiet(call: Call) -> bool:
    if call.name == "sed":
        return any(f.value.prefix.startswith(("-i", "--in-place")) for f in call.fields[1:])
    return call.name == "grep" and any(
        f.value.literal is not None
        and (f.value.literal in _QUIET or (f.value.literal[:1] == "-" and set(f.value.literal) & set("qcl")))
        for f in call.fields[1:]
    )


def _counted(call: Call) -> str:
    """How many lines `tail` shows; "" for other commands, and for a start (`-n +1`)."""
    if call.name != "tail":
        return ""
    line = read_line(call.command, call.fields[1:])
    given = line.value("-n", "--lines")
    short = next((name[1:] for name, _ in line.options if is_number(name[1:])), "10")
    count = given.value.literal if given is not None else short
    return count.lstrip("-") if count is not None and not count.startswith("+") else ""


def _grows(effect: Effect) -> bool:
    adds = effect.action is Action.APPEND or (effect.action is Action.REPLACE and effect.hold is Hold.HELD)
    return adds and is_live(effect)


def _problem(read: PlacedEffect, write: PlacedEffect) -> Problem:
    reader, writer = read.container, write.container
    call = call_of(read)
    count = _counted(call) if call is not None else ""
    if count:
        lines = f"the last {count} lines"
        message = f'"{reader.name}" prints {lines} of "{read.path}" on each iteration of a loop'
        outcome = f'lines are repeated when "{writer.name}" writes few, and missed when it writes many'
    else:
        message = f'"{reader.name}" reads all of "{read.path}" on each iteration of a loop'
        outcome = f'each line that "{writer.name}" has written is handled again on each iteration'
    return Problem(
        message,
        Note(read, "not followed, but read again"),
        outcome=outcome,
        notes=(Note(write, f'"{writer.name}" adds lines to it'),),
        help=f"follow it, and read each line once: `tail -n+1 -F {read.path}`",
        container=reader,
        causes=(read.cause, cause_at(reader, read if call is None else call)),
    )
