"""No report holds what a CI runner takes for a command, wherever in a line it stands."""

from __future__ import annotations

import json
import re

import pytest

from podlint.findings import Report
from podlint.report import RENDERERS, RenderOptions
from podlint.source.span import Source
from tests.report.building import at, finding

COMMAND = re.compile(r"##(vso)?\[", re.IGNORECASE)
WORDS = [
    "##[set-output name=a]b",
    "##vso[task.setvariable variable=a]b",
    "##VSO[x]",
    "####[error]",
    "#" * 9 + "[x]",
]


def report(words: str) -> Report:
    """A report in which each text and each line of the source holds these words."""
    source = Source(f"{words}.yaml", f"command: [echo, '{words}']\nother: '{words}'\n")
    found = finding(
        at(source, words, words),
        at(source, "other", words),
        rule="quoted-substitution",
        message=words,
        outcome=words,
        help=words,
        pod=words,
        container=words,
    )
    return Report([found], files=1)


@pytest.mark.parametrize("words", WORDS)
@pytest.mark.parametrize("format_", RENDERERS)
def test_no_report_holds_a_command(format_: str, words: str) -> None:
    assert COMMAND.search(words)
    text = RENDERERS[format_](report(words), RenderOptions())
    assert not COMMAND.search(text)
    if format_ == "json":
        assert json.loads(text)["findings"][0]["message"] == words


def test_marks_stand_below_what_they_mark() -> None:
    """The escape is longer than the character that it stands for, and its mark as long as the escape."""
    lines = RENDERERS["text"](report("##[x]"), RenderOptions()).splitlines()
    shown = next(number for number, line in enumerate(lines) if line.startswith("1 |"))
    assert lines[shown] == r"1 | command: [echo, '\x23#[x]']"
    assert lines[shown + 1].startswith("  |                  ^^^^^^^^ ")
