"""Words mean what dash and bash make of them, and every character knows where it stands."""

from __future__ import annotations

import string

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from podlint.shell.grammar import parse
from podlint.shell.interpreter import Interpreter
from podlint.shell.patterns import literal
from podlint.shell.state import ExecutionEnvironment, State
from podlint.shell.syntax import LiteralPart, Word
from podlint.shell.traversal import walk
from podlint.source.span import Source, Span
from podlint.source.text import Text, Whole
from tests.shell.real_shells import SHELLS, require, run

VARIABLES = {"A": "one", "B": "a b  c", "E": "", "P": "/x/y.tar.gz", "N": "7"}

_PLAIN = st.text(string.ascii_letters + string.digits + "/._-+,:@%", min_size=1, max_size=6)
_QUOTABLE = st.text(string.ascii_letters + " /.*?[]{}~#|&;<>()\t", max_size=6)
_PARAMETERS = st.sampled_from(
    [
        "$A", "${A}", "$B", "$E", "${U:-x}", "${U-x y}", "${E:-z}", "${E-z}", "${A:+w}", "${E:+w}", "${E+w}",
        "${U+w}", "${P%.*}", "${P%%.*}", "${P#*/}", "${P##*/}", "${P%/*}", "${P#/x}", "${P%q}", "${P#[/a]?}",
        "${#A}", "${#B}", "${U:-$A}", "${U:-${A}b}", "${U:-'q'}", "${A%n?}", "${B#a }", "${B% *}", "${P%.g*}",
        "$((N+1))", "$(( $N * 2 ))", "$((N>3&&N<9))", "$(echo q)", "`echo r`",
        "`printf %s 'r\\.s'`", "`echo t\\ u`",
        "$(printf 's\\n\\n')", "$#", "$1",
    ]
)  # fmt: skip
_UNQUOTED = st.one_of(
    _PLAIN,
    _QUOTABLE.map(lambda text: f"'{text}'"),
    st.sampled_from(list(" *$'\"\\;#ab")).map(lambda char: "\\" + char),
    _PARAMETERS,
)
_IN_QUOTES = st.one_of(
    _QUOTABLE,
    st.sampled_from(["\\$", "\\`", '\\"', "\\\\", "\\n", "\\a", "'", "''"]),
    _PARAMETERS.filter(lambda text: "'" not in text),
)
_WORD = st.lists(
    st.one_of(_UNQUOTED, st.lists(_IN_QUOTES, max_size=3).map(lambda parts: f'"{"".join(parts)}"')),
    min_size=1,
    max_size=4,
).map("".join)


def expanded(word: str, dialect: str) -> list[str | None]:
    """The fields of a word by podlint; None where it is not known."""
    script = f"probe {word}"
    source = Source("-", script)
    interpreter = Interpreter(ExecutionEnvironment({}, literal("/")))
    state = State({name: literal(value) for name, value in VARIABLES.items()}, literal("/"), dialect)
    state.arguments = ()
    interpreter.script(Text(script, Whole(Span(source, 0, len(script)))), state)
    assert interpreter.trace.doubts == [], word
    call = next(call for call in interpreter.trace.calls if call.name == "probe")
    return [field.value.literal for field in call.fields[1:]]


@pytest.mark.parametrize("shell", SHELLS)
@settings(max_examples=150, derandomize=True, suppress_health_check=list(HealthCheck))
@given(words=st.lists(_WORD, min_size=8, max_size=8))
def test_words_expand_as_in_the_shell(shell: str, words: list[str]) -> None:
    require(shell)
    show = "show() { for field in \"$@\"; do printf '<%s>' \"$field\"; done; printf '\\1'; }; set -f\n"
    script = show + "\n".join(f"show {word}" for word in words)
    real = run(shell, script, **VARIABLES).stdout.decode().split("\1")[:-1]
    for word, printed in zip(words, real, strict=True):
        fields = expanded(word, shell)
        if None not in fields:
            assert "".join(f"<{field}>" for field in fields) == printed, (word, fields)


@settings(max_examples=400, derandomize=True)
@given(_WORD)
def test_characters_know_where_they_stand(word: str) -> None:
    script = f"echo {word}"
    for node in walk(parse(script)):
        if isinstance(node, Word):
            assert 0 <= node.start <= node.end <= len(script)
            for part in node.parts:
                assert node.start <= part.start <= part.end <= node.end, part
        if isinstance(node, LiteralPart) and len(node.value) == node.end - node.start:
            assert node.value == script[node.start : node.end]
