"""Arithmetic and tests over values that are known: what `$((…))` comes to, and whether `[ … ]` holds."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from msgspec import Struct

from podlint.regex import late

_TOKEN = late(
    r"\s++|(?:(0[xX][0-9a-fA-F]+|[0-9]+)|\$?\{?([A-Za-z_]\w*|[0-9])\}?"
    r"|(\*\*|\+\+|--|<<|>>|<=|>=|==|!=|&&|\|\||[-+*/%()<>!]))",
    re.ASCII,
)
_ASSIGNMENT = late(r"\s*([A-Za-z_]\w*)\s*([-+*/%]?)=(?!=)(.*)", re.DOTALL)
_STEP = late(r"\s*+(\+\+|--)?+\s*+([A-Za-z_]\w*+)\s*+(\+\+|--)?+\s*+")
_ASSIGNED = late(
    r"(?<!\w)([A-Za-z_]\w*+)\s*+(?:[-+*/%|&^]|<<|>>)?=(?!=)|(?<!\w)([A-Za-z_]\w*+)(?:\+\+|--)"
    r"|(?:\+\+|--)([A-Za-z_]\w*+)",
    re.ASCII,
)
_CONSTANT = late(r"-?(?:0[xX][0-9a-fA-F]{1,15}|[0-9]{1,18})")
_LIMIT = 1 << 62
_INTEGER = late(r"[ \t]*([-+]?[0-9]{1,18})[ \t]*")
_LEVELS = (("||",), ("&&",), ("==", "!="), ("<", ">", "<=", ">="), ("+", "-"), ("*", "/", "%"))
_PRECEDENCE = {operator: level for level, operators in enumerate(_LEVELS) for operator in operators}
MAX_LENGTH = 200


class _Unknown(Exception):
    """Raised inside the evaluator for what it cannot or should not work out."""


def evaluate(text: str, value_of: Callable[[str], str | None]) -> int | None:
    """What an arithmetic expression comes to; None where it assigns, holds what is not known, or is no
    expression.

    `value_of` gives the value of a variable or positional parameter, None where it is not known.
    """
    if len(text) > MAX_LENGTH:
        return None
    tokens: list[str | int] = []
    at = 0
    stripped = text.rstrip()
    while at < len(stripped):
        match = _TOKEN.match(stripped, at)
        if match is None:
            return None
        at = match.end()
        if match.lastindex is None:
            continue
        number, name, operator = match.groups()
        if operator is None:
            value = _number(number if name is None else value_of(name))
            if value is None:
                return None
            tokens.append(value)
        else:
            tokens.append(operator)
    try:
        return _result(tokens)
    except _Unknown:
        return None


class Change(Struct, frozen=True):
    """What an expression that assigns to one variable comes to, and what the variable is afterwards."""

    name: str
    after: int
    value: int


def assignment(text: str, value_of: Callable[[str], str | None]) -> Change | None:
    """`name = expression`, `name += expression`, `name++` and their like, as a whole expression; None for
    anything else, and where its value is not known. `value_of` as for `evaluate`."""
    if (match := _ASSIGNMENT.fullmatch(text)) is not None:
        name, operator, right = match.groups()
        after = evaluate(f"{name} {operator} ({right})" if operator else right, value_of)
        return None if after is None else Change(name, after, after)
    if (match := _STEP.fullmatch(text)) is not None:
        first, name, last = match.groups()
        before = evaluate(name, value_of)
        if before is None or bool(first) == bool(last):
            return None
        after = before + (1 if (first or last) == "++" else -1)
        return Change(name, after, after if first else before)
    return None


def assigned_names(text: str) -> frozenset[str]:
    """The variables that an expression may assign to."""
    return frozenset(name for match in _ASSIGNED.finditer(text) for name in match.groups() if name)


def _number(text: str | None) -> int | None:
    """A constant as C writes it: decimal, octal behind a 0, hexadecimal behind 0x; None for anything else."""
    if text is None or not _CONSTANT.fullmatch(text):
        return None
    digits = text.lstrip("-")
    base = 16 if digits[:2] in ("0x", "0X") else 8 if digits[0] == "0" else 10
    try:
        return int(digits, base) * (-1 if text[0] == "-" else 1)
    except ValueError:
        return None


def _result(tokens: Iterable[str | int]) -> int:
    """What the tokens of an expression come to. Brackets are put aside in a list, so that any nesting of them
    takes no more of Python's stack."""
    values: list[int] = []
    pending: list[str] = []
    wants_value = True
    for token in tokens:
        if wants_value:
            if isinstance(token, int):
                values.append(token)
                wants_value = False
            elif token in _SIGNS:
                pending.append(_SIGNS[token])
            else:
                raise _Unknown
        elif token == ")":
            _reduce(values, pending, -1)
            if not pending:
                raise _Unknown
            pending.pop()
        elif isinstance(token, str) and token in _PRECEDENCE:
            _reduce(values, pending, _PRECEDENCE[token])
            pending.append(token)
            wants_value = True
        else:
            raise _Unknown
    if wants_value:
        raise _Unknown
    _reduce(values, pending, -1)
    if pending:
        raise _Unknown
    return values[0]


_SIGNS = {"(": "(", "-": "minus", "+": "plus", "!": "not"}
"""What may stand before a value, and how it is put aside."""


def _reduce(values: list[int], pending: list[str], level: int) -> None:
    """Do what was put aside and binds as closely as operators of a level, back to the last open bracket."""
    while pending and pending[-1] != "(" and _PRECEDENCE.get(pending[-1], len(_LEVELS)) >= level:
        operator = pending.pop()
        right = values.pop()
        if operator in _PRECEDENCE:
            right = _apply(operator, values.pop(), right)
        elif operator != "plus":
            right = -right if operator == "minus" else int(not right)
        values.append(right)


def _apply(operator: str, left: int, right: int) -> int:
    if operator in ("/", "%"):
        if right == 0:
            raise _Unknown
        # C divides towards zero.
        quotient = abs(left) // abs(right) * (1 if (left < 0) == (right < 0) else -1)
        return quotient if operator == "/" else left - quotient * right
    result = _OPERATIONS[operator](left, right)
    if abs(result) > _LIMIT:
        raise _Unknown
    return result


_OPERATIONS: dict[str, Callable[[int, int], int]] = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "<": lambda a, b: int(a < b),
    ">": lambda a, b: int(a > b),
    "<=": lambda a, b: int(a <= b),
    ">=": lambda a, b: int(a >= b),
    "==": lambda a, b: int(a == b),
    "!=": lambda a, b: int(a != b),
    "&&": lambda a, b: int(bool(a and b)),
    "||": lambda a, b: int(bool(a or b)),
}

_COMPARISONS: dict[str, Callable[[int, int], bool]] = {
    "-eq": lambda a, b: a == b,
    "-ne": lambda a, b: a != b,
    "-lt": lambda a, b: a < b,
    "-le": lambda a, b: a <= b,
    "-gt": lambda a, b: a > b,
    "-ge": lambda a, b: a >= b,
}


def holds(words: list[str | None]) -> bool | None:
    """Whether a test of these words (None: not known) holds; None where that cannot be said.

    Knows the tests of strings and integers that POSIX gives `test` with up to four arguments; never files.
    """
    negations = next((index for index, word in enumerate(words) if word != "!"), len(words))
    if negations:
        inner = holds(words[negations:])
        return None if inner is None else inner != (negations % 2 == 1)
    match words:
        case []:
            return False
        case [str(text)]:
            return bool(text)
        case ["-n", str(text)]:
            return bool(text)
        case ["-z", str(text)]:
            return not text
        case [str(left), "=" | "==", str(right)]:
            return left == right
        case [str(left), "!=", str(right)]:
            return left != right
        case [str(left), str(operator), str(right)] if operator in _COMPARISONS:
            numbers = _INTEGER.fullmatch(left), _INTEGER.fullmatch(right)
            if numbers[0] is not None and numbers[1] is not None:
                return _COMPARISONS[operator](int(numbers[0][1]), int(numbers[1][1]))
    return None
