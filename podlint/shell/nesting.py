"""Commands that run other commands: shells, sourced files, wrappers such as `timeout`, `find -exec`,
`xargs`."""

from __future__ import annotations

import re
from itertools import pairwise

from msgspec.structs import replace

from podlint.digits import is_number, number_of
from podlint.knowledge.command import Command as Program
from podlint.regex import late
from podlint.shell.commands.lines import Line, read_line
from podlint.shell.effects import UNKNOWN_CHARACTER, Action, Duration, Field, Fields, Invocation, Segment
from podlint.shell.endpoints import Pid1
from podlint.shell.evaluator import Evaluator
from podlint.shell.flow import Exit, Flow
from podlint.shell.patterns import ANY_NAME, GLOB, Hole, Pattern, concat, from_pieces, hole, literal
from podlint.shell.shells import child_of, ended, text_of_file
from podlint.shell.state import State
from podlint.shell.trace import Where
from podlint.source.text import Text, Whole


def run_special(shell: Evaluator, name: str, fields: Fields, state: State, at: Where) -> Flow:
    """The built-ins that decide what runs next."""
    shell.trace.record_call(name, fields, state, at, known=True)
    match name:
        case "exec":
            rest = _without_options(fields[1:])
            if not rest:
                return Flow(status=True)
            pid1 = None if state.first is None else state.first.successor(certain=state.certain)
            flow = shell.run_fields(rest, state, at[1], at[2], pid1)
            way = Exit.NONE if flow.duration is Duration.ENDLESS else Exit.UNCONDITIONAL
            return replace(flow, falls_through=False, exits=way, replaced=True)
        case "exit" | "return":
            code = fields[1].value.literal if len(fields) > 1 else None
            status = code == "0" if code is not None and is_number(code) else None
            way = Exit.FAILED if status is False else Exit.UNCONDITIONAL
            if name == "exit":
                return Flow(False, status=status, exits=way)
            return Flow(False, status=status, jumps=True, returns=way)
        case "break" | "continue":
            count = fields[1].value.literal if len(fields) > 1 else "1"
            loops = 1 if count is None else number_of(count) or 1
            if name == "break":
                return Flow(False, loops, jumps=True)
            # `continue 2` leaves the inner loop.
            return Flow(False, loops - 1, continues=True, jumps=True)
        case "trap":
            return _trap(shell, fields, state)
        case "eval":
            return _joined_script(shell, fields[1:], state, own=False)
        case _:
            return _sourced(shell, fields, state)


def _trap(shell: Evaluator, fields: Fields, state: State) -> Flow:
    """The action of a trap may run, some time."""
    if len(fields) > 2 and fields[1].value.literal not in ("-", "", "--", None):
        inner = state.beside()
        inner.sure = False
        shell.script(fields[1].as_text(), inner)
    return Flow(status=True)


def _sourced(shell: Evaluator, fields: Fields, state: State) -> Flow:
    """`. file`: its commands run in this very shell."""
    if len(fields) < 2:
        return Flow()
    field = fields[1]
    text = text_of_file(shell, field.value, state)
    shell.trace.record(
        Action.READ,
        state.path(field.value),
        state,
        (field.text, field.start, field.end),
        made_by=Invocation(fields[0].value.literal or "."),
    )
    if text is not None:
        shell.trace.start_reading(text, state, "")
    else:
        text = _library(shell, field, state)
    if text is None:
        shell.trace.doubt(
            f"sources {field.value}, which is not in the run", field.text, field.start, field.end
        )
        return Flow()
    state.sources[id(text)] = (text, field.value)
    return shell.run(text, shell.parse(text), state).returned()


def _library(shell: Evaluator, field: Field, state: State) -> Text | None:
    """A script of the image, of which it is known what its functions do. They stand where it is sourced."""
    whole = state.path(field.value).literal
    environment = shell.environment
    if whole is None or any(whole.startswith(mount.rstrip("/") + "/") for mount in environment.mounted):
        return None
    script = environment.library(whole)
    return Text(script, Whole(field.text.span(field.start, field.end))) if script is not None else None


def run_wrapper(
    shell: Evaluator,
    base: str,
    command: Program,
    fields: Fields,
    state: State,
    at: Where,
    pid1: Pid1 | None = None,
) -> Flow:
    """A command that runs another, by what is known of it."""
    before = state.as_another
    state.as_another = before or command.has("changes-user")
    flow = _wrapped(shell, base, command, fields, state, at, pid1)
    state.as_another = before
    return flow


def _wrapped(
    shell: Evaluator,
    base: str,
    command: Program,
    fields: Fields,
    state: State,
    at: Where,
    pid1: Pid1 | None,
) -> Flow:
    shell.trace.record_call(base, fields, state, at, known=True)
    if pid1 is not None and command.has("init"):
        pid1 = replace(pid1, init=base)
    elif pid1 is not None and not command.has("replaces-itself"):
        shell.trace.become(replace(pid1, program=base))
        pid1 = None
    if base == "find":
        return _find(shell, fields, state)
    line = read_line(command, fields[1:])
    if line.has(*command.ends_with):
        # `command -v NAME` asks for a program and does not run it.
        return Flow(condition=True)
    if command.script == "*":
        flow = _joined_script(shell, line.operands, state, own=True)
        return Flow(False, 0, Duration.ENDLESS) if command.lasts == "endless" else flow
    script = line.value(command.script) if command.script else None
    if script is not None:
        return _script(shell, script, state)
    if command.runs < 0:
        return Flow(duration=Duration.UNKNOWN)
    operands = line.operands[command.runs :]
    if base == "env":
        operands = _environment(shell, operands, state)
    if not operands:
        if pid1 is not None:
            shell.trace.become(replace(pid1, program=base))
        return Flow(condition=command.condition)
    if base == "flock" and line.operands:
        lock = line.operands[0]
        written = (lock.text, lock.start, lock.end)
        shell.trace.record(Action.READ, state.path(lock.value), state, written, made_by=Invocation(base))
    if command.handler == "elsewhere":
        # Another root or another mount namespace: what happens there is not this container's.
        shell.trace.doubt(f"runs in another root by {base}", *at)
        return Flow(duration=Duration.UNKNOWN)
    if command.handler == "xargs":
        return _xargs(shell, operands, line, state, at[1], at[2])
    flow = shell.run_fields(operands, state, at[1], at[2], pid1)
    if base == "timeout":
        return Flow(True, 0, Duration.BRIEF, None, flow.condition, flow.open)
    return flow


def _script(shell: Evaluator, field: Field, state: State) -> Flow:
    inner = child_of(shell, "sh", state)
    return ended(shell.script(field.as_text(), inner), inner)


def _joined_script(shell: Evaluator, fields: Fields, state: State, *, own: bool) -> Flow:
    """Words joined by blanks and read as a script: `eval`, `watch`."""
    if not fields:
        return Flow(status=True)
    segments: list[Segment] = []
    for index, field in enumerate(fields):
        if index:
            segments.append(Segment(" ", field.start, field.start))
        segments += field.segments or [Segment(p, field.start, field.end) for p in field.value.pieces]
    value = from_pieces(s.piece for s in segments)
    joined = Field(
        value, None, text=fields[0].text, start=fields[0].start, end=fields[-1].end, segments=tuple(segments)
    )
    if own:
        return _script(shell, joined, state)
    text = _with_known_names(joined.as_text(), state)
    if UNKNOWN_CHARACTER in text.value:
        shell.trace.doubt("evaluates text that is not known", joined.text, joined.start, joined.end)
    return shell.run(text, shell.parse(text), state)


def _environment(shell: Evaluator, operands: Fields, state: State) -> Fields:
    """`env A=b cmd`: the assignments are done, what is left is the command."""
    rest = list(operands)
    while rest and "=" in rest[0].value.prefix:
        field = rest.pop(0)
        name, _, value = field.value.prefix.partition("=")
        state.variables[name] = from_pieces((value, *field.value.pieces[1:]))
    return tuple(rest)


def _xargs(shell: Evaluator, operands: Fields, line: Line, state: State, start: int, end: int) -> Flow:
    """`xargs cmd`: once or more, with operands nobody knows."""
    inner = state.copy()
    inner.sure = False
    replaced = line.value("-I", "--replace")
    mark = replaced.value.literal if replaced is not None else None
    last = operands[-1]
    if mark:
        rest = tuple(_filled(field, mark, hole("…")) for field in operands)
    else:
        rest = (*operands, Field(hole("…"), None, text=last.text, start=last.start, end=last.end))
    flow = shell.run_fields(rest, inner, start, end)
    return replace(flow, status=None)


def _find(shell: Evaluator, fields: Fields, state: State) -> Flow:
    """`find PATH… TESTS ACTIONS`: what `-delete` and `-exec` do to whatever is found."""
    roots: list[Field] = []
    rest = list(fields[1:])
    while rest and rest[0].value.prefix in ("-H", "-L", "-P"):
        rest.pop(0)
    while rest and not rest[0].value.prefix.startswith(("-", "(", "!")):
        roots.append(rest.pop(0))
    if not roots:
        roots = [Field(literal("."), None, text=fields[0].text, start=fields[0].start, end=fields[0].end)]
    names = [b for a, b in pairwise(rest) if a.value.literal in ("-name", "-iname")]
    found = [_found(root, names, state) for root in roots]
    if not names:
        is_directory = shell.environment.resolver(state).is_directory
        found += [path for path in (state.path(root.value) for root in roots) if not is_directory(path)]
    inner = state.copy()
    inner.sure = False
    while rest:
        action = rest.pop(0)
        literal_action = action.value.literal
        if literal_action == "-delete":
            for path in found:
                at = (action.text, action.start, action.end)
                shell.trace.record(Action.DELETE, path, inner, at, made_by=Invocation("find"), program="find")
        elif literal_action in ("-exec", "-execdir", "-ok"):
            command: list[Field] = []
            while rest and rest[0].value.literal not in (";", "+"):
                command.append(rest.pop(0))
            for path in found if command else ():
                filled = tuple(_filled(field, "{}", path) for field in command)
                shell.run_fields(filled, inner.copy(), command[0].start, command[-1].end)
    return Flow(condition=False)


_ANY_PART = Hole("*", slash=False, origin=GLOB)
_ANY_CHARACTER = Hole("?", slash=False, empty=False, origin=GLOB)


def _found(root: Field, names: list[Field], state: State) -> Pattern:
    """The path of whatever `find` comes upon below a root."""
    base = state.path(root.value)
    if len(names) == 1 and names[0].value.literal:
        tail = from_pieces(
            _ANY_PART if c == "*" else _ANY_CHARACTER if c in "?[]" else c for c in names[0].value.literal
        )
        return concat((base, literal("/"), ANY_NAME, tail)) if tail.pieces else base
    return concat((base, literal("/"), ANY_NAME))


def _filled(field: Field, mark: str, value: Pattern) -> Field:
    """A field with a mark (`{}`) replaced by a value."""
    if mark not in str(field.value):
        return field
    pieces: list[str | Hole] = []
    for piece in field.value.pieces:
        if isinstance(piece, Hole):
            pieces.append(piece)
            continue
        for index, chunk in enumerate(piece.split(mark)):
            if index:
                pieces += value.pieces
            pieces.append(chunk)
    return Field(from_pieces(pieces), field.word, text=field.text, start=field.start, end=field.end)


def _without_options(fields: Fields) -> Fields:
    """What is left behind `exec`'s own options."""
    rest = list(fields)
    while rest and rest[0].value.prefix.startswith("-"):
        option = rest.pop(0)
        if option.value.literal == "-a" and rest:
            rest.pop(0)
    return tuple(rest)


_SOME_NAME = rf"((?!\d)\w*{UNKNOWN_CHARACTER}[\w{UNKNOWN_CHARACTER}]*)"
_INDIRECT = late(rf"\$(?:\{{{_SOME_NAME}\}}|{_SOME_NAME})", re.ASCII)


def _with_known_names(text: Text, state: State) -> Text:
    r"""`eval x=\$$name`: where a script names one variable by another, some variable is read, whichever it
    is. It gets a name of its own, as long as what stands there, and a value that is not known."""

    def named(match: re.Match[str]) -> str:
        name = "_" * len(match.group(1) or match.group(2))
        state.variables[name] = hole("$…")
        return f"${{{name}}}" if match.group(1) else f"${name}"

    return text.masked(_INDIRECT.sub(named, text.value))
