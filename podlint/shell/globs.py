"""Shell patterns (`*`, `?`, `[…]`) matched against known text, in time bounded by both lengths."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TypeAlias

from msgspec import Struct

from podlint.budget import Budget
from podlint.shell.patterns import ANYTHING, GLOB, Hole, Pattern, from_pieces

MAX_CELLS = 200_000
"""Patterns and texts whose product is larger are not compared."""
CELLS = 500
"""How many of these cost one unit of `podlint.budget`."""
COMPARED = 10
"""What comparing a value with a pattern costs at least, in units of `podlint.budget`."""


class Bracket(Struct, frozen=True):
    """`[…]` or `?`: one character in these ranges, or in none of them."""

    ranges: tuple[tuple[str, str], ...] = ()
    negated: bool = True

    def takes(self, char: str) -> bool:
        """Whether this character is described."""
        return any(low <= char <= high for low, high in self.ranges) != self.negated


class Star(Struct, frozen=True):
    """`*`: any characters, or none."""


Unit: TypeAlias = str | Bracket | Star | Hole
"""One character of a pattern, or what stands for others; a hole where the pattern itself is not known."""

_CLASSES = {
    "digit": (("0", "9"),),
    "lower": (("a", "z"),),
    "upper": (("A", "Z"),),
    "alpha": (("a", "z"), ("A", "Z")),
    "alnum": (("a", "z"), ("A", "Z"), ("0", "9")),
    "space": ((" ", " "), ("\t", "\r")),
    "blank": ((" ", " "), ("\t", "\t")),
}


def units_of(pieces: Iterable[tuple[str | Hole, bool]]) -> tuple[Unit, ...]:
    """A pattern from its pieces; True with those that stood outside quotes."""
    units: list[Unit] = []
    for piece, active in pieces:
        if isinstance(piece, Hole):
            units.append(piece)
        elif active:
            units += _active(piece)
        else:
            units += piece
    return tuple(units)


def _active(text: str) -> Iterator[Unit]:
    at = 0
    while at < len(text):
        char = text[at]
        if char == "*":
            yield Star()
        elif char == "?":
            yield Bracket()
        elif char == "\\" and at + 1 < len(text):
            at += 1
            yield text[at]
        elif char == "[" and (end := _closing_bracket(text, at)) > 0:
            yield _bracket(text[at + 1 : end])
            at = end
        else:
            yield char
        at += 1


def _closing_bracket(text: str, at: int) -> int:
    """Where the `]` of a bracket expression stands that begins at an offset; -1 where there is none."""
    at += 2 if text.startswith(("!", "^"), at + 1) else 1
    first = at
    while at < len(text):
        if text.startswith("[:", at) and (end := text.find(":]", at + 2)) > 0:
            at = end + 2
        elif text[at] == "]" and at > first:
            return at
        else:
            at += 1
    return -1


def _bracket(inside: str) -> Unit:
    negated = inside[0] in "!^"
    body = inside[negated:]
    ranges: list[tuple[str, str]] = []
    while body:
        if body.startswith("[:"):
            name, _, body = body[2:].partition(":]")
            if name not in _CLASSES:
                return Hole(inside, empty=False)
            ranges += _CLASSES[name]
        elif len(body) > 2 and body[1] == "-":
            ranges.append((body[0], body[2]))
            body = body[3:]
        else:
            ranges.append((body[0], body[0]))
            body = body[1:]
    return Bracket(tuple(ranges), negated)


def matched_lengths(units: tuple[Unit, ...], text: str, budget: Budget) -> list[int] | None:
    """The lengths of all beginnings of a text that a pattern matches; None where that cannot be said, or
    costs more than may be spent."""
    cells = len(units) * (len(text) + 1)
    if cells > MAX_CELLS or any(isinstance(unit, Hole) for unit in units):
        return None
    taking = _Taking(units)
    # Both lengths, the product for the long integers of which each character makes some, and each bracket
    # for each kind of character.
    cost = len(units) + len(text) + cells // CELLS + taking.cost * len(set(text)) // 4
    if not budget.spend(cost):
        return None
    # Bit n of `states`: the first n units can match what was seen of the text.
    stars, whole = taking.stars, 1 << len(units)
    lengths: list[int] = []
    states = _closed(1, stars)
    for at in range(len(text) + 1):
        if states & whole:
            lengths.append(at)
        if at == len(text) or not states:
            break
        states = _closed((states & stars) | ((states & taking[text[at]]) << 1), stars)
    return lengths


class _Taking(dict[str, int]):
    """The units of a pattern that take a character, as bits; `stars` are those that are a `*`, and `cost` is
    how many ranges have to be asked for each kind of character."""

    def __init__(self, units: tuple[Unit, ...]) -> None:
        super().__init__()
        self.stars = self.cost = 0
        self._known: dict[str, int] = {}
        self._brackets: list[tuple[int, Bracket]] = []
        for index, unit in enumerate(units):
            if isinstance(unit, str):
                self._known[unit] = self._known.get(unit, 0) | 1 << index
            elif isinstance(unit, Bracket):
                self._brackets.append((1 << index, unit))
                self.cost += 1 + len(unit.ranges)
            elif isinstance(unit, Star):
                self.stars |= 1 << index

    def __missing__(self, char: str) -> int:
        bits = self._known.get(char, 0)
        for bit, bracket in self._brackets:
            bits |= bit * bracket.takes(char)
        self[char] = bits
        return bits


def _closed(states: int, stars: int) -> int:
    """The states and those behind a `*` that stands for nothing."""
    while (behind := states | ((states & stars) << 1)) != states:
        states = behind
    return states


def matches(units: tuple[Unit, ...], text: str, budget: Budget) -> bool | None:
    """Whether a pattern matches the whole of a text; None where that cannot be said."""
    lengths = matched_lengths(units, text, budget)
    return None if lengths is None else len(text) in lengths


_ONE = Hole("?", empty=False, origin=GLOB)


def described(units: tuple[Unit, ...]) -> Pattern:
    """A value that describes at least all that a pattern matches."""
    return from_pieces(
        ANYTHING if isinstance(u, Star) else _ONE if isinstance(u, Bracket) else u for u in units
    )


def may_match(units: tuple[Unit, ...], subject: Pattern, budget: Budget) -> bool:
    """Whether a `case` pattern may match a value of which not all is known, or is not wholly known itself."""
    known = matches(units, subject.literal, budget) if subject.literal is not None else None
    if known is not None:
        return known
    budget.spend(len(units) + COMPARED)
    return described(units).may_be(subject)
