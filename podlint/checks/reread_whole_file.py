"""reread-whole-file: a loop reads a growing log from its start again on each turn."""

from __future__ import annotations

from collections.abc import Iterator

from podlint.checks._calls import call_of
from podlint.checks._rotation import empties, is_live, takings
from podlint.shell.commands.spec import read_line
from podlint.shell.commands.table import spec_of
from podlint.shell.effects import Action, Call, Effect, Hold, Output, Repeats
from podlint.storage.places import Kind
from podlint.storage.view import ContainerView, PlacedEffect, PodView
from podlint.vocabulary import Note, Problem, rule

_COPYING = frozenset({"cat", "tail", "tac", "nl", "grep", "cut", "sed"})
"""Commands that print what they read, line by line; what else reads a file sums it up."""
_QUIET = ("-q", "-c", "-l", "-L", "--quiet", "--silent", "--count", "--files-with-matches")


@rule
def check(pod: PodView) -> Iterator[Problem]:
    """Report readers of a sibling's growing file, once for each file of a container."""
    for reader in pod.running:
        told: set[str] = set()
        for read in reader.effects:
            path = str(read.path)
            if path in told or not _reads_again(read, reader) or _drains(read, reader):
                continue
            found = _grower(read, reader, pod)
            if found is not None:
                told.add(path)
                yield _finding(read, reader, *found, pod)


def _reads_again(read: PlacedEffect, reader: ContainerView) -> bool:
    """Whether a loop without an end passes on the whole file, or its last lines, on each turn."""
    effect = read
    if effect.action is not Action.READ or effect.repeats is not Repeats.FOREVER or effect.follow:
        return False
    if read.process.kind != "main" or read.place.kind is not Kind.VOLUME:
        return False
    if effect.by == "<":
        # `while read line; do …; done < f`
        return not effect.program
    call = call_of(read)
    return effect.by in _COPYING and call is not None and _passes_on(call, read)


def _passes_on(call: Call, read: PlacedEffect) -> bool:
    """Whether lines go to a place where those of the turn before are as well."""
    if _is_quiet(call) or _counted(call) == "1" or (call.name == "grep" and read.excused):
        return False
    if call.output is Output.PIPE:
        return isinstance(call.into, tuple) and _passed_on_by(call.into, call, read)
    if call.output is Output.FILE:
        return any(
            p.action is Action.APPEND and p.path == call.into and p.hold is Hold.REOPENED
            for p in read.process.effects
        )
    return call.output is Output.CONTAINER


def _passed_on_by(names: tuple[str, ...], call: Call, read: PlacedEffect) -> bool:
    """Whether what stands behind a pipe passes the lines on, each command in turn."""
    if not names or any(name not in _COPYING for name in names):
        return False
    last = next((c for c in read.process.calls if c.name == names[-1] and c.order > call.order), None)
    return last is not None and not isinstance(last.into, tuple) and _passes_on(last, read)


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
    spec = spec_of("tail")
    if call.name != "tail" or spec is None:
        return ""
    line = read_line(spec, call.fields[1:])
    given = line.value("-n", "--lines")
    short = next((name[1:] for name, _ in line.options if name[1:].isdigit()), "10")
    count = given.value.literal if given is not None else short
    return count.lstrip("-") if count is not None and not count.startswith("+") else ""


def _drains(read: PlacedEffect, reader: ContainerView) -> bool:
    """Whether the reader itself takes away what it has read."""
    cuts = [p for p in reader.effects if empties(p)]
    return any(p.place.may_be(read.place) for p in (*takings(reader), *cuts))


def _grower(
    read: PlacedEffect, reader: ContainerView, pod: PodView
) -> tuple[ContainerView, PlacedEffect] | None:
    """A sibling that goes on adding lines to the file."""
    for other in pod.others(reader):
        for write in other.effects:
            if _grows(write) and write.place.may_be(read.place):
                return other, write
    return None


def _grows(effect: Effect) -> bool:
    adds = effect.action is Action.APPEND or (effect.action is Action.REPLACE and effect.hold is Hold.HELD)
    return adds and is_live(effect)


def _finding(
    read: PlacedEffect, reader: ContainerView, writer: ContainerView, write: PlacedEffect, pod: PodView
) -> Problem:
    return Problem(
        message=_message(read, reader, writer),
        at=Note(read.span, "read anew on each turn of the loop"),
        notes=(Note(write.span, f'"{writer.name}" adds lines to it'),),
        help=f"follow it, and read each line once: `tail -n+1 -F {_path(read)}`",
        container=reader,
    )


def _path(read: PlacedEffect) -> str:
    return str(read.path)


def _message(read: PlacedEffect, reader: ContainerView, writer: ContainerView) -> str:
    call = call_of(read)
    count = _counted(call) if call is not None else ""
    if count:
        return (
            f'"{reader.name}" prints the last {count} lines of "{_path(read)}" on each turn: it repeats '
            f'lines when "{writer.name}" writes few, and misses some when it writes many'
        )
    return (
        f'"{reader.name}" reads all of "{_path(read)}" again on each turn, while "{writer.name}" adds lines: '
        f"each one is handled again and again"
    )
