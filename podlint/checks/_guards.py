"""Tests for files that nothing but the image could provide, and what is only done where one succeeds."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from itertools import pairwise
from typing import TypeAlias

from podlint.shell.grammar import parse
from podlint.shell.patterns import literal
from podlint.shell.syntax import AndOr, Command, If, Sequence, SimpleCommand, Test
from podlint.shell.traversal import literal_word, walk
from podlint.storage.index import PlaceIndex
from podlint.vocabulary import ContainerView, Kind, PlacedEffect

_ASKING = frozenset({"-a", "-d", "-e", "-f", "-h", "-L", "-r", "-s", "-x"})
"""Operators of `test` that hold only where there is a file."""
_OTHERWISE = frozenset({"!", "||", "-o"})

_Branch: TypeAlias = tuple[int, int, str]
"""Where a stretch of a script begins and ends, and the file without which it is not run."""


class Guards:
    """The files for which the scripts of a container ask before they do something. Each script is searched
    once."""

    def __init__(self, container: ContainerView) -> None:
        self._container = container
        self._branches: dict[int, list[_Branch]] = {}

    def of(self, effect: PlacedEffect) -> str:
        """The file on no volume without which a script does not come to an effect, "" where there is none or
        where the container itself may make it."""
        if effect.certain:
            return ""
        branches = self._branches.get(id(effect.text))
        if branches is None:
            branches = self._branches[id(effect.text)] = list(_branches(parse(effect.text.value)))
        for start, end, path in branches:
            if start <= effect.start and effect.end <= end:
                place = self._container.place_of(literal(path))
                if place.kind is Kind.PRIVATE and not self._made.any_holding(place):
                    return path
        return ""

    @cached_property
    def _made(self) -> PlaceIndex[None]:
        made: PlaceIndex[None] = PlaceIndex()
        for effect in self._container.effects.making():
            made.add(effect.place, None)
        return made


def _branches(script: Sequence) -> Iterator[_Branch]:
    """What of a script is only run where a file is there."""
    for node in walk(script):
        if isinstance(node, AndOr) and node.operator == "&&":
            yield from ((node.right.start, node.right.end, path) for path in _asked_by(node.left))
        elif isinstance(node, If):
            for condition, body in node.branches:
                if len(condition.commands) == 1 and body.commands:
                    # The body as a whole reaches up to `fi`, over what `else` holds.
                    start, end = body.commands[0].start, body.commands[-1].end
                    yield from ((start, end, path) for path in _asked_by(condition.commands[0]))


def _asked_by(condition: Command) -> Iterator[str]:
    """The files that are there where a condition holds."""
    if isinstance(condition, AndOr) and condition.operator == "&&":
        yield from _asked_by(condition.left)
        yield from _asked_by(condition.right)
    if isinstance(condition, Test):
        words = [literal_word(word) for word in condition.words]
    elif isinstance(condition, SimpleCommand):
        command, *words = [literal_word(word) for word in condition.words] or [None]
        words = words if command == "test" else []
    else:
        return
    if _OTHERWISE.isdisjoint(word or "" for word in words):
        for operator, path in pairwise(words):
            if operator in _ASKING and path is not None and path.startswith("/"):
                yield path
