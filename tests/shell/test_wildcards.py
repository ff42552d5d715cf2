"""Where `*`, `?` and `[…]` stand in a pattern of file names."""

from __future__ import annotations

import pytest

from podlint.shell.wildcards import wildcards


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("**/x?[0-9].log", ["**", "?", "[0-9]"]),
        ("a[b*c", ["*"]),
        ("a[b*c]", ["[b*c]"]),
        ("[[a]x", ["[[a]"]),
        ("[a/b]*", ["*"]),
        ("[]", []),
        ("[]a]", ["[]a]"]),
    ],
)
def test_wildcards(text: str, expected: list[str]) -> None:
    assert [text[start:end] for start, end in wildcards(text)] == expected
