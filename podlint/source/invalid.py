"""Invalid YAML: the error that composing raises, with a parser's error in plain words."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from podlint.regex import late
from podlint.source.span import Source, Span

if TYPE_CHECKING:
    from yaml import Mark, MarkedYAMLError

    from podlint.source.documents import Document


class InvalidYaml(Exception):
    """A document that is not YAML, or not within bounds: what is wrong, in lower case, where, and what to do
    about it ("" where that is not plain)."""

    def __init__(self, message: str, span: Span, help: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.span = span
        self.help = help


# libyaml's words, and what they mean to somebody who has not read its scanner. `{line}` is the line on which
# the list, the mapping or the key began.
_WORDS = {
    "mapping values are not allowed in this context": "a ':' makes this a mapping where none may begin",
    "did not find expected key": "this does not continue the mapping of line {line}",
    "did not find expected '-' indicator": "this does not continue the list of line {line}: expected '- '",
    "could not find expected ':'": "expected ':' after the key of line {line}",
    "did not find expected ',' or ']'": "expected ',' or ']' in the list that begins on line {line}",
    "did not find expected ',' or '}'": "expected ',' or '}}' in the mapping that begins on line {line}",
    "did not find expected node content": "expected a value",
    "did not find expected <document start>": "expected the end of the document, or '---'",
    "block sequence entries are not allowed in this context": "a list item ('- ') may not begin here",
    "mapping keys are not allowed in this context": "a mapping key may not begin here",
    "found unexpected end of stream": "the quote that opens here is never closed",
    "found unexpected document indicator": "the quote that opens here is not closed before '---' or '...'",
    "found unknown escape character": "no such escape in double quotes",
    "found invalid Unicode character escape code": "this escape names no character",
    "found undefined tag handle": "this tag's prefix is not declared",
    "did not find expected alphabetic or numeric character": "expected the name of an anchor or alias",
}
_HELP = {
    "mapping values are not allowed in this context": "put the value in quotes, or correct the indentation",
    "did not find expected key": "check its indentation",
    "found unknown escape character": "use single quotes, or '\\\\'",
}
_TEXT_LINE = late(r"^[ \t]*+([^\s#].*)", re.MULTILINE)
_UNCLOSED = {
    "did not find expected ',' or ']'": "the list that opens here is never closed",
    "did not find expected ',' or '}'": "the mapping that opens here is never closed",
}
_AT_OPENING = ("found unexpected end of stream", "found unexpected document indicator")

# What YAML 1.1 does not allow in a stream at all (section 5.1), as libyaml reads it.
_UNPRINTABLE = "[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]"


def explain(error: MarkedYAMLError, document: Document, base: int) -> InvalidYaml:
    """A parser's error at the character it complains of; marks count from `base`."""
    source, problem = document.source, error.problem or "this is not YAML"
    mark = error.context_mark if problem in _AT_OPENING else error.problem_mark
    at = _offset(mark or error.context_mark, base, document.end)
    opened = source.position(_offset(error.context_mark, base, document.end)).line
    if problem in _UNCLOSED and not source.text[at : document.end].strip():
        return InvalidYaml(
            _UNCLOSED[problem], _point(source, _offset(error.context_mark, base, document.end))
        )
    char = source.text[at : at + 1]
    if "tab character" in problem or (char == "\t" and "cannot start" in problem):
        message, help = "a tab may not indent in YAML", "use spaces"
    elif "cannot start any token" in problem:
        message, help = f"a plain value cannot begin with '{char}'", "put it in quotes"
    else:
        message, help = _WORDS.get(problem, problem), _HELP.get(problem, "")
        message = message.format(line=opened) if problem in _WORDS else message
        if problem == "mapping values are not allowed in this context":
            before = _text_before(source, document.start, at)
            if before is not None:
                line = before.position.line
                message = f"line {line} is already a text of its own: what follows cannot begin a mapping"
                return InvalidYaml(message, before, "correct the indentation of the line that follows")
        elif problem == "did not find expected key":
            message = _misindented(source, document.start, at) or message
    return InvalidYaml(message, _point(source, at), help)


def _text_before(source: Source, start: int, at: int) -> Span | None:
    """The line that a key goes on from as one text, so that the ':' behind it comes unexpected; None where
    the line with the ':' is to blame itself."""
    text = source.text
    line = text.rfind("\n", start, at) + 1
    if line <= start or late(r":[ \t]|[\"'{\[]").search(text, line, at):
        return None
    found = list(_TEXT_LINE.finditer(text, start, line - 1))
    if not found:
        return None
    written = found[-1][1].rstrip(" \t\r")
    return Span(source, found[-1].start(1), found[-1].start(1) + len(written))


def _misindented(source: Source, start: int, at: int) -> str:
    """Between which lines the indentation of a key lies; "" where it has that of one of them."""
    text = source.text
    line = text.rfind("\n", start, at) + 1
    own = at - line
    if text[line:at].strip(" "):
        return ""
    deeper = ""
    for number in range(source.position(at).line - 1, source.position(start).line - 1, -1):
        before = source.line(number)
        indent = len(before) - len(before.lstrip(" "))
        if not before.strip() or before.lstrip().startswith("#"):
            continue
        if indent == own:
            return ""
        if indent < own:
            return f"this is indented by {own}, {deeper}and line {number} by {indent}" if deeper else ""
        deeper = deeper or f"but line {number} by {indent} "
    return ""


def explain_unprintable(document: Document) -> InvalidYaml:
    """The error for a character that no YAML stream may hold."""
    found = late(_UNPRINTABLE).search(document.source.text, document.start, document.end)
    if not found:
        return InvalidYaml("this is not YAML", _point(document.source, document.start))
    message = f"the character U+{ord(found[0]):04X} is not allowed in YAML"
    return InvalidYaml(message, _point(document.source, found.start()), "use an escape in double quotes")


def _offset(mark: Mark | None, base: int, end: int) -> int:
    return min(mark.index + base, end) if mark else base


def _point(source: Source, at: int) -> Span:
    """One character; none at the end of a line or of the file."""
    return Span(source, at, at + (source.text[at : at + 1] not in ("", "\r", "\n")))
