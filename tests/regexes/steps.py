"""How many steps a backtracking matcher takes, counted: `re` cannot be asked, and a clock is no witness.

The tree of a pattern (`re._parser`) becomes closures that try what `sre` tries, in its order: each is handed
a position and what comes after it, and says whether both match. What `sre` spares itself (looking for a
literal prefix first, cutting off by the least width) changes a constant, not how the count grows.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from re import _constants as c  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

# Is handed a position and says whether the rest matches from there.
Rest = Callable[[int], bool]
Matcher = Callable[[int, Rest], bool]
Predicate = Callable[[str], bool]


class TooManyStepsError(Exception):
    """More steps than were allowed."""


class Counted:
    """A pattern whose steps are counted."""

    def __init__(self, pattern: str, flags: int = 0) -> None:
        tree = parser.parse(pattern, flags)
        self._flags = tree.state.flags
        self._groups: dict[int, tuple[int, int]] = {}
        self._text, self._steps, self._most = "", 0, 0
        self._match = self._sequence(tree, self._flags)

    def steps(self, text: str, use: str, most: int) -> int:
        """What one use of the pattern on a text costs.

        `use` is "match", "fullmatch", "search", or "scan" for all that goes on behind each match (`finditer`,
        `sub`, `match` with a position). Raises `TooManyStepsError` at `most` steps.
        """
        self._begin(text, most)
        end = len(text)
        if use == "fullmatch":
            self._match(0, lambda at: at == end)
        elif use == "match":
            self._match(0, lambda at: True)
        else:
            start = 0
            while start <= end:
                self._groups.clear()
                found = self._end(self._match, start)
                if found is not None and use == "search":
                    break
                start = start + 1 if found is None else max(found, start + 1)
        return self._steps

    def end_of_match(self, text: str, start: int) -> int | None:
        """Where a match ends that starts here; None where none does. What `re` says has to be the same."""
        self._begin(text, 1_000_000)
        return self._end(self._match, start)

    def _begin(self, text: str, most: int) -> None:
        self._text, self._steps, self._most = text, 0, most
        self._groups.clear()

    def _step(self, number: int = 1) -> None:
        self._steps += number
        if self._steps > self._most:
            raise TooManyStepsError

    def _sequence(self, nodes: Iterable[Any], flags: int) -> Matcher:
        parts = [self._node(op, value, flags) for op, value in nodes]
        if not parts:
            return lambda at, rest: rest(at)
        whole = parts.pop()
        while parts:
            whole = _joined(parts.pop(), whole)
        return whole

    def _node(self, op: Any, value: Any, flags: int) -> Matcher:
        if (predicate := predicate_of(op, value, flags)) is not None:
            return self._character(predicate)
        if op is c.AT:
            return self._position(value, flags)
        if op is c.BRANCH:
            return self._branch([self._sequence(one, flags) for one in value[1]])
        if op is c.SUBPATTERN:
            group, added, removed, inner = value
            match = self._sequence(inner, (flags | added) & ~removed)
            return match if group is None else self._group(group, match)
        if op is c.GROUPREF:
            return self._reference(value)
        if op in (c.MAX_REPEAT, c.MIN_REPEAT, c.POSSESSIVE_REPEAT):
            return self._repeat(op, value, flags)
        if op is c.ATOMIC_GROUP:
            return self._atomic(self._sequence(value, flags))
        if op in (c.ASSERT, c.ASSERT_NOT):
            direction, inner = value
            width = inner.getwidth()[0] if direction < 0 else 0
            return self._assertion(self._sequence(inner, flags), width, op is c.ASSERT)
        raise NotImplementedError(f"{op}: teach it to tests/regexes/steps.py")

    def _character(self, predicate: Predicate) -> Matcher:
        def match(at: int, rest: Rest) -> bool:
            self._step()
            return at < len(self._text) and predicate(self._text[at]) and rest(at + 1)

        return match

    def _position(self, code: Any, flags: int) -> Matcher:
        holds = _POSITIONS[code]

        def match(at: int, rest: Rest) -> bool:
            self._step()
            return holds(self._text, at, flags) and rest(at)

        return match

    def _branch(self, ways: list[Matcher]) -> Matcher:
        def match(at: int, rest: Rest) -> bool:
            for way in ways:  # noqa: SIM110 - `any` would fill the stack of C.
                if way(at, rest):
                    return True
            return False

        return match

    def _group(self, number: int, inner: Matcher) -> Matcher:
        def match(at: int, rest: Rest) -> bool:
            def close(end: int) -> bool:
                before = self._groups.get(number)
                self._groups[number] = (at, end)
                if rest(end):
                    return True
                if before is None:
                    del self._groups[number]
                else:
                    self._groups[number] = before
                return False

            return inner(at, close)

        return match

    def _reference(self, number: int) -> Matcher:
        def match(at: int, rest: Rest) -> bool:
            if number not in self._groups:
                return False
            start, end = self._groups[number]
            self._step(max(end - start, 1))
            return self._text.startswith(self._text[start:end], at) and rest(at + end - start)

        return match

    def _atomic(self, inner: Matcher) -> Matcher:
        def match(at: int, rest: Rest) -> bool:
            end = self._end(inner, at)
            return end is not None and rest(end)

        return match

    def _assertion(self, inner: Matcher, width: int, wanted: bool) -> Matcher:
        def match(at: int, rest: Rest) -> bool:
            found = at >= width and self._end(inner, at - width) is not None
            return found is wanted and rest(at)

        return match

    def _end(self, match: Matcher, at: int) -> int | None:
        """Where the first way to match ends, tried without what comes after it."""
        ends: list[int] = []

        def keep(end: int) -> bool:
            ends.append(end)
            return True

        return ends[0] if match(at, keep) else None

    def _repeat(self, op: Any, value: tuple[int, int, Any], flags: int) -> Matcher:
        least, most, body = value
        inner = self._sequence(body, flags)
        if op is c.POSSESSIVE_REPEAT:
            return self._possessive(inner, least, most)
        if len(body) == 1 and (predicate := predicate_of(*body[0], flags)) is not None:
            return self._run(predicate, least, most, op is c.MIN_REPEAT)
        return self._loop(inner, least, most, op is c.MIN_REPEAT)

    def _possessive(self, inner: Matcher, least: int, most: int) -> Matcher:
        def match(at: int, rest: Rest) -> bool:
            turns = 0
            while turns < most:
                end = self._end(inner, at)
                if end is None or end == at:
                    turns = turns if end is None else max(turns, least)
                    break
                at, turns = end, turns + 1
            return turns >= least and rest(at)

        return match

    def _run(self, predicate: Predicate, least: int, most: int, lazy: bool) -> Matcher:
        """A repeated character: read in one go, then given back one by one."""

        def match(at: int, rest: Rest) -> bool:
            text, end = self._text, at
            last = min(len(text), at + most)
            if lazy:
                while True:
                    if end - at >= least and rest(end):
                        return True
                    self._step()
                    if end == last or not predicate(text[end]):
                        return False
                    end += 1
            while end < last and predicate(text[end]):
                end += 1
            self._step(end - at + 1)
            for one in range(end, at + least - 1, -1):  # noqa: SIM110 - as in `_branch`.
                if rest(one):
                    return True
            return False

        return match

    def _loop(self, inner: Matcher, least: int, most: int, lazy: bool) -> Matcher:
        def turn(at: int, turns: int, rest: Rest) -> bool:
            def again() -> bool:
                return turns < most and inner(
                    at, lambda end: (end > at or turns < least) and turn(end, turns + 1, rest)
                )

            def leave() -> bool:
                return turns >= least and rest(at)

            self._step()
            return leave() or again() if lazy else again() or leave()

        return lambda at, rest: turn(at, 0, rest)


def _joined(first: Matcher, second: Matcher) -> Matcher:
    return lambda at, rest: first(at, lambda end: second(end, rest))


def predicate_of(op: Any, value: Any, flags: int) -> Predicate | None:
    """What says whether one character matches, where the node is one character."""
    if op is c.ANY:
        return (lambda char: True) if flags & re.DOTALL else (lambda char: char != "\n")
    if op is c.NOT_LITERAL:
        items, negated = [(c.LITERAL, value)], True
    elif op is c.LITERAL:
        items, negated = [(op, value)], False
    elif op is c.IN:
        negated = value[0][0] is c.NEGATE
        items = value[1:] if negated else value
    else:
        return None
    known: dict[str, bool] = {}

    def matches(char: str) -> bool:
        answer = known.get(char)
        if answer is None:
            cases = {char, char.lower(), char.upper()} if flags & re.IGNORECASE else {char}
            answer = known[char] = any(_is_in(one, items, flags) for one in cases) is not negated
        return answer

    return matches


def _is_in(char: str, items: Iterable[Any], flags: int) -> bool:
    for op, value in items:
        if op is c.LITERAL and char == chr(value):
            return True
        if op is c.RANGE and len(char) == 1 and value[0] <= ord(char) <= value[1]:
            return True
        if op is c.CATEGORY and re.match(_CATEGORIES[value], char, flags & re.ASCII):
            return True
    return False


_CATEGORIES = {
    c.CATEGORY_DIGIT: r"\d",
    c.CATEGORY_NOT_DIGIT: r"\D",
    c.CATEGORY_SPACE: r"\s",
    c.CATEGORY_NOT_SPACE: r"\S",
    c.CATEGORY_WORD: r"\w",
    c.CATEGORY_NOT_WORD: r"\W",
}


def _is_word(text: str, at: int) -> bool:
    return 0 <= at < len(text) and bool(re.match(r"\w", text[at]))


_POSITIONS: dict[Any, Callable[[str, int, int], bool]] = {
    c.AT_BEGINNING: lambda text, at, flags: at == 0 or (bool(flags & re.M) and text[at - 1] == "\n"),
    c.AT_BEGINNING_STRING: lambda text, at, flags: at == 0,
    c.AT_END: lambda text, at, flags: (
        at == len(text) or (text[at] == "\n" and (at == len(text) - 1 or bool(flags & re.M)))
    ),
    c.AT_END_STRING: lambda text, at, flags: at == len(text),
    c.AT_BOUNDARY: lambda text, at, flags: _is_word(text, at - 1) != _is_word(text, at),
    c.AT_NON_BOUNDARY: lambda text, at, flags: _is_word(text, at - 1) == _is_word(text, at),
}
