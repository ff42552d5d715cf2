"""Shell words: quoting, parameters and substitutions, scanned out of the raw script with their offsets."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TypeAlias

from podlint.digits import is_number
from podlint.regex import late
from podlint.shell.brackets import BracketScanner
from podlint.shell.effects import UNKNOWN_CHARACTER
from podlint.shell.limits import Limits
from podlint.shell.syntax import (
    Arithmetic,
    Command,
    LiteralPart,
    Parameter,
    Quoting,
    Substitution,
    Word,
    WordPart,
)

ParseBody: TypeAlias = Callable[[int, int], Command | None]
"""Parses the commands that stand between two offsets of the script; None where that is too deep to follow."""

_NAME = late(r"[A-Za-z_][A-Za-z0-9_]*")
_WORD = late(r"\w")
_SPECIAL = "@*#?-$!0123456789"
_PLAIN = re.compile(r"[^\\'\"$`<>]+")
_PLAIN_IN_QUOTES = re.compile(r"[^\\$`\"]+")
_ANSI = {
    "n": "\n",
    "t": "\t",
    "r": "\r",
    "a": "\a",
    "b": "\b",
    "e": "\x1b",
    "E": "\x1b",
    "f": "\f",
    "v": "\v",
}
_ANSI_NUMBER = late(r"\\(?:([0-7]{1,3})|x([0-9a-fA-F]{1,2})|c(.)|u([0-9a-fA-F]{1,4})|U([0-9a-fA-F]{1,8}))")
_OPERATORS = (
    ":-",
    ":=",
    ":?",
    ":+",
    "##",
    "%%",
    "//",
    "^^",
    ",,",
    "-",
    "=",
    "?",
    "+",
    "#",
    "%",
    "/",
    "^",
    ",",
    ":",
)


class WordScanner(BracketScanner):
    """Scans words of one script. Raises TooComplexError where the script passes its bounds."""

    def __init__(self, script: str, parse_body: ParseBody, limits: Limits) -> None:
        super().__init__(script, limits)
        self._parse_body = parse_body

    def word(self, start: int, end: int) -> Word:
        """The word that stands between two offsets, as the shell reads it outside quotes."""
        return Word(tuple(self._unquoted(start, end)), start, end)

    def split(self, start: int, end: int) -> list[Word]:
        """The words between two offsets, separated by blanks."""
        words, at = [], start
        while at < end:
            if self._script[at] in " \t\n":
                at += 1
                continue
            first = at
            while at < end and self._script[at] not in " \t\n":
                at = self._skip(at, end, quotes=True)
            words.append(self.word(first, min(at, end)))
        return words

    def heredoc(self, start: int, end: int, *, quoted: bool, strip_tabs: bool) -> Word:
        """The body of a here-document; `quoted` when its delimiter was, `strip_tabs` for `<<-`."""
        if not strip_tabs:
            return Word(tuple(self._heredoc_text(start, end, quoted)), start, end)
        parts: list[WordPart] = []
        at = start
        while at < end:
            newline = self._script.find("\n", at, end)
            stop = end if newline < 0 else newline + 1
            while at < stop and self._script[at] == "\t":
                at += 1
            parts += self._heredoc_text(at, stop, quoted)
            at = stop
        return Word(tuple(parts), start, end)

    def _heredoc_text(self, start: int, end: int, quoted: bool) -> list[WordPart]:
        if quoted:
            return [LiteralPart(self._script[start:end], Quoting.SINGLE, start, end)] if end > start else []
        return self._double_quoted(start, end, heredoc=True)

    def _unquoted(self, start: int, end: int) -> list[WordPart]:
        script, at = self._script, start
        parts: list[WordPart] = []
        while at < end:
            char = script[at]
            if (plain := _PLAIN.match(script, at, end)) is not None:
                parts.append(LiteralPart(plain.group(), Quoting.NONE, at, plain.end()))
                at = plain.end()
            elif char == "\\":
                if script[at + 1 : at + 2] != "\n" and at + 1 < end:
                    parts.append(LiteralPart(script[at + 1], Quoting.ESCAPE, at, at + 2))
                at += 2
            elif char == "'":
                stop = script.find("'", at + 1, end)
                stop = end if stop < 0 else stop
                parts.append(LiteralPart(script[at + 1 : stop], Quoting.SINGLE, at + 1, stop))
                at = stop + 1
            elif char == '"':
                stop = self._closing_quote(at + 1, end)
                inner = self._double_quoted(at + 1, stop)
                parts += inner or [LiteralPart("", Quoting.DOUBLE, at + 1, at + 1)]
                at = stop + 1
            elif char == "$" and script.startswith("$'", at):
                at = self._ansi(at, end, parts)
            elif char == "$" and script.startswith('$"', at):
                at += 1
            elif char in "<>" and script.startswith("(", at + 1):
                stop = self._closing_paren(at + 2, end)
                parts.append(
                    Substitution(self._parse_body(at + 2, stop), char, False, at, min(stop + 1, end))
                )
                at = stop + 1
            else:
                at = self._dollar(at, end, parts, quoted=False)
            self.limits.spend_part()
        return parts

    def _double_quoted(self, start: int, end: int, *, heredoc: bool = False) -> list[WordPart]:
        script, at = self._script, start
        parts: list[WordPart] = []
        while at < end:
            if (plain := _PLAIN_IN_QUOTES.match(script, at, end)) is not None:
                parts.append(LiteralPart(plain.group(), Quoting.DOUBLE, at, plain.end()))
                at = plain.end()
            elif script[at] == "\\" and at + 1 < end:
                following = script[at + 1]
                if following in "$`\\" or (following == '"' and not heredoc):
                    parts.append(LiteralPart(following, Quoting.ESCAPE, at, at + 2))
                elif following != "\n":
                    parts.append(LiteralPart("\\" + following, Quoting.DOUBLE, at, at + 2))
                at += 2
            elif script[at] in '"\\':
                parts.append(LiteralPart(script[at], Quoting.DOUBLE, at, at + 1))
                at += 1
            else:
                at = self._dollar(at, end, parts, quoted=True)
            self.limits.spend_part()
        return parts

    def _ansi(self, at: int, end: int, parts: list[WordPart]) -> int:
        """`$'…'` with its escapes; the offset behind it."""
        script, inner, value = self._script, at + 2, []
        position = inner
        while position < end and script[position] != "'":
            if (number := _ANSI_NUMBER.match(script, position, end)) is not None:
                octal, byte, control, *wide = number.groups()
                code = int(octal, 8) if octal else int(byte or wide[0] or wide[1] or "0", 16)
                code = ord(control) & 0x1F if control else code
                value.append(chr(code) if 0 < code <= 0x7F else UNKNOWN_CHARACTER)
                position = number.end()
            elif script[position] == "\\" and position + 1 < end:
                value.append(_ANSI.get(script[position + 1], script[position + 1]))
                position += 2
            else:
                value.append(script[position])
                position += 1
        parts.append(LiteralPart("".join(value), Quoting.ANSI, inner, position))
        return position + 1

    def _dollar(self, at: int, end: int, parts: list[WordPart], *, quoted: bool) -> int:
        """What `$` or a backquote at `at` begins; appends the part and returns the offset behind it."""
        script = self._script
        if script[at] == "`":
            stop = self._closing_backquote(at + 1, end)
            # Other backslashes than these stay as they are inside backquotes (POSIX, 2.6.3).
            escaped = (_ESCAPED_IN_QUOTED if quoted else _ESCAPED).search(script, at + 1, stop)
            body = None if escaped else self._parse_body(at + 1, stop)
            parts.append(Substitution(body, "", quoted, at, min(stop + 1, end)))
            return stop + 1
        if script.startswith("$((", at) and (stop := self._closing_arithmetic(at + 3, end)) >= 0:
            dollars = "`" in script[at:stop] or script.find("$(", at + 3, stop) >= 0
            inner = self._nested(lambda: self._double_quoted(at + 3, stop)) if dollars else []
            substitutions = tuple(part for part in inner if isinstance(part, Substitution))
            parts.append(Arithmetic(script[at + 3 : stop], substitutions, quoted, at, stop + 2))
            return stop + 2
        if script.startswith("$(", at):
            stop = self._closing_paren(at + 2, end)
            parts.append(Substitution(self._parse_body(at + 2, stop), "", quoted, at, min(stop + 1, end)))
            return stop + 1
        if script.startswith("${", at):
            stop = self._closing_brace(at + 2, end)
            parts.append(self._braced(at, stop, quoted))
            return stop + 1
        name = _NAME.match(script, at + 1, end)
        if name is not None:
            parts.append(Parameter(name.group(), "", None, quoted, at, name.end()))
            return name.end()
        if at + 1 < end and script[at + 1] in _SPECIAL and script[at] == "$":
            parts.append(Parameter(script[at + 1], "", None, quoted, at, at + 2))
            return at + 2
        parts.append(LiteralPart(script[at], Quoting.DOUBLE if quoted else Quoting.NONE, at, at + 1))
        return at + 1

    def _braced(self, at: int, stop: int, quoted: bool) -> Parameter:
        """`${…}` from `at`; its closing brace stands at `stop`."""
        script, inner, end = self._script, at + 2, min(stop + 1, len(self._script))
        if script.startswith("#", inner) and stop - inner > 1:
            return Parameter(script[inner + 1 : stop], "length", None, quoted, at, end)
        name = _NAME.match(script, inner, stop)
        if name is not None:
            behind = name.end()
        elif inner < stop and script[inner] in _SPECIAL:
            behind = inner + 1
            while is_number(script[inner]) and behind < stop and is_number(script[behind]):
                behind += 1
        else:
            return Parameter(script[inner:stop], "bad", None, quoted, at, end)
        written = script[inner:behind]
        first = name is not None and script.startswith("[0]", behind, stop)
        behind += 3 * first
        if behind == stop:
            return Parameter(written, "", None, quoted, at, end, first)
        operator = next((o for o in _OPERATORS if script.startswith(o, behind)), "other")
        operand: Word | None = None
        if operator == "other" and name is None and script[inner] != "!" and _WORD.match(script, behind):
            operator = "bad"
        elif operator != "other":
            begin = behind + len(operator)
            parts = (
                self._double_quoted(begin, stop)
                if quoted and operator in _QUOTED_OPERANDS
                else self._unquoted(begin, stop)
            )
            operand = Word(tuple(parts), begin, stop)
        return Parameter(written, operator, operand, quoted, at, end, first)


_ESCAPED = late(r"\\[$`\\]")
_ESCAPED_IN_QUOTED = late(r"\\[$`\\\"]")
_QUOTED_OPERANDS = (":-", "-", ":=", "=", ":?", "?", ":+", "+")
"""In double quotes the operands of these are themselves read as if in double quotes; those of the others
are not."""
