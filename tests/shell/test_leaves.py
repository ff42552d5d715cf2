"""Leaves: words as the shell cuts them, where the grammar would cut them elsewhere."""

from __future__ import annotations

import pytest

from podlint.shell.grammar import parse
from podlint.shell.syntax import LiteralPart, SimpleCommand


def words_of(script: str) -> list[str]:
    """The words of a script that is one simple command without expansions, after quote removal."""
    (command,) = parse(script).commands
    assert isinstance(command, SimpleCommand)
    return ["".join(p.value for p in word.parts if isinstance(p, LiteralPart)) for word in command.words]


@pytest.mark.parametrize(
    ("script", "words"),
    [
        pytest.param(r"touch \ b", ["touch", " b"], id="before a word"),
        pytest.param(r'touch \ "b c"', ["touch", " b c"], id="before quotes"),
        pytest.param(r"\ touch b", [" touch", "b"], id="before the command"),
        pytest.param(r"touch a\ b", ["touch", "a b"], id="inside a word"),
        pytest.param(r'touch a\ "b"', ["touch", "a b"], id="between word and quotes"),
        pytest.param(r"touch \\ b", ["touch", "\\", "b"], id="behind an escaped backslash"),
        pytest.param(r"touch \\\ b", ["touch", "\\ b"], id="behind an escaped backslash, escaped too"),
        pytest.param("touch \\\n b", ["touch", "b"], id="a continued line is no blank"),
    ],
)
def test_an_escaped_blank_is_part_of_its_word(script: str, words: list[str]) -> None:
    assert words_of(script) == words
