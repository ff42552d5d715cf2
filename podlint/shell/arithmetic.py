"""Arithmetic and tests over values that are known: what `$((…))` comes to, and whether `[ … ]` holds."""

from __future__ import annotations

from collections.abc import Callable

from podlint.regex import late

_TOKEN = late(
    r"\s*(?:(0[xX][0-9a-fA-F]+|\d+)|\$?\{?([A-Za-z_]\w*|\d)\}?"
    r"|(\*\*|\+\+|--|<<|>>|<=|>=|==|!=|&&|\|\||[-+*/%()<>!]))"
)
_CONSTANT = late(r"-?(?:0[xX][0-9a-fA-F]{1,15}|[0-9]{1,18})")
_LIMIT = 1 << 62
_LEVELS = (("||",), ("&&",), ("==", "!="), ("<", ">", "<=", ">="), ("+", "-"), ("*", "/", "%"))
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
    tokens: list[str] = []
    at = 0
    stripped = text.rstrip()
    while at < len(stripped):
        match = _TOKEN.match(stripped, at)
        if match is None:
            return None
        number, name, operator = match.groups()
        if operator is None:
            value = _number(number if name is None else value_of(name))
            if value is None:
                return None
            number = str(value)
        tokens.append(operator or number)
        at = match.end()
    try:
        result = _binary(tokens, 0)
        return result if not tokens else None
    except (_Unknown, IndexError):
        return None


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


def _binary(tokens: list[str], level: int) -> int:
    """An expression of operators from `_LEVELS[level]` on, consumed from the front of the tokens."""
    if level == len(_LEVELS):
        return _unary(tokens)
    left = _binary(tokens, level + 1)
    while tokens and tokens[0] in _LEVELS[level]:
        operator = tokens.pop(0)
        left = _apply(operator, left, _binary(tokens, level + 1))
    return left


def _unary(tokens: list[str]) -> int:
    token = tokens.pop(0)
    if token in ("-", "+", "!"):
        value = _unary(tokens)
        return -value if token == "-" else int(not value) if token == "!" else value
    if token == "(":
        value = _binary(tokens, 0)
        if tokens.pop(0) != ")":
            raise _Unknown
        return value
    if not token.lstrip("-").isdigit() or len(token) > 18:
        raise _Unknown
    return int(token)


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
    if words and words[0] == "!":
        inner = holds(words[1:])
        return None if inner is None else not inner
    match words:
        case []:
            return False
        case [str(text)] if text != "!":
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
            if left.strip().lstrip("-").isdigit() and right.strip().lstrip("-").isdigit():
                return _COMPARISONS[operator](int(left[:18]), int(right[:18]))
    return None
