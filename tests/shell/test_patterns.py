"""Patterns: what they match, may match, and describe together."""

from __future__ import annotations

import posixpath
import re

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from podlint.budget import Budget
from podlint.shell.globs import described, matches, units_of
from podlint.shell.patterns import (
    MAX_PIECES,
    Hole,
    Pattern,
    absolute,
    concat,
    from_pieces,
    join,
    literal,
    normalised,
    split_last,
)

_TEXT = st.text("ab/.", max_size=5)
_HOLE = st.builds(Hole, st.just("…"), st.booleans(), st.booleans())
_PATTERN = st.lists(st.one_of(_TEXT, _HOLE), max_size=5).map(from_pieces)
_LONG = st.lists(st.one_of(_TEXT, _HOLE), min_size=MAX_PIECES, max_size=3 * MAX_PIECES)
_FILLING = st.text("abc/", max_size=3)
quickly = settings(max_examples=500, derandomize=True)


def expression(pattern: Pattern) -> re.Pattern[str]:
    """The pattern as a regular expression."""
    parts = [
        re.escape(p) if isinstance(p, str) else f"[^{'' if p.slash else '/'}\0]{'*' if p.empty else '+'}"
        for p in pattern.pieces
    ]
    return re.compile("".join(parts), re.DOTALL)


def filled(pieces: list[str | Hole], fillings: list[str]) -> str:
    """A text that the pieces describe."""
    texts = []
    for piece, filling in zip(pieces, fillings, strict=False):
        if isinstance(piece, str):
            texts.append(piece)
            continue
        text = filling if piece.slash else filling.replace("/", "")
        texts.append(text if text or piece.empty else "a")
    return "".join(texts)


@quickly
@given(_PATTERN, st.text("abc/.", max_size=8))
def test_matching_is_that_of_regular_expressions(pattern: Pattern, text: str) -> None:
    assert pattern.matches(text) == bool(expression(pattern).fullmatch(text))


@quickly
@given(_PATTERN, _PATTERN)
def test_may_be_is_symmetric(left: Pattern, right: Pattern) -> None:
    assert left.may_be(right) == right.may_be(left)


@quickly
@given(_PATTERN, st.text("ab/.", max_size=8))
def test_a_literal_may_be_what_matches_it(pattern: Pattern, text: str) -> None:
    assert pattern.may_be(literal(text)) == pattern.matches(text)


@quickly
@given(_PATTERN, _PATTERN, st.lists(_FILLING, min_size=5, max_size=5))
def test_patterns_that_share_a_text_may_be_each_other(
    left: Pattern, right: Pattern, fillings: list[str]
) -> None:
    text = filled(list(left.pieces), fillings)
    if right.matches(text):
        assert left.may_be(right)


@quickly
@given(_PATTERN, _PATTERN)
def test_must_be_means_one_and_the_same_text(left: Pattern, right: Pattern) -> None:
    assert left.must_be(right) == (left.literal is not None and left == right)


@quickly
@given(_PATTERN, _PATTERN, st.lists(_FILLING, min_size=5, max_size=5))
def test_a_join_covers_both_sides(left: Pattern, right: Pattern, fillings: list[str]) -> None:
    joined = join(left, right)
    assert joined == left if left == right else joined.literal is None
    for side in (left, right):
        assert joined.matches(filled(list(side.pieces), fillings)), (joined, side)


@quickly
@given(_LONG, st.lists(_FILLING, min_size=40, max_size=40))
def test_a_widened_pattern_still_describes_its_texts(pieces: list[str | Hole], fillings: list[str]) -> None:
    pattern = from_pieces(pieces)
    assert len(pattern.pieces) <= MAX_PIECES
    assert pattern.matches(filled(pieces, fillings))


@quickly
@given(st.lists(_PATTERN, max_size=3), st.lists(_FILLING, min_size=5, max_size=5))
def test_a_concatenation_describes_the_texts_one_after_another(
    parts: list[Pattern], fillings: list[str]
) -> None:
    text = "".join(filled(list(part.pieces), fillings) for part in parts)
    assert concat(parts).matches(text)


@quickly
@given(st.text("ab/.", max_size=12))
def test_a_known_path_is_normalised_as_by_posixpath(text: str) -> None:
    path = "/" + text
    assert normalised(literal(path)).literal == "/" + posixpath.normpath(path).lstrip("/")


@quickly
@given(st.text("ab/.", max_size=8), st.text("ab/.", max_size=8))
def test_a_known_path_is_made_absolute_as_by_posixpath(directory: str, path: str) -> None:
    expected = posixpath.normpath(posixpath.join("/" + directory, path))
    assert absolute(literal(path), literal("/" + directory)).literal == "/" + expected.lstrip("/")


@quickly
@given(_PATTERN, st.lists(st.text("abc", min_size=1, max_size=3), min_size=5, max_size=5))
def test_what_is_known_of_a_path_is_normalised_without_harm(pattern: Pattern, fillings: list[str]) -> None:
    path = concat((literal("/"), pattern))
    whole = filled(list(path.pieces), ["", *fillings])
    expected = "/" + posixpath.normpath(whole).lstrip("/")
    assert normalised(path).matches(expected) or expected != whole.rstrip("/"), (path, whole)


@quickly
@given(_PATTERN, st.lists(_FILLING, min_size=5, max_size=5))
def test_a_path_is_split_at_its_last_slash(pattern: Pattern, fillings: list[str]) -> None:
    text = filled(list(pattern.pieces), fillings)
    head, tail = split_last(pattern)
    directory, slash, name = text.rpartition("/")
    assert tail.matches(name), (pattern, text)
    assume(slash)
    assert (
        head.matches(directory)
        or head.matches(directory or "/")
        or any(isinstance(p, Hole) and p.slash for p in pattern.pieces)
    )


_GLOB = st.text("ab*?[]!-\\^", max_size=7)


@quickly
@given(_GLOB, st.text("ab-!]\\", max_size=5))
def test_what_a_glob_matches_its_description_matches_too(glob: str, text: str) -> None:
    units = units_of([(glob, True)])
    if matches(units, text, Budget()):
        assert described(units).matches(text)
    assert matches(units_of([(glob, False)]), text, Budget()) == (glob == text)
