"""The kubelet's rewriting of `$(NAME)` and `$$`, which happens before any shell sees the string."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TypeAlias

from msgspec import Struct

from podlint.manifest.references import Argument, Reference, ReferenceState
from podlint.source.text import Piece, Text


class Value(Struct, frozen=True):
    """What a variable holds. `unknown` are the ranges of `text` that cannot be known, in order and
    disjoint."""

    text: str
    unknown: tuple[tuple[int, int], ...] = ()


Lookup: TypeAlias = Callable[[str], Value | ReferenceState]
"""Answers for a name with its value, or with the state of a reference that stays as written."""

# Behind these states stands a value that is not the text we keep.
_HIDDEN = (ReferenceState.UNKNOWN, ReferenceState.MAYBE)
_REPLACED = (ReferenceState.EXPANDED, ReferenceState.COLLAPSED)


def expand(text: Text, lookup: Lookup) -> Argument:
    """Rewrite `$(NAME)` and `$$` as the kubelet does (kubernetes
    `third_party/forked/golang/expansion/expand.go`).

    One pass from left to right; values are not looked at again. Every character of the result still knows its
    source: a replaced reference stands for its whole `$(NAME)`.
    """
    if "$(" not in text.value and "$$" not in text.value:
        return Argument(text)
    rewriting = _Rewriting(text)
    for start, end, name in _references(text.value):
        if name is None:
            rewriting.replace(start, end, "$", Value("$"), ReferenceState.COLLAPSED)
            continue
        found = lookup(name)
        if isinstance(found, Value):
            rewriting.replace(start, end, name, found, ReferenceState.EXPANDED)
        else:
            rewriting.keep(start, end, name, found)
    return rewriting.finish()


def leave(text: Text) -> Argument:
    """A string that the kubelet does not touch (lifecycle hooks), with the references that people may have
    expected to be expanded, all of them `LITERAL`."""
    if "$(" not in text.value:
        return Argument(text)
    found = [
        Reference(name, ReferenceState.LITERAL, text.slice(start, end), start, end)
        for start, end, name in _references(text.value)
        if name is not None
    ]
    return Argument(text, (), tuple(found))


def _references(written: str) -> Iterator[tuple[int, int, str | None]]:
    """Start, end and name of each reference; the name of a `$$` is None."""
    last_close = written.rfind(")")
    at = written.find("$")
    while 0 <= at < len(written) - 1:
        after = at + 2
        if written[at + 1] == "$":
            yield at, after, None
        elif written[at + 1] == "(" and after <= last_close:
            after = written.index(")", after) + 1
            yield at, after, written[at + 2 : after - 1]
        at = written.find("$", after)


class _Rewriting:
    """The result as it grows, from left to right."""

    def __init__(self, text: Text) -> None:
        self._text = text
        self._parts: list[str] = []
        self._pieces: list[Piece] = []
        self._unknown: list[tuple[int, int]] = []
        self._references: list[Reference] = []
        self._length = 0
        self._read = 0

    def replace(self, start: int, end: int, name: str, value: Value, state: ReferenceState) -> None:
        """Let `value` stand for the characters from `start` up to `end`."""
        self._copy(start)
        size = len(value.text)
        sizes: tuple[int, ...] = (size,)
        if size == end - start:
            # A piece as long as its range would be taken for a copy, character by character.
            sizes = (1, size - 1)
        self._pieces += [Piece(length, start, end) for length in sizes]
        self._parts.append(value.text)
        at = self._length
        self._unknown += [(at + first, at + last) for first, last in value.unknown]
        self._length = at + size
        self._note(start, end, name, state, at)
        self._read = end

    def keep(self, start: int, end: int, name: str, state: ReferenceState) -> None:
        """Leave the characters from `start` up to `end` as they are."""
        self._copy(end)
        at = self._length - (end - start)
        if state in _HIDDEN:
            self._unknown.append((at, self._length))
        self._note(start, end, name, state, at)

    def finish(self) -> Argument:
        """Copy the rest; the whole."""
        self._copy(len(self._text.value))
        text = self._text
        if any(reference.state in _REPLACED for reference in self._references):
            text = text.derive("".join(self._parts), tuple(self._pieces))
        return Argument(text, tuple(self._unknown), tuple(self._references))

    def _copy(self, end: int) -> None:
        if end > self._read:
            self._parts.append(self._text.value[self._read : end])
            self._pieces.append(Piece(end - self._read, self._read, end))
            self._length += end - self._read
            self._read = end

    def _note(self, start: int, end: int, name: str, state: ReferenceState, at: int) -> None:
        self._references.append(Reference(name, state, self._text.slice(start, end), at, self._length))
