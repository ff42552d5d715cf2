"""Keys that stand twice in one mapping, each with the one that it repeats."""

from __future__ import annotations

from podlint.engine.duplicates import duplicate_keys
from tests.source.reading import roots


def test_each_repeated_key_comes_with_the_first_of_its_name() -> None:
    (root,) = roots("a: 1\nb: [{c: 2, c: 3}]\n'a': 4\na: 5\n<<: {b: 6}\n<<: {d: 7}\n[a]: 8\n[a]: 9\n")
    lines = [
        (one.key.value, one.key.span.position.line, one.first.span.position.line)
        for one in duplicate_keys(root)
    ]
    assert lines == [("a", 3, 1), ("a", 4, 1), ("c", 2, 2)]


def test_values_that_are_written_alike_are_the_same() -> None:
    (root,) = roots("a: {b: [1]}\nc: |\n  x\na: {b:\n    [1]}\nc: |\n  y\nd:\nd:\n")
    assert [(one.key.value, one.same) for one in duplicate_keys(root)] == [
        ("a", True),
        ("c", False),
        ("d", True),
    ]
