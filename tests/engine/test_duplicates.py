"""Keys that stand twice in one mapping, each with the one that it repeats."""

from __future__ import annotations

from podlint.engine.duplicates import duplicate_keys
from tests.source.reading import roots


def test_each_repeated_key_comes_with_the_first_of_its_name() -> None:
    (root,) = roots("a: 1\nb: [{c: 2, c: 3}]\n'a': 4\na: 5\n<<: {b: 6}\n<<: {d: 7}\n[a]: 8\n[a]: 9\n")
    lines = [
        (second.value, second.span.position.line, first.span.position.line)
        for second, first in duplicate_keys(root)
    ]
    assert lines == [("a", 3, 1), ("a", 4, 1), ("c", 2, 2)]
