"""Arithmetic comes to what dash and bash make of it, or is not known."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from podlint.shell.arithmetic import evaluate, holds
from tests.shell.real_shells import SHELLS, require, run

VARIABLES = {
    "a": "3",
    "b": "-4",
    "z": "0",
    "big": "4611686018427387904",
    "octal": "010",
    "hex": "0x1f",
    "e": "",
}

_NUMBERS = st.one_of(
    st.integers(0, 20).map(str),
    st.sampled_from(["007", "010", "08", "0x1F", "9223372036854775807", "4611686018427387904", "1000000"]),
    st.sampled_from(["a", "b", "z", "$a", "${b}", "$z", "big", "octal", "hex", "e", "unset", "$1"]),
)
_BINARY = st.sampled_from(
    ["+", "-", "*", "/", "%", "<", ">", "<=", ">=", "==", "!=", "&&", "||", "<<", ">>", "&", "|", "^"]
)


def _combined(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.one_of(
        st.tuples(inner, _BINARY, inner).map(" ".join),
        st.tuples(inner, _BINARY, inner).map("".join),
        inner.map(lambda text: f"({text})"),
        st.tuples(st.sampled_from(["-", "+", "!", "~", "- -", "! "]), inner).map("".join),
        st.tuples(inner, inner, inner).map(lambda three: f"{three[0]} ? {three[1]} : {three[2]}"),
    )


_EXPRESSION = st.recursive(_NUMBERS, _combined, max_leaves=6)


def _value_of(name: str) -> str | None:
    return VARIABLES.get(name)


@pytest.mark.parametrize("shell", SHELLS)
@settings(max_examples=60, derandomize=True, suppress_health_check=list(HealthCheck))
@given(expressions=st.lists(_EXPRESSION, min_size=20, max_size=20))
def test_arithmetic_comes_to_what_the_shell_says(shell: str, expressions: list[str]) -> None:
    require(shell)
    script = "\n".join(f"( echo $(({text})) ) 2>/dev/null; echo ." for text in expressions)
    printed = run(shell, script, **VARIABLES).stdout.decode().split(".\n")[:-1]
    for text, real in zip(expressions, printed, strict=True):
        value = evaluate(text, _value_of)
        if value is not None:
            assert f"{value}\n" == real, text


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1+2*3", 7),
        ("(1 + 2) * 3", 9),
        ("7 / -2", -3),
        ("-7 % 3", -1),
        ("$a + ${b}", -1),
        ("a > 2 && b < 0", 1),
        ("!z", 1),
        ("1 / 0", None),
        ("unset + 1", None),
        ("a = 2", None),
        ("a++", None),
        ("--a", None),
        ("1--a", None),
        ("1 - -a", 4),
        ("-$b", 4),
        ("(1", None),
        ("", None),
        ("1 2", None),
    ],
)
def test_an_expression(text: str, value: int | None) -> None:
    assert evaluate(text, _value_of) == value


_OPERANDS = st.sampled_from(
    ["", "a", "b", "1", "02", "-3", "10", "=", "!", "(", ")", "-n", "-z", "-f", "x y"]
)
_OPERATORS = st.sampled_from(["=", "!=", "-eq", "-ne", "-lt", "-le", "-gt", "-ge", "-a", "-o"])
_TEST = st.one_of(
    st.lists(_OPERANDS, max_size=2),
    st.tuples(_OPERANDS, _OPERATORS, _OPERANDS).map(list),
    st.tuples(st.just("!"), _OPERANDS, _OPERATORS, _OPERANDS).map(list),
    st.tuples(st.sampled_from(["!", "-n", "-z"]), _OPERANDS).map(list),
)


@pytest.mark.parametrize("shell", SHELLS)
@settings(max_examples=60, derandomize=True, suppress_health_check=list(HealthCheck))
@given(tests=st.lists(_TEST, min_size=20, max_size=20))
def test_a_test_holds_where_the_shell_says_so(shell: str, tests: list[list[str]]) -> None:
    require(shell)
    script = "\n".join("[ " + " ".join(f"'{word}'" for word in words) + " ] 2>&-; echo $?" for words in tests)
    printed = run(shell, script).stdout.decode().split()
    for words, status in zip(tests, printed, strict=True):
        known = holds(list(words))
        if known is not None:
            assert known == (status == "0"), (words, status)
