"""Values of the abstract shell: patterns of literal pieces and holes, with the questions "may" and "must"
they match."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import TypeAlias

from msgspec import Struct
from msgspec.structs import replace

MAX_PIECES = 12
"""A pattern with more pieces than this is widened: what grows in a loop stays small."""
MAX_LITERAL = 100_000
"""A literal longer than this becomes a hole."""


class Origin(Struct, frozen=True):
    """What an unknown piece of a value comes from; this class itself stands for what is not known."""


class Glob(Origin, frozen=True):
    """A pattern of file names: `*`, `?`, `[a-z]`."""


class Variable(Origin, frozen=True):
    """A variable or special parameter whose value is not known, by its name: `PORT`, `!`, `$`."""

    name: str


class Zero(Origin, frozen=True):
    """`$?` where it can only be 0. `errexit`: because `set -e` would have ended the shell otherwise."""

    errexit: bool


class Printed(Origin, frozen=True):
    """The output of a command.

    `operands` are its operands as expanded. `files` are the absolute paths of the files whose text, or a part
    of it, is what was printed.
    """

    command: str
    operands: tuple[Pattern, ...] = ()
    files: tuple[Pattern, ...] = ()


NOT_KNOWN = Origin()
GLOB = Glob()


class Hole(Struct, frozen=True):
    """A piece of a value that cannot be known. `shown` is how the script wrote it, for people.

    `slash`: whether the unknown text may contain a "/"; `empty`: whether it may be empty.
    """

    shown: str = "…"
    slash: bool = True
    empty: bool = True
    origin: Origin = NOT_KNOWN


ANYTHING = Hole()

Piece: TypeAlias = str | Hole


class Pattern(Struct, frozen=True):
    """A value: literal pieces and holes in order, adjacent literals merged, no empty literal."""

    pieces: tuple[Piece, ...] = ()

    @property
    def literal(self) -> str | None:
        """The value where it is fully known, else None."""
        if not self.pieces:
            return ""
        if len(self.pieces) == 1 and isinstance(self.pieces[0], str):
            return self.pieces[0]
        return None

    @property
    def not_empty(self) -> Pattern:
        """The same where it is known not to be empty."""
        match self.pieces:
            case (Hole() as only,):
                return Pattern((replace(only, empty=False),))
        return self

    @property
    def prefix(self) -> str:
        """The literal text that the value begins with, as far as it is known."""
        return self.pieces[0] if self.pieces and isinstance(self.pieces[0], str) else ""

    @property
    def suffix(self) -> str:
        """The literal text that the value ends with, as far as it is known."""
        return self.pieces[-1] if self.pieces and isinstance(self.pieces[-1], str) else ""

    @property
    def size(self) -> int:
        """How many characters are known, and holes."""
        return sum(len(piece) if isinstance(piece, str) else 1 for piece in self.pieces)

    def __str__(self) -> str:
        return "".join(p if isinstance(p, str) else p.shown for p in self.pieces)

    def __add__(self, other: Pattern) -> Pattern:
        return concat((self, other))

    def may_be(self, other: Pattern) -> bool:
        """Whether some text is described by both patterns."""
        mine, theirs = self.literal, other.literal
        if mine is not None and theirs is not None:
            return mine == theirs
        met = _met_at_ends(self, other)
        return _meet(self.pieces, other.pieces) if met is None else met

    def must_be(self, other: Pattern) -> bool:
        """Whether both patterns describe exactly one and the same text."""
        mine = self.literal
        return mine is not None and mine == other.literal

    def matches(self, text: str) -> bool:
        """Whether the pattern describes this text."""
        return _meet(self.pieces, (text,) if text else ())


def _met_at_ends(one: Pattern, other: Pattern) -> bool | None:
    """Whether two patterns may be the same text, where their ends tell; None where they do not. Most patterns
    have one hole, and going through all characters of both takes many times as long."""
    prefix, suffix = sorted((one.prefix, other.prefix), key=len), sorted((one.suffix, other.suffix), key=len)
    if not prefix[1].startswith(prefix[0]) or not suffix[1].endswith(suffix[0]):
        return False
    whole = one.literal if one.literal is not None else other.literal
    # Any text may stand between the longer ends.
    text = f"{prefix[1]}x{suffix[1]}" if whole is None else whole
    for pattern in (one, other):
        if len(pattern.pieces) > 3 or sum(isinstance(piece, Hole) for piece in pattern.pieces) > 1:
            return None
        hole = next((piece for piece in pattern.pieces if isinstance(piece, Hole)), None)
        if hole is not None:
            start, end = len(pattern.prefix), len(text) - len(pattern.suffix)
            if start > end or (start == end and not hole.empty):
                return False
            if not hole.slash and "/" in text[start:end]:
                # The ends of two patterns may overlap.
                return False if whole is not None else None
    return True


EMPTY = Pattern()
UNKNOWN = Pattern((ANYTHING,))


def literal(text: str) -> Pattern:
    """The pattern of exactly this text."""
    if len(text) > MAX_LITERAL:
        return UNKNOWN
    return Pattern((text,)) if text else EMPTY


def hole(shown: str, *, slash: bool = True, empty: bool = True, origin: Origin = NOT_KNOWN) -> Pattern:
    """The pattern of one unknown piece."""
    return Pattern((Hole(shown if len(shown) <= 60 else shown[:57] + "…", slash, empty, origin),))


ANY_NAME = hole("*", origin=GLOB)
"""Any file below a directory, however deep."""


def common_origin(pieces: Iterable[Piece]) -> Origin:
    """Where the unknown pieces among some come from, if it is the same for all; a glob stays one whatever it
    stands beside."""
    origins = {piece.origin for piece in pieces if isinstance(piece, Hole)}
    if GLOB in origins:
        return GLOB
    return origins.pop() if len(origins) == 1 else NOT_KNOWN


def from_pieces(pieces: Iterable[Piece]) -> Pattern:
    """A normalised pattern; widened when it has grown too large."""
    whole = [piece for piece in pieces if piece != ""]
    if len(whole) < 2:
        # So are nearly all: nothing to merge.
        return UNKNOWN if whole and _is_too_long(whole[0]) else Pattern(tuple(whole))
    merged: list[Piece] = []
    for piece in whole:
        last = merged[-1] if merged else None
        if isinstance(piece, str) and isinstance(last, str):
            merged[-1] = last + piece
        elif isinstance(piece, Hole) and isinstance(last, Hole):
            merged[-1] = Hole(
                shown=_joined(last.shown, piece.shown),
                slash=last.slash or piece.slash,
                empty=last.empty and piece.empty,
                origin=common_origin((last, piece)),
            )
        else:
            merged.append(piece)
    if len(merged) > MAX_PIECES:
        merged = [*merged[: MAX_PIECES // 2], ANYTHING, merged[-1]]
        return from_pieces(merged)
    if sum(len(p) for p in merged if isinstance(p, str)) > MAX_LITERAL:
        return UNKNOWN
    return Pattern(tuple(merged))


def _is_too_long(piece: Piece) -> bool:
    return isinstance(piece, str) and len(piece) > MAX_LITERAL


def _joined(left: str, right: str) -> str:
    shown = left + right
    return shown if len(shown) <= 60 and shown != "……" else "…"


def concat(patterns: Iterable[Pattern]) -> Pattern:
    """The values one after another."""
    return from_pieces(piece for pattern in patterns for piece in pattern.pieces)


def join(left: Pattern, right: Pattern) -> Pattern:
    """A pattern that describes whatever either describes: the common ends are kept, the rest is a hole."""
    if left == right:
        return left
    a, b = list(left.pieces), list(right.pieces)
    head: list[Piece] = []
    while a and b and a[0] == b[0]:
        head.append(a.pop(0))
        b.pop(0)
    if a and b and isinstance(a[0], str) and isinstance(b[0], str):
        common = _common_prefix(a[0], b[0])
        head.append(common)
        a[0], b[0] = a[0][len(common) :], b[0][len(common) :]
    tail: list[Piece] = []
    while len(a) > 1 and len(b) > 1 and a[-1] == b[-1]:
        tail.insert(0, a.pop())
        b.pop()
    rest = [p for p in (*a, *b) if p != ""]
    slash = any(p.slash if isinstance(p, Hole) else "/" in p for p in rest)
    return from_pieces([*head, Hole("…", slash), *tail])


def _common_prefix(left: str, right: str) -> str:
    length = 0
    for a, b in zip(left, right, strict=False):
        if a != b:
            break
        length += 1
    return left[:length]


@lru_cache(maxsize=4096)
def _meet(left: tuple[Piece, ...], right: tuple[Piece, ...]) -> bool:
    """Whether two sequences of literals and holes can spell the same text (an intersection of wildcard
    patterns)."""
    if all(isinstance(p, str) for p in (*left, *right)):
        return left == right
    a, b = sorted((_units(left), _units(right)), key=len)
    if len(b) > MAX_UNITS or len(a) * len(b) > MAX_CELLS:
        return True
    # Bit j of `spelled`: the units of `a` seen so far and the first j of `b` can spell the same text. A hole
    # may stand for nothing (where it may be empty), or take one more unit of the other side and go on.
    empty, holes, taking = _masks(b)
    spelled = _spread(1, empty)
    for one in a:
        takes = taking(one)
        # Behind a hole of `b` it goes on (that is the bit above it), or behind any unit that it takes.
        there = ((spelled & takes) << 1) | (spelled & ((takes & holes) << 1))
        if isinstance(one, Hole):
            there = _spread(there | (spelled if one.empty else 0), takes | empty)
        else:
            there = _spread(there, empty)
        if not there:
            return False
        spelled = there
    return bool(spelled >> len(b) & 1)


MAX_UNITS = 10_000
MAX_CELLS = 4_000_000
"""Patterns of more units, or whose comparison would cost more than this, are taken to match: unknown, not
equal. (A path has at most 4,096 characters.)"""


def _masks(units: list[str | Hole]) -> tuple[int, int, Callable[[str | Hole], int]]:
    """Of some units, as bits: those that may be empty, the holes, and those that another unit may stand for
    the same character with."""
    empty = holes = slashes = 0
    chars: dict[str, int] = {}
    for index, unit in enumerate(units):
        if isinstance(unit, Hole):
            holes |= 1 << index
            empty |= unit.empty << index
            slashes |= unit.slash << index
        else:
            chars[unit] = chars.get(unit, 0) | 1 << index
    every = (1 << len(units)) - 1

    def taking(one: str | Hole) -> int:
        if isinstance(one, Hole):
            return every if one.slash else every ^ chars.get("/", 0)
        return chars.get(one, 0) | (slashes if one == "/" else holes)

    return empty, holes, taking


def _spread(bits: int, through: int) -> int:
    """Bits, and those above them as far as each step leads through one of some others."""
    step = 1
    while through:
        bits |= (bits & through) << step
        through &= through >> step
        step *= 2
    return bits


def _units(pieces: tuple[Piece, ...]) -> list[str | Hole]:
    """Single characters and holes."""
    units: list[str | Hole] = []
    for piece in pieces:
        if isinstance(piece, str):
            units.extend(piece)
        else:
            units.append(piece)
    return units


def split_last(path: Pattern) -> tuple[Pattern, Pattern]:
    """Directory (without its trailing slash, "/" for the root) and last component of a path.

    Where a hole may hold the last slash, the component is a hole and the directory what is known before it.
    """
    for index in range(len(path.pieces) - 1, -1, -1):
        piece = path.pieces[index]
        if isinstance(piece, Hole):
            if piece.slash:
                return from_pieces(path.pieces[: index + 1]), Pattern(
                    (replace(piece, slash=False, empty=True),)
                )
            continue
        cut = piece.rfind("/")
        if cut >= 0:
            head = from_pieces((*path.pieces[:index], piece[:cut]))
            return (head if head.pieces else literal("/")), from_pieces(
                (piece[cut + 1 :], *path.pieces[index + 1 :])
            )
    return EMPTY, path


def absolute(path: Pattern, directory: Pattern) -> Pattern:
    """The path as seen from a directory, with `//`, `.` and `..` resolved as far as literal text allows.

    A path that begins with a hole stays as it is where the hole may hold a slash: it may be absolute or not.
    """
    first = path.pieces[0] if path.pieces else ""
    if isinstance(first, Hole) and first.slash:
        return path
    if isinstance(first, Hole) or not first.startswith("/"):
        path = concat((directory, literal("/"), path)) if directory.prefix.startswith("/") else path
    return normalised(path)


def normalised(path: Pattern) -> Pattern:
    """`//`, `/./` and `/x/..` folded inside literal pieces; no trailing slash except for "/" itself."""
    whole = path.literal
    if whole is not None:
        return literal(_fold(whole)) if whole.startswith("/") else path
    pieces = list(path.pieces)
    for index, piece in enumerate(pieces):
        if isinstance(piece, str):
            while "//" in piece:
                piece = piece.replace("//", "/")
            piece = piece.replace("/./", "/")
            if index == 0 and "/../" in piece and piece.startswith("/"):
                cut = piece.rfind("/")
                piece = _fold(piece[:cut]).rstrip("/") + piece[cut:]
            pieces[index] = piece
    if isinstance(pieces[-1], str):
        pieces[-1] = pieces[-1].rstrip("/")
    return from_pieces(pieces)


def _fold(path: str) -> str:
    """An absolute literal path in its shortest form, as a kernel would walk it without symbolic links."""
    parts: list[str] = []
    for part in path.split("/"):
        if part == "..":
            if parts:
                parts.pop()
        elif part not in ("", "."):
            parts.append(part)
    return "/" + "/".join(parts)
