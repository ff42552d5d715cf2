"""No regular expression of the package takes more than linear time, whatever text a manifest hands it.

How it is shown: `tests/regexes/collect.py` finds all patterns with their uses, `adversary.py` makes strings
of each pattern's own structure, `steps.py` counts what a backtracking matcher does with them, and
`growth.py` compares the counts of three sizes. No clock is asked.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from importlib import import_module
from itertools import islice
from typing import NamedTuple

import pytest

from podlint.source.ignore_patterns import parse_pattern
from tests.regexes.adversary import Adversary
from tests.regexes.breaks import BREAKS
from tests.regexes.collect import ALL_USES, ROOT, Built, Pattern, compiled, module_names, patterns
from tests.regexes.growth import hardest, superlinear
from tests.regexes.steps import Counted

pytestmark = pytest.mark.thorough

FOUND = list(patterns())
PATTERNS = [one for one in FOUND if isinstance(one, Pattern)]
BUILT = {"podlint.source.documents:_spellings": "made while the module is imported, which holds the results"}
"""Calls that make patterns of values which are not there to be read, and where these patterns are tested."""
BUILT_WHEN_RUN = {
    "podlint.source.ignore_patterns:parse_pattern": [
        *("*a*a*a", "**/*a*a*a/**/x", "[a-z]*[a-z]*[a-z]*b", "a**b/**/c*", "?*?*?*x", "**/a/**/a/**/b"),
    ]
}
"""Calls that make patterns of what somebody writes, and texts of which the patterns are made for the test."""
HELD = [
    Pattern(f"{module}:{text[:20]}", text, 0, ALL_USES)
    for module, text in compiled()
    if all(text != one.pattern for one in PATTERNS)
]


class Bounded(NamedTuple):
    """Why a pattern that is not linear may stay, and the constant of its module that bounds what it reads."""

    reason: str
    constant: str


BOUNDED = {
    "podlint.source.documents:_VALUE_FOLLOWS": Bounded(
        "looks backwards from a quote, over a slice of this length", "_LOOK_BEHIND"
    )
}
MOST_STEPS = 30_000
"""What one use of a pattern may cost on all that its bound lets it read."""


@pytest.fixture(autouse=True)
def deep_stack() -> Iterator[None]:
    """Each turn of a repetition is a few frames."""
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(20_000)
    yield
    sys.setrecursionlimit(before)


@pytest.mark.parametrize("pattern", [*PATTERNS, *HELD], ids=lambda one: one.place)
def test_a_pattern_is_linear(pattern: Pattern) -> None:
    if pattern.place in BOUNDED:
        return
    for use in hardest(pattern.uses):
        assert superlinear(pattern.pattern, pattern.flags, use) is None, f"{use} of {pattern.pattern}"


@pytest.mark.parametrize("place", BOUNDED)
def test_a_pattern_that_is_not_linear_reads_little(place: str) -> None:
    pattern = next(one for one in PATTERNS if one.place == place)
    bound = getattr(import_module(place.partition(":")[0]), BOUNDED[place].constant)
    counted = Counted(pattern.pattern, pattern.flags)
    for use in hardest(pattern.uses):
        assert superlinear(pattern.pattern, pattern.flags, use), "linear by now: no exception is needed"
        for start, word, end in Adversary(pattern.pattern, pattern.flags).attempts():
            text = (start + word * bound)[: bound - len(end)] + end
            counted.steps(text, use, MOST_STEPS)


def test_only_known_calls_make_patterns_of_values() -> None:
    assert {one.place for one in FOUND if isinstance(one, Built)} == {*BUILT, *BUILT_WHEN_RUN}
    assert {one.place.partition(":")[0] for one in HELD} == {place.partition(":")[0] for place in BUILT}


@pytest.mark.parametrize("line", BUILT_WHEN_RUN["podlint.source.ignore_patterns:parse_pattern"])
def test_a_pattern_of_a_gitignore_is_linear(line: str) -> None:
    parsed = parse_pattern(line)
    assert parsed is not None
    assert superlinear(parsed.regex.pattern, parsed.regex.flags & re.DOTALL, "match") is None


def test_the_patterns_are_found() -> None:
    """`re` goes by its own name everywhere, so that no call is overlooked."""
    assert len(PATTERNS) > 150
    for name in module_names():
        path = ROOT.joinpath(*name.split("."))
        source = (path / "__init__.py" if path.is_dir() else path.with_suffix(".py")).read_text("utf-8")
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.ImportFrom):
                assert node.module != "re", name
            if isinstance(node, (ast.Import, ast.ImportFrom)):
                assert not [one for one in node.names if one.name in ("re", "late") and one.asname], name


@pytest.mark.parametrize("name", BREAKS)
def test_a_pattern_that_was_not_linear_is_found_out(name: str) -> None:
    assert superlinear(*BREAKS[name])


@pytest.mark.parametrize(
    ("pattern", "use"),
    [
        (r"a*a*b", "match"),
        (r"(?:a|ab|b)*c", "match"),
        (r"(?:a+)+b", "match"),
        (r"\s+$", "search"),
        (r"x[^y]*y", "scan"),
        (r"(?s).*a.*b", "fullmatch"),
        (r"(?i)(?:AB|ab)*!", "match"),
        (r"(?=(a*))\1*b", "search"),
        (r"a(?=[^b]*b)", "scan"),
    ],
)
def test_textbook_cases_are_found_out(pattern: str, use: str) -> None:
    assert superlinear(pattern, 0, use)


@pytest.mark.parametrize(
    ("pattern", "use"),
    [
        (r"a*b", "match"),
        (r"(?<!a)a*+b", "search"),
        (r"(?:a++|b)*+c", "match"),
        (r"x[^xy]*y", "scan"),
        (r"(?>a*)b", "match"),
        (r"[a-z]{1,40}[a-z]{1,20}!", "match"),
        (r"(?s)\"(?:[^\"\\]|\\.)*+(?:\"|\\?\Z)", "scan"),
    ],
)
def test_linear_cases_are_let_through(pattern: str, use: str) -> None:
    assert superlinear(pattern, 0, use) is None


@pytest.mark.parametrize("pattern", PATTERNS, ids=lambda one: one.place)
def test_the_counter_matches_what_re_matches(pattern: Pattern) -> None:
    expected, counted = re.compile(pattern.pattern, pattern.flags), Counted(pattern.pattern, pattern.flags)
    for start, word, end in islice(Adversary(pattern.pattern, pattern.flags).attempts(), 200):
        text = start + word * 3 + end
        for at in range(0, len(text), 5):
            match = expected.match(text, at)
            assert counted.end_of_match(text, at) == (match.end() if match else None), (text, at)
