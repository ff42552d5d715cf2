"""Words of a script as one of the shells reads them: where quotes, expansions and substitutions end."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal, TypeAlias

from podlint.regex import late

Dialect: TypeAlias = Literal["dash", "ash", "bash"]

MAX_NESTING = 60
"""Commands, quotes and expansions inside each other beyond this are not judged."""
MAX_LOOKS = 100_000
"""Steps of reading one script beyond which it is not judged."""

COMMENT = late(r"#[^\n]*+")
_PLAIN = late(r"(?:[^ \t\n\\'\"`$&|;<>()\[=@?*+!]|[@?*+!=\[](?!\())++")
IN_QUOTES = late(r"[^\\$`\"]++")
_IN_ARITHMETIC = late(r"[^\\$`()\"']++")
_IN_BRACES = late(r"[^\\$`\"'}]++")
_ASSIGNED = late(r"[A-Za-z_]\w*+(?:\[[^\]\n]*+\])?\+?=")
_NAME = late(r"#?(?:[A-Za-z_]\w*+|[0-9]++|[@*#?$!-])|#")
_OPERAND = {
    "dash": late(r":?[-=?+]|[%#}]"),
    "ash": late(r":?[-=?+]|[%#}:/]"),
    "bash": late(r""),
}
"""What may stand behind the name of a parameter; anything else is a bad substitution."""
_BAD = late(r"[^}$`\"'\\]{0,80}+\}")
_ESCAPED = late(r"\\([$`\\])")
_ESCAPED_IN_QUOTES = late(r"\\([$`\\\"])")


class RefusedError(Exception):
    """Raised where a shell refuses a script: at an offset it finds a word, an operator or (`found` is "") the
    end of what it reads, where it needs `wanted` ("" where that is not one thing). `opened` is the offset of
    what is not closed, -1 where nothing is."""

    def __init__(self, at: int, found: str, wanted: str = "", opened: int = -1) -> None:
        super().__init__(at, found, wanted, opened)
        self.at, self.found, self.wanted, self.opened = at, found, wanted, opened


class UnjudgedError(Exception):
    """Raised where a script passes the bounds of what is read of it."""


class QuoteReader:
    """Reads a word of a script from `at` on. What commands inside of it mean is a matter of a subclass."""

    def __init__(self, script: str, dialect: Dialect, looks: list[int] | None = None) -> None:
        self.script = script
        self.dialect = dialect
        self.at = 0
        self.end = len(script)
        self.depth = 0
        self.extended = dialect == "bash" and "extglob" in script
        self.looks = [MAX_LOOKS] if looks is None else looks
        """How many steps are left, for all readers of one script."""

    def read_substitution(self, opened: int) -> None:
        """Read the commands behind `$(` or `<(`, and the parenthesis that closes them."""
        raise NotImplementedError

    def read_apart(self, inner: str) -> None:
        """Read commands that stood between backquotes."""
        raise NotImplementedError

    def nested(self, read: Callable[[], None]) -> None:
        """Read something inside something else."""
        self.depth += 1
        if self.depth > MAX_NESTING:
            raise UnjudgedError
        read()
        self.depth -= 1

    def look(self) -> None:
        """One more step."""
        self.looks[0] -= 1
        if self.looks[0] < 0:
            raise UnjudgedError

    def begins_process(self, at: int) -> bool:
        """Whether a process substitution begins at an offset."""
        return self.dialect != "dash" and self.script.startswith(("<(", ">("), at)

    def read_word(self) -> None:
        """Read to the end of a word."""
        script, start = self.script, self.at
        while self.at < self.end:
            self.look()
            at, char = self.at, script[self.at]
            if plain := _PLAIN.match(script, at):
                self.at = plain.end()
            elif char in "\\'\"`$":
                self.read_piece(char)
            elif self.begins_process(at):
                self.at += 2
                self.read_substitution(at)
            elif char in "@?*+!=[":
                self._before_parenthesis(start, at)
                if self.at == at + 1 and not self.extended:
                    return
            else:
                break
        self.at = min(self.at, self.end)

    def _before_parenthesis(self, start: int, at: int) -> None:
        """A character before a `(`: of an array, of an extended pattern, or the last one of a word."""
        self.at += 1
        if self.dialect != "bash":
            return
        is_array = self.script[at] == "=" and _ASSIGNED.fullmatch(self.script, start, at + 1)
        if is_array or (self.extended and self.script[at] in "@?*+!"):
            self.at += 1
            self._balanced(at)

    def _balanced(self, opened: int) -> None:
        """What stands up to the parenthesis that closes an array or an extended pattern."""
        depth = 1
        while self.at < self.end:
            self.look()
            char = self.script[self.at]
            if char in "()":
                depth += 1 if char == "(" else -1
                self.at += 1
                if not depth:
                    return
            elif char == "#" and self.script[self.at - 1] in " \t\n(":
                comment = COMMENT.match(self.script, self.at)
                self.at = comment.end() if comment else self.end
            else:
                self.read_piece(char)
        raise RefusedError(self.end, "", ")", opened)

    def read_piece(self, char: str) -> None:
        """Read a character, or what it opens, outside quotes."""
        at = self.at
        if char == "\\":
            self.at += 2
        elif char == "'":
            self._single(at)
        elif char == '"':
            self._double(at)
        elif char == "`":
            self._backquote(at, quoted=False)
        elif char == "$":
            self._dollar(at, quoted=False)
        else:
            self.at += 1

    def _single(self, opened: int) -> None:
        stop = self.script.find("'", opened + 1)
        if stop < 0:
            raise RefusedError(self.end, "", "'", opened)
        self.at = stop + 1

    def _ansi(self, opened: int) -> None:
        self.at = opened + 2
        while self.at < self.end:
            self.look()
            char = self.script[self.at]
            self.at += 2 if char == "\\" else 1
            if char == "'":
                return
        raise RefusedError(self.end, "", "'", opened)

    def _double(self, opened: int) -> None:
        self.at = opened + 1
        while self.at < self.end:
            self.look()
            if plain := IN_QUOTES.match(self.script, self.at):
                self.at = plain.end()
                continue
            char = self.script[self.at]
            if char == '"':
                self.at += 1
                return
            self.read_expanded(char)
        raise RefusedError(self.end, "", '"', opened)

    def read_expanded(self, char: str) -> None:
        """A backslash, a backquote or a dollar in double quotes."""
        if char == "\\":
            self.at += 2
        elif char == "`":
            self._backquote(self.at, quoted=True)
        elif char == "$":
            self._dollar(self.at, quoted=True)
        else:
            self.at += 1

    def _backquote(self, opened: int, *, quoted: bool) -> None:
        at = opened + 1
        while at < self.end and self.script[at] != "`":
            self.look()
            at += 2 if self.script[at] == "\\" else 1
        if at >= self.end:
            raise RefusedError(self.end, "", "`", opened)
        self.at = at + 1
        if self.dialect != "bash":
            # bash reads them when it comes there.
            inner = (_ESCAPED_IN_QUOTES if quoted else _ESCAPED).sub(r"\1", self.script[opened + 1 : at])
            try:
                self.read_apart(inner)
            except RefusedError as refused:
                raise RefusedError(opened, refused.found or "`", refused.wanted, opened) from None

    def _dollar(self, opened: int, *, quoted: bool) -> None:
        script = self.script
        self.at = opened + 1
        if script.startswith("((", self.at):
            self.nested(lambda: self._arithmetic(opened))
        elif script.startswith("(", self.at):
            self.at += 1
            self.read_substitution(opened)
        elif script.startswith("{", self.at):
            self.nested(lambda: self.read_braces(opened, quoted=quoted))
        elif script.startswith("'", self.at) and not quoted and self.dialect != "dash":
            self._ansi(opened)
        elif script.startswith("$", self.at):
            # A `$$` is the number of the shell, whatever stands behind it.
            self.at += 1

    def _arithmetic(self, opened: int) -> None:
        inside = opened + 3
        if not self.closes_arithmetic(inside):
            if self.dialect != "bash":
                raise RefusedError(self.end, "", "))", opened)
            # Commands in a subshell, which bash reads when it comes there.
            self.at = opened + 2
            self._balanced(opened)

    def closes_arithmetic(self, inside: int) -> bool:
        """Go behind the `))` that closes arithmetic; False where there is none."""
        self.at, depth = inside, 0
        while self.at < self.end:
            self.look()
            if plain := _IN_ARITHMETIC.match(self.script, self.at):
                self.at = plain.end()
                continue
            char = self.script[self.at]
            if char == "(":
                depth += 1
                self.at += 1
            elif char == ")" and depth:
                depth -= 1
                self.at += 1
            elif char == ")":
                self.at += 1
                if self.script.startswith(")", self.at):
                    self.at += 1
                    return True
                if self.dialect == "bash":
                    return False
            elif char in "\"'":
                self.at += 1
            else:
                self.read_expanded(char)
        return False

    def read_braces(self, opened: int, *, quoted: bool, document: bool = False) -> None:
        """`${…}`. The operands of `:-` and the like are read as what is around them, those of others anew."""
        self.at += 1
        name = _NAME.match(self.script, self.at)
        behind = name.end() if name else self.at
        as_around = self.script[behind : behind + 1] in (":", "-", "=", "?", "+")
        literal = document or not name or (quoted and as_around)
        if self.dialect != "bash" and not (name and _OPERAND[self.dialect].match(self.script, behind)):
            # What dash and ash make of quotes and expansions in there is a matter of its own.
            if self.script.find("}", self.at) < 0:
                raise RefusedError(self.end, "", "}", opened)
            if not (bad := _BAD.match(self.script, self.at)):
                raise UnjudgedError
            self.at = bad.end()
            return
        while self.at < self.end:
            self.look()
            if plain := _IN_BRACES.match(self.script, self.at):
                self.at = plain.end()
                continue
            char = self.script[self.at]
            if char == "}":
                self.at += 1
                return
            if char == "'" and not literal:
                self._single(self.at)
            elif char == '"' and not document and name:
                self._double(self.at)
            else:
                self.read_expanded(char)
        raise RefusedError(self.end, "", "}", opened)
