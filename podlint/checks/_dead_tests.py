"""Tests whose answer is always the same: one function for each way to write them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec import Struct

from podlint.checks._command_lines import shortened
from podlint.shell.patterns import Hole, Zero
from podlint.shell.syntax import Parameter, Substitution
from podlint.vocabulary import Call, Field, LiteralPart, Process, late

_NUMERIC = frozenset({"-eq", "-ne", "-lt", "-le", "-gt", "-ge"})
_COMPARING = frozenset({"=", "==", "!="})
_EMPTINESS = frozenset({"-z", "-n"})
_NO_NUMBER = late(r"[^0-9+\- \t\n\r]")
_NAME = late(r"[A-Za-z_]\w*+")
_UNFINISHED = late(r"\{\{|\ue000|\$\$\{")
"""Marks of a template (Flux writes `$${`), and what stands for a placeholder."""


class Dead(Struct, frozen=True):
    """A test that always has the same answer, in words, and the word in which that can be seen."""

    what: str
    place: Field
    label: str
    outcome: str
    help: str
    certain: bool = True
    minor: bool = False
    name: str = ""
    """The variable whose dollar sign is missing."""


def dead_tests(process: Process) -> Iterator[Dead]:
    """The dead tests of a process, each once, however often it is come upon."""
    tests: dict[tuple[int, int, int], list[Call]] = {}
    for call in process.calls:
        if call.command.has("tests"):
            tests.setdefault((id(call.text), call.start, call.end), []).append(call)
    for calls in tests.values():
        dead = (
            no_number(calls[0])
            or missing_dollar(calls[0], process)
            or known_status(calls)
            or missing_quotes(calls)
        )
        if dead is not None:
            yield dead


def no_number(call: Call) -> Dead | None:
    r"""`[ \"$n\" -lt 5 ]`, `[ COUNT -gt 0 ]`: an operand of a comparison of numbers that can be none."""
    fields = call.fields[1:]
    for at, operator in enumerate(fields):
        if operator.value.literal not in _NUMERIC or not _is_written(operator):
            continue
        for operand in (*fields[at - 1 : at], *fields[at + 1 : at + 2]):
            written = "".join(part.value for part in _literals(operand))
            quotes = written[:1] in ('"', "'")
            # In brackets that are doubled a name is a variable, and more is an expression.
            if not _NO_NUMBER.search(written) or (_is_doubled(call) and not quotes):
                continue
            return Dead(
                f"compares {_source(operand)} as a number, which it can never be",
                operand,
                "the quotes are part of the value" if quotes else "no number",
                "the test fails with an error each time, which counts as false",
                "leave out the backslashes before the quotes" if quotes else _with_dollar(written),
                certain=call.certain,
            )
    return None


def missing_dollar(call: Call, process: Process) -> Dead | None:
    """`[ -z "NAME" ]`, `[[ "NAME" == 0 ]]`: words alone, one of which is the name of a variable."""
    fields = call.fields[1:]
    words = [field.value.literal for field in fields]
    if not all(map(_is_written, fields)):
        return None
    match words:
        case [str(operator), str()] if operator in _EMPTINESS:
            operands = fields[1:]
        case [str(), str(operator), str()] if operator in _COMPARING:
            operands = (fields[0], fields[2])
        case _:
            return None
    for operand in operands:
        name = operand.value.literal or ""
        if _NAME.fullmatch(name) and name in process.variables and name != name.lower():
            return Dead(
                f'asks about the word "{name}", and not about the variable of that name',
                operand,
                f'the text "{name}" itself',
                "the answer is the same, whatever the value of the variable",
                f'write "${name}"',
                certain=False,
                name=name,
            )
    return None


def known_status(calls: Sequence[Call]) -> Dead | None:
    """`cmd && if [ $? -eq 0 ]`: where `$?` can only be 0, on whatever way one gets there."""
    asked = [_zero(call) for call in calls]
    found = asked[0]
    if found is None or None in asked:
        return None
    field, zero = found
    return Dead(
        'asks for "$?" where it can only be 0',
        field,
        "behind `set -e`" if zero.errexit else "the condition before it was met",
        "a failure never gets as far as this test",
        "make the command itself the condition: `if ! command; then …`",
        certain=False,
        minor=zero.errexit,
    )


def missing_quotes(calls: Sequence[Call]) -> Dead | None:
    """`[ -n $X ]`: an empty value leaves no word behind `-n`, and a test of one word asks whether that is
    empty (POSIX test). Where the value is known not to be empty the answer is right."""
    for call in calls:
        words = call.fields[1:]
        negated = bool(words) and words[0].value.literal == "!"
        words = words[negated:]
        if not words or words[0].value.literal != "-n" or len(words) > 2 or _is_doubled(call):
            continue
        if len(words) == 1 or _may_leave_nothing(words[1]):
            return Dead(
                f'is {"false" if negated else "true"} for an empty value, too: "{_whole(call)}"',
                words[-1],
                "without quotes",
                'an empty value leaves no word behind "-n", and a test of one word is true',
                "put what is tested into double quotes",
                certain=call.certain and len(words) == 1,
            )
    return None


def _may_leave_nothing(field: Field) -> bool:
    """Whether a word may vanish: all of it is unquoted, and may be empty."""
    parts = field.word.parts if field.word is not None else ()
    expansions = [part for part in parts if isinstance(part, Parameter | Substitution) and not part.quoted]
    maybe_empty = all(isinstance(piece, Hole) and piece.empty for piece in field.value.pieces)
    return maybe_empty and 0 < len(expansions) == len(parts)


def _whole(call: Call) -> str:
    return shortened(call.text.value[call.start : call.end])


def _zero(call: Call) -> tuple[Field, Zero] | None:
    for field in call.fields[1:]:
        for piece in field.value.pieces:
            if isinstance(piece, Hole) and isinstance(piece.origin, Zero):
                return field, piece.origin
    return None


def _is_doubled(call: Call) -> bool:
    return call.text.value.startswith("[[", call.start)


def _literals(field: Field) -> tuple[LiteralPart, ...]:
    """The parts of a word that stand there as they are; none where some of it waits to be filled in."""
    if field.word is None or _UNFINISHED.search(str(field.value)):
        return ()
    return tuple(part for part in field.word.parts if isinstance(part, LiteralPart))


def _is_written(field: Field) -> bool:
    """Whether a whole word stands there as it is."""
    return field.word is not None and len(_literals(field)) == len(field.word.parts)


def _source(field: Field) -> str:
    written = field.text.value[field.start : field.end]
    return shortened(written if written[:1] in ('"', "'", "\\") else f'"{written}"')


def _with_dollar(written: str) -> str:
    if _NAME.fullmatch(written):
        return f'write "${written}", or compare texts with "="'
    return 'compare texts with "=", or leave in only the number'
