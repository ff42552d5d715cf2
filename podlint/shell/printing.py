"""What commands print, as far as it can be known, and what that makes of a `$(…)` around them."""

from __future__ import annotations

from collections.abc import Iterable

from podlint.knowledge.command import Command
from podlint.regex import late
from podlint.shell.commands.files import temporary_name
from podlint.shell.commands.lines import read_line
from podlint.shell.effects import Field, Fields, Segment
from podlint.shell.patterns import (
    NOT_KNOWN,
    Hole,
    Origin,
    Pattern,
    Printed,
    common_origin,
    concat,
    from_pieces,
    hole,
    literal,
    normalised,
    split_last,
)
from podlint.shell.state import State

_FORMAT = late(r"%%|%s|%d|%i|\\[nt\\]|[^%\\]+")
_WRITTEN = {"%%": "%", "\\n": "\n", "\\t": "\t", "\\\\": "\\"}
MAX_SEGMENTS = 2_000
"""Segments of what was printed; beyond that the parts of it no longer know their places."""
MAX_PRINTED = 64
"""Fields that one `printf` prints; beyond that its output is not known."""


def printed_field(
    name: str, command: Command, fields: Fields, files: tuple[Pattern, ...], state: State
) -> Field:
    """What a command (`fields[0]` is its name), which reads some `files`, prints on its standard output."""
    first, values = fields[0], fields[1:]
    segments: list[Segment] | None = None
    if name == "echo":
        segments = _echoed(values, state)
    elif name == "printf":
        segments = _formatted(values)
    elif name == "cat" and not any(v.value.literal != "-" for v in values):
        fed = state.sinks[0].fed if 0 in state.sinks else None
        if fed is not None and (fed.text is first.text or fed.value.literal is None):
            segments = list(segments_of(fed))
        elif fed is not None:
            return fed
    if segments is not None and all(v.text is first.text for v in values):
        return Field(
            from_pieces(s.piece for s in segments),
            None,
            text=first.text,
            start=first.start,
            end=first.end,
            segments=tuple(segments),
        )
    if segments is None:
        value = _value(name, command, values, state, _origin(name, command, values, files, state))
    else:
        value = from_pieces(s.piece for s in segments)
    return Field(value, None, text=first.text, start=first.start, end=first.end)


def _origin(name: str, command: Command, values: Fields, files: tuple[Pattern, ...], state: State) -> Origin:
    """Where the text comes from that a command prints; some commands only pass on what they read."""
    passes_on = command.has("extracts")
    if passes_on and not files:
        return _read_from(state, name)
    operands = read_line(command, values).operands if command.known else values
    return Printed(name, tuple(field.value for field in operands), files if passes_on else ())


def _read_from(state: State, name: str) -> Origin:
    """Where the standard input of a command comes from."""
    sink = state.sinks.get(0)
    if sink is None:
        return NOT_KNOWN
    if sink.path is not None:
        return Printed(name, files=(sink.path,))
    return common_origin(piece for field in sink.piped for piece in field.value.pieces)


def is_silent(command: Command, fields: Fields) -> bool:
    """Whether a command prints nothing on its standard output."""
    return command.has("silent") and not any(field.value.prefix.startswith(("-v", "--v")) for field in fields)


def segments_of(field: Field) -> tuple[Segment, ...]:
    """The segments of a field; one for each piece where it does not know them."""
    return field.segments or tuple(Segment(p, field.start, field.end) for p in field.value.pieces)


def joined(fields: list[Field]) -> Field | None:
    """Fields printed one after another, as one; None for none."""
    if not fields:
        return None
    first, last = fields[0], fields[-1]
    value = concat(field.value for field in fields)
    one_text = all(field.text is first.text for field in fields)
    if not one_text or sum(len(segments_of(field)) for field in fields) > MAX_SEGMENTS:
        return Field(value, None, text=first.text, start=first.start, end=first.end)
    segments = tuple(segment for field in fields for segment in segments_of(field))
    return Field(value, None, text=first.text, start=first.start, end=last.end, segments=segments)


def captured_by(state: State) -> list[Field]:
    """What was printed so far into the `$(…)` or file around; a list nobody reads where there is none."""
    captured = state.sinks[1].captured if 1 in state.sinks else None
    return captured if captured is not None else []


def widen_output(state: State, since: int) -> None:
    """What was printed since then may be printed once, never or many times."""
    captured = captured_by(state)
    if len(captured) > since:
        last = captured[-1]
        slash = any(_may_hold_slash(field.value) for field in captured[since:])
        origin = common_origin(piece for field in captured[since:] for piece in field.value.pieces)
        value = hole("…", slash=slash, origin=origin)
        captured[since:] = [Field(value, None, text=last.text, start=last.start, end=last.end)]


def _may_hold_slash(value: Pattern) -> bool:
    return any(p.slash if isinstance(p, Hole) else "/" in p for p in value.pieces)


def substituted(printed: list[Field], source: str) -> Pattern:
    """What `$(…)` stands for, from what was printed inside."""
    if not printed:
        return Pattern()
    value = concat(field.value for field in printed)
    whole = value.literal
    if whole is not None:
        return literal(whole.rstrip("\n"))
    empty = all(isinstance(p, Hole) and p.empty for p in value.pieces)
    if any(isinstance(p, str) and p.strip("\n") for p in value.pieces):
        pieces = list(value.pieces)
        if isinstance(pieces[-1], str):
            pieces[-1] = pieces[-1].rstrip("\n")
        return from_pieces(pieces)
    return hole(source, slash=_may_hold_slash(value), empty=empty, origin=common_origin(value.pieces))


def _echoed(values: Fields, state: State) -> list[Segment] | None:
    """`echo`; None where it depends on the shell: dash reads backslashes, bash and ash only after `-e`."""
    first = values[0].value.literal if values else None
    options = first if first in ("-n", "-e", "-ne", "-en") else ""
    if options:
        values = values[1:]
    escapes = any("\\" in s.piece for v in values for s in segments_of(v) if isinstance(s.piece, str))
    if escapes and ("e" in options or state.dialect not in ("bash", "ash")):
        return None
    if "e" in options and state.dialect not in ("bash", "ash"):
        return None
    return [*_between(values), *([] if "n" in options else _newline(values))]


def _between(values: Fields) -> Iterable[Segment]:
    for index, value in enumerate(values):
        if index:
            yield Segment(" ", value.start, value.start)
        yield from segments_of(value)


def _newline(values: Fields) -> Iterable[Segment]:
    if values:
        yield Segment("\n", values[-1].end, values[-1].end)


def _formatted(values: Fields) -> list[Segment] | None:
    """`printf FORMAT ARGUMENTS`; None where the format is not known or not plain."""
    form = values[0].value.literal if values else None
    if form is None or len(values) > MAX_PRINTED:
        return None
    tokens = _FORMAT.findall(form)
    if "".join(tokens) != form:
        return None
    start, end = values[0].start, values[0].end
    takes = any(token in ("%s", "%d", "%i") for token in tokens)
    rest = list(values[1:])
    segments: list[Segment] = []
    while True:
        for token in tokens:
            if token in ("%s", "%d", "%i"):
                segments += segments_of(rest.pop(0)) if rest else ()
            else:
                segments.append(Segment(_WRITTEN.get(token, token), start, end))
        if not rest or not takes:
            return segments


def _is_script(path: Pattern, state: State) -> bool:
    """Whether a path is that of a script of the run: its volume has links, which lead to the same files."""
    return any(file == path for _, file in state.sources.values())


def _value(name: str, command: Command, fields: Fields, state: State, origin: Origin) -> Pattern:
    """What other commands print; a hole of this origin where that cannot be said."""
    values = [f.value for f in fields]
    if name == "pwd":
        return state.directory
    if name in ("basename", "dirname") and len(values) == 1 and values[0].literal:
        directory, last = split_last(normalised(values[0]))
        return directory if name == "dirname" else last
    if name in ("readlink", "realpath") and values and values[-1].literal and _is_script(values[-1], state):
        return state.path(values[-1])
    if name == "date":
        form = next((v for v in values if v.prefix.startswith("+")), literal("+"))
        return hole("…", slash="/" in str(form) or "%D" in str(form) or "%x" in str(form), empty=False)
    if name == "mktemp":
        return temporary_name(read_line(command, fields))
    if command.has("no-slash"):
        return hole("…", slash=False, empty=False, origin=origin)
    return hole("…", origin=origin)
