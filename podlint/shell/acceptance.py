"""Whether a shell accepts a script: its grammar, as dash, busybox's ash and bash read it before they run
anything. What it refuses is refused by that shell; `tests/shell/test_acceptance_by_shells.py` compares."""

from __future__ import annotations

from functools import lru_cache

from msgspec import Struct

from podlint.regex import late
from podlint.shell.quotes import Dialect, RefusedError, UnjudgedError
from podlint.shell.tokens import REDIRECTING, Token, TokenReader

MAX_SCRIPT = 65_536
"""Longer scripts (in characters) are not judged."""
_KEYWORDS = frozenset(
    {"!", "{", "}", "case", "do", "done", "elif", "else", "esac", "fi", "for", "if", "in", "then", "until",
     "while"}
)  # fmt: skip
_OF_BASH = frozenset({"[[", "]]", "function", "select", "time", "coproc"})
_GOOD_NAME = late(r"[A-Za-z_]\w*+")
_ASSIGNMENT = late(r"[A-Za-z_]\w*+=")
_SPECIAL = frozenset(
    {".", ":", "break", "continue", "eval", "exec", "exit", "export", "readonly", "return", "set", "shift",
     "times", "trap", "unset"}
)  # fmt: skip


class Refusal(Struct, frozen=True):
    """Where a shell refuses a script: what it finds there ("" at the end), what it needs ("" where that is
    not one thing), and where that was opened (-1 where nothing was)."""

    at: int
    found: str
    wanted: str
    opened: int


@lru_cache(maxsize=256)
def refusal(script: str, dialect: Dialect) -> Refusal | None:
    """Where a shell refuses a script; None where it accepts it, or where that is not known."""
    if len(script) > MAX_SCRIPT:
        return None
    try:
        _Parser(script, dialect).read_script()
    except RefusedError as refused:
        return Refusal(refused.at, refused.found, refused.wanted, refused.opened)
    except UnjudgedError:
        return None
    return None


class _Parser(TokenReader):
    """Reads commands by recursive descent."""

    def read_script(self) -> None:
        self._list((), empty=True, opened=-1)
        left = self.peek()
        if left.kind != "end":
            raise RefusedError(left.start, left.text)

    def read_list(self, opened: int) -> None:
        """See `TokenReader.read_list`."""
        self._list((")",), empty=True, opened=opened)

    def _keyword(self) -> str:
        """The reserved word that the next token is where a command may begin, "" for any other."""
        token = self.peek()
        if token.kind != "word":
            return ""
        if token.text in _KEYWORDS or (self.dialect == "bash" and token.text in _OF_BASH):
            return token.text
        return token.text if token.text == "function" and self.dialect == "ash" else ""

    def _what(self) -> str:
        """The next token as a reserved word or an operator, "" for any other."""
        token = self.peek()
        return token.text if token.kind == "operator" else self._keyword()

    def _refuse(self, wanted: str = "", opened: int = -1) -> RefusedError:
        token = self.peek()
        return RefusedError(token.start, token.text, wanted, opened)

    def _expect(self, wanted: str, opened: int) -> None:
        if self._what() != wanted:
            raise self._refuse(wanted, opened)
        self.take()

    def _list(self, closers: tuple[str, ...], *, empty: bool, opened: int) -> None:
        """Commands up to one of some tokens, which stays."""
        self.skip_newlines()
        while True:
            if self.peek().kind == "end" or (self._what() in closers and closers):
                if not empty:
                    raise self._refuse(closers[0] if self.peek().kind == "end" else "", opened)
                return
            self._and_or()
            empty = True
            if self.peek().kind != "newline" and self._what() not in (";", "&"):
                return
            self.take()
            self.skip_newlines()

    def _body(self, closers: tuple[str, ...], opened: int) -> None:
        """At least one command, and then one of some tokens, which stays."""
        self._list(closers, empty=False, opened=opened)
        if self._what() not in closers:
            raise self._refuse(closers[0], opened)

    def _and_or(self) -> None:
        self._pipeline()
        while self._what() in ("&&", "||"):
            self.take()
            self.skip_newlines()
            self._pipeline()

    def _pipeline(self) -> None:
        if self._negated():
            return
        self.nested(self._command)
        while self._what() in ("|", "|&"):
            self.take()
            self.skip_newlines()
            if self.dialect == "bash" and self._negated():
                return
            self.nested(self._command)

    def _negated(self) -> bool:
        """Take `!` and `time`; whether bash needs nothing behind them."""
        taken = False
        while self._keyword() in ("!", "time") and (self.dialect == "bash" or not taken):
            is_time = self.take().text == "time"
            taken = True
            if is_time and self.peek().text in ("-p", "--"):
                self.take()
        nothing = self.peek().kind in ("newline", "end") or self._what() in (";", "&")
        return taken and self.dialect == "bash" and nothing

    def _command(self) -> None:
        word, token = self._what(), self.peek()
        read = {
            "if": self._if, "while": self._while, "until": self._while, "for": self._for, "select": self._for,
            "case": self._case, "{": self._group, "(": self._subshell, "[[": self._condition,
            "function": self._function, "coproc": self._coprocess,
        }.get(word)  # fmt: skip
        if read is None:
            if (word and word not in REDIRECTING) or token.kind in ("newline", "end"):
                raise self._refuse()
            self._simple()
            return
        read(token.start)
        if word != "function":
            self._redirections()

    def _redirections(self) -> None:
        while self._operator() in REDIRECTING:
            self._redirection()

    def _operator(self) -> str:
        """The operator that the next token is, without a descriptor; "" for any other token."""
        token = self.peek()
        return token.text if token.kind == "operator" else ""

    def _redirection(self) -> None:
        operator = self.take()
        target = self.peek()
        if target.kind != "word":
            raise self._refuse()
        self.take()
        if operator.text in ("<<", "<<-"):
            self.expect_document(operator.text, target)

    def _simple(self) -> None:
        words: list[Token] = []
        others = 0
        while True:
            token = self.peek()
            if token.kind == "word":
                self.take()
                if not words and _ASSIGNMENT.match(token.text):
                    others += 1
                else:
                    words.append(token)
            elif token.kind == "operator" and token.text in REDIRECTING:
                self._redirection()
                others += 1
            elif token.kind == "operator" and token.text == "(":
                if len(words) != 1 or others:
                    raise self._refuse()
                self._defined(words[0])
                return
            else:
                return

    def _defined(self, name: Token) -> None:
        """A function: the parentheses behind its name, and its body."""
        opened = self.take().start
        self._expect(")", opened)
        if self.dialect != "bash" and (not _GOOD_NAME.fullmatch(name.text) or name.text in _SPECIAL):
            raise RefusedError(name.start, name.text)
        self.skip_newlines()
        self._function_body()

    def _function_body(self) -> None:
        if self.dialect == "bash" and self._what() not in _COMPOUND:
            raise self._refuse()
        self.nested(self._command)

    def _function(self, opened: int) -> None:
        self.take()
        if self.peek().kind != "word":
            raise self._refuse()
        self.take()
        if self._operator() == "(":
            self.take()
            self._expect(")", opened)
        self.skip_newlines()
        self._function_body()

    def _coprocess(self, _opened: int) -> None:
        self.take()
        if self._what() in _COMPOUND:
            self.nested(self._command)
            return
        self._simple()
        if self._what() in _COMPOUND:
            self.nested(self._command)

    def _if(self, opened: int) -> None:
        self.take()
        self._body(("then",), opened)
        self.take()
        self._body(("fi", "else", "elif"), opened)
        while self._what() == "elif":
            self.take()
            self._body(("then",), opened)
            self.take()
            self._body(("fi", "else", "elif"), opened)
        if self._what() == "else":
            self.take()
            self._body(("fi",), opened)
        self._expect("fi", opened)

    def _while(self, opened: int) -> None:
        self.take()
        self._body(("do",), opened)
        self._do(opened)

    def _do(self, opened: int) -> None:
        self._expect("do", opened)
        self._body(("done",), opened)
        self.take()

    def _for(self, opened: int) -> None:
        self.take()
        name = self.peek()
        if self.dialect == "bash" and self.script.startswith("((", name.start):
            self.take()
            self._closing(name.start + 2, name.start)
            if self._what() == ";":
                self.take()
        elif name.kind != "word" or (self.dialect != "bash" and not _GOOD_NAME.fullmatch(name.text)):
            raise self._refuse()
        else:
            self.take()
            self.skip_newlines()
            if self.peek().kind == "word" and self.peek().text == "in":
                self.take()
                while self.peek().kind == "word":
                    self.take()
                if self.peek().kind != "newline" and self._what() != ";":
                    raise self._refuse("do" if self.peek().kind == "end" else "", opened)
                self.take()
            elif self._what() == ";":
                self.take()
        self.skip_newlines()
        if self.dialect == "bash" and self._what() == "{":
            self._group(self.peek().start)
            return
        self._do(opened)

    def _case(self, opened: int) -> None:
        self.take()
        if self.peek().kind != "word":
            raise self._refuse()
        self.take()
        self.skip_newlines()
        if self.peek().text != "in":
            raise self._refuse("in", opened)
        self.take()
        while True:
            self.skip_newlines()
            if self._keyword() == "esac":
                self.take()
                return
            self._patterns(opened)
            closers = ("esac", ";;", ";&", ";;&")
            self._list(closers, empty=True, opened=opened)
            if self._what() not in closers:
                raise self._refuse("esac", opened)
            if self._what() != "esac":
                self.take()

    def _patterns(self, opened: int) -> None:
        if self._operator() == "(":
            self.take()
        while True:
            if self.peek().kind != "word":
                raise self._refuse("esac" if self.peek().kind == "end" else "", opened)
            self.take()
            if self._operator() != "|":
                break
            self.take()
        if self._operator() != ")":
            raise self._refuse(")", opened if self.peek().kind == "end" else -1)
        self.take()

    def _group(self, opened: int) -> None:
        self.take()
        self._body(("}",), opened)
        self.take()

    def _subshell(self, opened: int) -> None:
        if self.dialect == "bash" and self.script.startswith("((", opened):
            token = self.take()
            if self._is_arithmetic(opened + 2):
                return
            self.at = token.end
        else:
            self.take()
        self._body((")",), opened)
        self.take()

    def _is_arithmetic(self, inside: int) -> bool:
        try:
            return self.closes_arithmetic(inside)
        except RefusedError:
            return False

    def _closing(self, inside: int, opened: int) -> None:
        if not self.closes_arithmetic(inside):
            raise RefusedError(self.end, "", "))", opened)

    def _condition(self, opened: int) -> None:
        """`[[ … ]]`: what is quoted in it, and where it ends."""
        end = self.take().end
        self.at = end
        while self.at < self.end:
            self.look()
            script, at = self.script, self.at
            if script.startswith("]]", at) and script[at - 1] in " \t\n" and _ends_word(script, at + 2):
                self.at += 2
                return
            if script[at] == ";":
                raise RefusedError(at, ";", "]]", opened)
            self.read_piece(script[at])
        raise RefusedError(self.end, "", "]]", opened)


def _ends_word(script: str, at: int) -> bool:
    return at >= len(script) or script[at] in " \t\n;&|()<>"


_COMPOUND = frozenset({"if", "while", "until", "for", "select", "case", "{", "(", "[["})
