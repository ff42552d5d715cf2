"""Patterns of file names, as scripts and configuration files write them."""

from __future__ import annotations

from collections.abc import Iterator

from podlint.regex import late
from podlint.shell.patterns import GLOB, Hole, Pattern, Piece, from_pieces


def from_glob(path: str) -> Pattern:
    """A path as configuration files write it: `*` and `?` stand for characters of one component, `**` for
    any."""
    pieces: list[Piece] = []
    at = 0
    for start, end in wildcards(path):
        wild = path[start:end]
        pieces += path[at:start], Hole(wild, slash=wild[:2] == "**", empty=wild[0] == "*", origin=GLOB)
        at = end
    return from_pieces((*pieces, path[at:]))


_WILD = late(r"\*+|[?\[\]/]")


def wildcards(text: str) -> Iterator[tuple[int, int]]:
    """Where `*`, `?` and `[…]` stand in a pattern of file names. A `[…]` is not empty and holds no `/`."""
    opened = -1
    inside: list[tuple[int, int]] = []
    for found in _WILD.finditer(text):
        start, end = found.span()
        match text[start]:
            case "[":
                opened = start if opened < 0 else opened
            case "]":
                if 0 <= opened < start - 1:
                    yield opened, end
                    opened, inside = -1, []
            case "/":
                yield from inside
                opened, inside = -1, []
            case _ if opened < 0:
                yield start, end
            case _:
                inside.append((start, end))
    yield from inside
