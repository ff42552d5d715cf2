"""Strings that make a pattern work hard, made from its own structure.

A backtracking matcher takes more than linear time where a word can be read in two ways again and again,
or where it starts anew at each of many words and reads on to the end. So each string is a way into a
repetition, a word many times over, and an end that fails. The words are single characters, what repetitions
repeat, and what leads from one repetition to another or from the start to one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import combinations, islice, product
from re import _constants as c  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any, NamedTuple

from tests.regexes.steps import Predicate, predicate_of

# Tried first to stand for a class of characters.
_USUAL = "a0A_-. \n\t!x/é\r\x00\u2028"
_REPEATS = (c.MAX_REPEAT, c.MIN_REPEAT, c.POSSESSIVE_REPEAT)
_BOUNDED = 64
_MOST_SAMPLES = 12
_MOST_CHARACTERS = 16
_MOST_WORDS = 24
_MOST_WAYS = 6
_MOST_ENDS = 3


class _Sample(NamedTuple):
    """A string that a part of the pattern matches, and from where to where its unbounded repetitions go."""

    text: str
    loops: tuple[tuple[int, int], ...] = ()

    def then(self, other: _Sample) -> _Sample:
        moved = ((start + len(self.text), end + len(self.text)) for start, end in other.loops)
        return _Sample(self.text + other.text, (*self.loops, *moved))


_EMPTY = [_Sample("")]


class Adversary:
    """What can be tried against one pattern."""

    def __init__(self, pattern: str, flags: int = 0) -> None:
        tree = parser.parse(pattern, flags)
        self._predicates: list[Predicate] = []
        self._literals: dict[str, None] = {}
        self._repeated: list[tuple[Any, int]] = []
        self._look_at(tree, tree.state.flags)
        self._characters = self._representatives()
        self._whole = self._samples(tree, tree.state.flags)

    @property
    def repeats(self) -> bool:
        """Whether anything is repeated without a bound."""
        return bool(self._repeated)

    def attempts(self) -> Iterator[tuple[str, str, str]]:
        """A way in, a word to be repeated, and an end; none of them twice."""
        ways = {"": None} | {one.text[:start]: None for one in self._whole for start, _ in one.loops}
        bodies = {one.text: None for body, flags in self._repeated for one in self._samples(body, flags)}
        words = [*self._characters[:_MOST_CHARACTERS], *islice(bodies | self._between(), _MOST_WORDS)]
        ends = ["", *self._characters[-_MOST_ENDS:]]
        yield from product(islice(ways, _MOST_WAYS), filter(None, dict.fromkeys(words)), ends)

    def _between(self) -> dict[str, None]:
        """What leads from one repetition to another, and from the start to each and to the end."""
        found: dict[str, None] = {}
        for one in self._whole:
            marks = sorted({0, len(one.text), *(mark for loop in one.loops for mark in loop)})
            found |= {one.text[start:end]: None for start, end in combinations(marks, 2)}
        return found

    def _look_at(self, nodes: Iterable[Any], flags: int) -> None:
        """Note which characters the pattern tells apart, and what it repeats."""
        for op, value in nodes:
            if (predicate := predicate_of(op, value, flags)) is not None:
                self._predicates.append(predicate)
                self._literals.update(dict.fromkeys(_named(op, value)))
            elif op in _REPEATS and value[1] > _BOUNDED:
                self._repeated.append((value[2], flags))
            for inner, inner_flags in _inside(op, value, flags):
                self._look_at(inner, inner_flags)

    def _representatives(self) -> list[str]:
        """One character of each class that the pattern tells apart, first those that it has most use for."""
        classes: dict[tuple[bool, ...], str] = {}
        for char in (*_USUAL, *self._literals):
            classes.setdefault(tuple(matches(char) for matches in self._predicates), char)
        return [classes[one] for one in sorted(classes, key=sum, reverse=True)]

    def _samples(self, nodes: Iterable[Any], flags: int) -> list[_Sample]:
        """Strings that a sequence matches: each way through each of its parts is in one of them."""
        found = _EMPTY
        for op, value in nodes:
            found = _joined(found, self._node(op, value, flags))
        return found

    def _node(self, op: Any, value: Any, flags: int) -> list[_Sample]:
        if (predicate := predicate_of(op, value, flags)) is not None:
            fitting = [char for char in self._characters if predicate(char)][:3]
            return [_Sample(char) for char in fitting or _named(op, value)[:1]]
        if op in _REPEATS:
            least, most, body = value
            return [*(_turned(one, least, most) for one in self._samples(body, flags)), *_EMPTY[least:]]
        if op in (c.ASSERT, c.ASSERT_NOT, c.AT, c.GROUPREF):
            return _EMPTY
        ways = [self._samples(inner, inside) for inner, inside in _inside(op, value, flags)]
        # The first of each before the second of any.
        return [way[n] for n in range(_MOST_SAMPLES) for way in ways if n < len(way)]


def _turned(once: _Sample, least: int, most: int) -> _Sample:
    text = once.text * max(least, 1)
    return _Sample(text, (*once.loops, (0, len(text))) if most > _BOUNDED else once.loops)


def _joined(first: list[_Sample], second: list[_Sample]) -> list[_Sample]:
    """Each of both in at least one pair; all pairs would be too many."""
    number = min(max(len(first), len(second)), _MOST_SAMPLES)
    pairs = [first[n % len(first)].then(second[n % len(second)]) for n in range(number)]
    return list(dict.fromkeys(pairs))


def _inside(op: Any, value: Any, flags: int) -> list[tuple[Any, int]]:
    """The sequences inside a node, with their flags."""
    if op is c.BRANCH:
        return [(one, flags) for one in value[1]]
    if op is c.SUBPATTERN:
        return [(value[3], (flags | value[1]) & ~value[2])]
    if op in _REPEATS:
        return [(value[2], flags)]
    if op in (c.ASSERT, c.ASSERT_NOT):
        return [(value[1], flags)]
    return [(value, flags)] if op is c.ATOMIC_GROUP else []


def _named(op: Any, value: Any) -> list[str]:
    """The characters that a node of one character names."""
    if op in (c.LITERAL, c.NOT_LITERAL):
        return [chr(value)]
    if op is c.IN:
        return [char for inner in value for char in _named(*inner)]
    return [chr(value[0]), chr(value[1])] if op is c.RANGE else []
