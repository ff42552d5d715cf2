"""The report as Markdown, for a comment on a change or the summary of a run: bounded, and harmless."""

from __future__ import annotations

import re
from collections.abc import Iterator

from podlint.display.escape import escape
from podlint.findings import Finding, Report
from podlint.report.account import closing_line, draw_gaps, draw_omitted
from podlint.report.frame import owner
from podlint.report.options import RenderOptions, shown_findings
from podlint.report.sentences import sentences

MAX_SIZE = 60_000
"""Bytes of the whole. A comment on GitHub may have 65,536 characters."""

# A quoted name, a command in backticks, or a word.
_PIECE = re.compile(r"\"(?P<quoted>[^\"]+)\"|`(?P<command>[^`]+)`|(?P<word>[^\s\"`]+|[\"`])")
_WORD = re.compile(r"\(?'?[A-Za-z]+(?:[-'][A-Za-z]+)*'?[.,;:!?)]*|\(?[0-9]+[.,;:)]*|[.,;:!?()·…]+")
"""Words that are text in every Markdown: no mention, no reference, no link, no emphasis."""


def render(report: Report, options: RenderOptions) -> str:
    """A heading, a list of findings for each file, what was not read or skipped, and the account."""
    account = f"{prose(closing_line(report, options.least))}\n"
    shown = shown_findings(report, options.least)
    lines = list(_findings(shown))
    gaps = [*draw_omitted(report, options.least), *draw_gaps(report, options)]
    if gaps:
        lines += ["", *(f"- {prose(''.join(text for text, _ in row).strip())}" for row in gaps)]
    kept, size = ["### podlint", ""], len(account.encode()) + 500
    for line in lines:
        size += len(line.encode()) + 1
        if size > MAX_SIZE:
            kept += ["", "The rest does not fit in here: `podlint check` shows all of it."]
            break
        kept.append(line)
    return "\n".join([*kept, "", account]).replace("\n\n\n", "\n\n")


def _findings(shown: list[Finding]) -> Iterator[str]:
    path = None
    for finding in shown:
        region = finding.primary.region
        if region.path != path:
            path = region.path
            yield ""
            yield code(path)
            yield ""
        place = f"line {region.start.line}, **{finding.severity.value}** {code(finding.rule)}"
        named = owner(finding)
        said = prose(" ".join(sentences(finding)))
        yield f"- {place}{f' in {prose(named)}' if named else ''}: {said}"


def prose(text: str) -> str:
    """Text in which quoted names and all that is no plain word stand as code."""
    shown = escape(text)
    written, end = "", 0
    for found in _PIECE.finditer(shown):
        piece = _piece(found["quoted"] or found["command"], found["word"])
        between = shown[end : found.start()]
        if not between and written.endswith("`") and piece.startswith("`"):
            # Where two spans touch, their backticks would be one run.
            between = " "
        written += between + piece
        end = found.end()
    return written


def _piece(quoted: str | None, word: str | None) -> str:
    if not word:
        return code(quoted or "")
    if _WORD.fullmatch(word):
        return word
    start, end = len(word) - len(word.lstrip("(")), len(word.rstrip(".,;:!?"))
    if word[:end].endswith(")") and word.count(")") > word.count("(", start):
        end -= 1
    return f"{word[:start]}{code(word[start:end])}{word[end:]}"


def code(text: str) -> str:
    """A code span, in which nothing has a meaning but its end: a run of backticks longer than any inside."""
    shown = escape(text) or " "
    fence = "`" * (max((len(run) for run in re.findall("`+", shown)), default=0) + 1)
    blank = " " if shown.startswith(("`", " ")) or shown.endswith(("`", " ")) else ""
    return f"{fence}{blank}{shown}{blank}{fence}"
