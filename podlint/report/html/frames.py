"""The frame of a finding: the lines that it is about, as the text format draws them, with its labels."""

from __future__ import annotations

from unicodedata import east_asian_width

from podlint.findings import Finding
from podlint.report.frame import draw_places
from podlint.report.html.markup import Html, element, join
from podlint.report.terminal import PLAIN, RELATED, Run


def frame(finding: Finding) -> Html:
    """The frame, in letters of one width. It scrolls sideways, and so has to be in reach of the keyboard."""
    rows = [_row(row) for row in draw_places(finding)]
    return element("pre", Html("\n".join(rows)), class_="frame", tabindex=0)


def _row(row: list[Run]) -> Html:
    """A row of runs, of which the first is the margin."""
    (margin, _), *rest = row
    return join(element("i", margin), *map(_run, _trimmed(rest)))


def _trimmed(runs: list[Run]) -> list[Run]:
    while runs and not runs[-1][0].strip():
        runs = runs[:-1]
    return runs


def _run(run: Run) -> Html:
    """A run in the style of a related label (`u`), of the primary one (`b`), or in none."""
    words, style = run
    shown = join(*map(_wide, words)) if not words.isascii() else join(words)
    if style == PLAIN or not words.strip():
        return shown
    return element("u" if style == RELATED else "b", shown)


def _wide(char: str) -> Html:
    """A character in as many columns as the marks below it reckon with, whatever font it is taken from."""
    if char.isascii():
        return join(char)
    return element("span", char, class_="wide") if east_asian_width(char) in "WF" else join(char)
