"""What `${name%pattern}` and its like make of a known value."""

from __future__ import annotations

from collections.abc import Callable

from podlint.budget import Budget
from podlint.shell.globs import Unit, matched_lengths, units_of
from podlint.shell.patterns import Hole

Pieces = list[tuple[str | Hole, bool]]
"""The pieces of an operand: True with those that stood outside quotes."""

_CASES: dict[str, Callable[[str], str]] = {
    "^^": str.upper,
    ",,": str.lower,
    "^": lambda value: value[:1].upper() + value[1:],
    ",": lambda value: value[:1].lower() + value[1:],
}
MAX_REPLACED = 400
"""Values longer than this are not searched for what to replace."""


def transformed(
    value: str, operator: str, operand: Pieces, evaluate: Callable[[str], int | None], budget: Budget
) -> str | None:
    """`value` after `operator` with its operand; None where that cannot be worked out.

    `evaluate` works out the arithmetic in offsets and lengths.
    """
    if operator in ("#", "##", "%", "%%"):
        return _trimmed(value, operator, units_of(operand), budget)
    if operator in _CASES:
        return None if operand else _CASES[operator](value)
    if operator in ("/", "//"):
        return _replaced(value, operator == "//", operand, budget)
    if operator == ":":
        return _cut(value, operand, evaluate)
    return None


def _trimmed(value: str, operator: str, units: tuple[Unit, ...], budget: Budget) -> str | None:
    at_start = operator[0] == "#"
    lengths = matched_lengths(units if at_start else units[::-1], value if at_start else value[::-1], budget)
    if lengths is None:
        return None
    if not lengths:
        return value
    length = lengths[-1] if len(operator) == 2 else lengths[0]
    return value[length:] if at_start else value[: len(value) - length]


def _replaced(value: str, everywhere: bool, operand: Pieces, budget: Budget) -> str | None:
    pattern, replacement = _halves(operand)
    if replacement is None or len(value) > MAX_REPLACED or not pattern:
        return None
    first, active = pattern[0]
    if active and isinstance(first, str) and first[:1] in ("#", "%"):
        return None
    units = units_of(pattern)
    if not units:
        return value
    if not value:
        return replacement if matched_lengths(units, "", budget) else ""
    done, at = [], 0
    while at < len(value):
        lengths = matched_lengths(units, value[at:], budget)
        if lengths is None:
            return None
        if lengths and lengths[-1]:
            done.append(replacement)
            at += lengths[-1]
            if not everywhere:
                break
        else:
            done.append(value[at])
            at += 1
    return "".join(done) + value[at:]


def _halves(operand: Pieces) -> tuple[Pieces, str | None]:
    """Pattern and replacement, on both sides of the first `/` outside quotes; None where it is not known."""
    for index, (piece, active) in enumerate(operand):
        if active and isinstance(piece, str) and "/" in piece:
            before, _, behind = piece.partition("/")
            rest = [behind, *(p for p, _ in operand[index + 1 :])]
            texts = [p for p in rest if isinstance(p, str)]
            known = len(texts) == len(rest) and not any("&" in text for text in texts)
            pattern: Pieces = [*operand[:index], (before, True)] if before else operand[:index]
            return pattern, "".join(texts) if known else None
    return operand, ""


def _cut(value: str, operand: Pieces, evaluate: Callable[[str], int | None]) -> str | None:
    texts = [piece for piece, _ in operand if isinstance(piece, str)]
    if len(texts) != len(operand):
        return None
    first, colon, second = "".join(texts).partition(":")
    offset, length = evaluate(first or "0"), evaluate(second) if colon else None
    if offset is None or (colon and length is None):
        return None
    start = offset if offset >= 0 else len(value) + offset
    if start < 0:
        return ""
    if length is None:
        return value[start:]
    stop = start + length if length >= 0 else len(value) + length
    return value[start:stop] if stop >= start else None
