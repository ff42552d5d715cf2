"""Values: what kubectl takes a scalar for."""

from __future__ import annotations

import pytest

from podlint.source.nodes import YamlNode
from podlint.source.values import as_bool, as_int, is_null
from tests.source.reading import roots


def node(text: str) -> YamlNode:
    (root,) = roots(f"- {text}\n")
    return root.items[0]  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("0", 0), ("420", 420), ("-5", -5), ("+5", 5), ("0755", 493), ("0o755", 493), ("0O17", 15),
        ("-010", -8), ("0x1F", 31), ("0Xff", 255), ("0b101", 5), ("1_000", 1000), ("0_7", 7),
        ("08", 8), ("0.0", 0),
        ("8080.0", 8080), ("1e3", 1000), ("1.", 1), ("!!int 7", 7), ("!!int '7'", 7),
        ("9" * 19, 9999999999999999999), ("1.5", None), ("'80'", None), ('"80"', None), ("!!str 80", None),
        ("! 80", None), ("!local 80", None), ("80/tcp", None), ("1:30", None), ("true", None),
        ("", None), ("[1]", None),
        ("_1", None), ("0x", None), ("1e999", None), ("9" * 500, None), (".", None), ("٣", None),
    ],
)  # fmt: skip
def test_as_int(text: str, expected: int | None) -> None:
    assert as_int(node(text)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("true", True), ("True", True), ("TRUE", True), ("yes", True), ("on", True), ("y", True), ("Y", True),
        ("false", False), ("no", False), ("Off", False), ("n", False), ("!!bool 'true'", True),
        ("tRUE", None), ("'true'", None), ("!!str true", None), ("1", None), ("", None), ("{}", None),
    ],
)  # fmt: skip
def test_as_bool(text: str, expected: bool | None) -> None:
    assert as_bool(node(text)) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", True), ("~", True), ("null", True), ("Null", True), ("NULL", True), ("!!null ''", True),
        ("!!str null", False), ("[]", False), ("''", False), ("'null'", False), ("nUll", False),
        ("!!str", False),
    ],
)  # fmt: skip
def test_is_null(text: str, expected: bool) -> None:
    assert is_null(node(text)) is expected


def test_an_absent_node_is_null_and_nothing_else() -> None:
    assert is_null(None)
    assert as_int(None) is None
    assert as_bool(None) is None
