"""Where what is opened in a script is closed again: quotes, substitutions, expansions, arithmetic."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TypeVar

from podlint.regex import late
from podlint.shell.limits import Limits, TooComplexError

_Scanned = TypeVar("_Scanned")
MAX_NESTING = 100
"""Quotes, expansions and substitutions inside each other beyond this are not followed."""


class BracketScanner:
    """Finds what closes what in one script. Raises TooComplexError where the script passes its bounds."""

    def __init__(self, script: str, limits: Limits) -> None:
        self._script = script
        self.limits = limits
        self._nesting = 0

    def end_of_word(self, at: int) -> int:
        """Where the word ends that goes on at an offset, as the shell reads it outside quotes."""
        return self._closing(" \t\n;&|<>()", _IN_WORD, at, len(self._script), quotes=True)

    def _closing_quote(self, at: int, end: int) -> int:
        """The offset of the `"` that closes a double-quoted string whose inside begins at `at`."""
        return self._closing('"', _IN_QUOTES, at, end, quotes=False)

    def _closing_brace(self, at: int, end: int) -> int:
        """The offset of the `}` that closes an expansion whose inside begins at `at`."""
        return self._closing("}", _IN_EXPANSION, at, end, quotes=True)

    def _closing(self, closers: str, special: re.Pattern[str], at: int, end: int, *, quotes: bool) -> int:
        """The offset of the first of some characters that nothing opened in between encloses. `special`
        finds these characters and whatever opens something; `quotes`: quotes do."""
        while at < end and (found := special.search(self._script, at, end)):
            self.limits.spend_look()
            if found.group() in closers:
                return found.start()
            at = self._skip(found.start(), end, quotes=quotes)
        return end

    def _closing_paren(self, at: int, end: int) -> int:
        """The offset of the `)` that closes a substitution whose inside begins at `at`."""
        depth, script = 1, self._script
        cases: list[int] = []
        while at < end and (found := _IN_SUBSTITUTION.search(script, at, end)):
            self.limits.spend_look()
            at, char = found.start(), found.group()[0]
            if char == "(":
                depth += 1
            elif char == ")" and cases and cases[-1] == depth:
                # The end of a pattern: `case x in a) …`.
                pass
            elif char == ")":
                depth -= 1
                if not depth:
                    return at
            elif char in "ce":
                if not begins_command(script, at):
                    pass
                elif char == "c":
                    cases.append(depth)
                elif cases:
                    cases.pop()
                at = found.end()
                continue
            elif char == "#":
                newline = script.find("\n", at, end)
                at = end if newline < 0 else newline
                continue
            at = at + 1 if char in "()" else self._skip(at, end, quotes=True)
        return end

    def _closing_arithmetic(self, at: int, end: int) -> int:
        """The offset of the `))` that closes `$((`; -1 where this is a substitution of a subshell after
        all."""
        depth = 0
        for found in _PARENTHESIS.finditer(self._script, at, end):
            self.limits.spend_look()
            if found.group() == "(":
                depth += 1
            elif depth:
                depth -= 1
            else:
                return found.start() if self._script.startswith("))", found.start()) else -1
        return -1

    def _closing_backquote(self, at: int, end: int) -> int:
        script = self._script
        while at < end and script[at] != "`":
            at += 2 if script[at] == "\\" else 1
        return min(at, end)

    def _skip(self, at: int, end: int, *, quotes: bool = False) -> int:
        """The offset behind one character, escape, quoted string or substitution at `at`."""
        char = self._script[at]
        if char == "\\":
            return at + 2
        if char not in "`$'\"":
            return at + 1
        return self._nested(lambda: self._skip_nested(at, end, quotes))

    def _nested(self, scan: Callable[[], _Scanned]) -> _Scanned:
        """Scan what stands inside something else."""
        self._nesting += 1
        if self._nesting > MAX_NESTING:
            raise TooComplexError("nested too deeply")
        scanned = scan()
        self._nesting -= 1
        return scanned

    def _skip_nested(self, at: int, end: int, quotes: bool) -> int:
        script, char = self._script, self._script[at]
        if char == "`":
            return self._closing_backquote(at + 1, end) + 1
        if char == "$" and script.startswith("(", at + 1):
            return self._closing_paren(at + 2, end) + 1
        if char == "$" and script.startswith("{", at + 1):
            return self._closing_brace(at + 2, end) + 1
        if quotes and char == "'":
            stop = script.find("'", at + 1, end)
            return end if stop < 0 else stop + 1
        if quotes and char == '"':
            return self._closing_quote(at + 1, end) + 1
        return at + 1


_IN_WORD = late(r"[ \t\n;&|<>()\\`$'\"]")
_IN_QUOTES = late(r"[\\`$\"]")
_IN_EXPANSION = late(r"[}\\`$'\"]")
_IN_SUBSTITUTION = late(r"[()\\`$'\"]|(?<=[ \t\n;(])#|\b(?:case|esac)(?![\w.=/+-])")
_PARENTHESIS = late(r"[()]")
_BEFORE_COMMAND = late(r"(?:^|[;|&({)`\n!]|(?<!\w)(?:then|do|else|elif|if|while|until|in))\Z")


def begins_command(script: str, at: int) -> bool:
    """Whether a command may begin at an offset, by what stands before it."""
    if at and script[at - 1] not in " \t\n;|&({)`":
        return False
    before = script[max(at - 200, 0) : at]
    return "\n" in before[len(before.rstrip()) :] or bool(_BEFORE_COMMAND.search(before.rstrip()))
