"""The tokens of a script as one of the shells reads them: words, operators, line breaks, here-documents."""

from __future__ import annotations

from typing import Literal, TypeAlias

from msgspec import Struct

from podlint.regex import late
from podlint.shell.quotes import COMMENT, IN_QUOTES, Dialect, QuoteReader, RefusedError

Kind: TypeAlias = Literal["word", "operator", "newline", "end"]

_BLANKS = late(r"(?:[ \t]|\\\n)++")
_OPERATORS = {
    "dash": late(r"&&|\|\||;;|<<-|<<|<&|<>|>>|>&|>\||[;&|()<>]"),
    "ash": late(r"&&|&>|\|\||;;|<<-|<<|<&|<>|>>|>&|>\||[;&|()<>]"),
    "bash": late(r"&>>|&>|&&|\|&|\|\||;;&|;&|;;|<<<|<<-|<<|<&|<>|>>|>&|>\||[;&|()<>]"),
}
REDIRECTING = frozenset({"<", ">", "<<", "<<-", "<<<", "<&", ">&", "<>", ">>", ">|", "&>", "&>>"})
_NUMBER = late(r"[0-9]{1,9}(?=[<>])")


class Token(Struct, frozen=True):
    """A token of a script: `text` as it is written, "" for the end."""

    kind: Kind
    text: str
    start: int
    end: int


class HereDocument(Struct, frozen=True):
    """A here-document whose body is still to come."""

    delimiter: str
    quoted: bool
    strips: bool


class TokenReader(QuoteReader):
    """Reads tokens one after another. `read_list` of a subclass reads the commands of a substitution, up to
    the parenthesis that closes it."""

    def __init__(self, script: str, dialect: Dialect, looks: list[int] | None = None) -> None:
        super().__init__(script, dialect, looks)
        self.pending: list[HereDocument] = []
        self._operators = _OPERATORS[dialect]
        self._ahead: Token | None = None

    def read_list(self, opened: int) -> None:
        """Read commands up to the `)` that closes a substitution, which stays."""
        raise NotImplementedError

    def peek(self) -> Token:
        """The next token, which stays."""
        if self._ahead is None:
            self._ahead = self._token()
        return self._ahead

    def take(self) -> Token:
        """The next token."""
        token = self.peek()
        self._ahead = None
        if token.kind == "newline":
            self._bodies()
        return token

    def skip_newlines(self) -> None:
        """Go on behind line breaks."""
        while self.peek().kind == "newline":
            self.take()

    def read_substitution(self, opened: int) -> None:
        """See `QuoteReader.read_substitution`."""
        kept, self.pending, ahead = self.pending, [], self._ahead
        self._ahead = None
        self.nested(lambda: self.read_list(opened))
        closing = self.peek()
        if closing.text != ")" or closing.kind != "operator":
            raise RefusedError(closing.start, closing.text, ")", opened)
        self.at = closing.end
        self.pending, self._ahead = kept, ahead

    def read_apart(self, inner: str) -> None:
        """See `QuoteReader.read_apart`."""
        reader = type(self)(inner, self.dialect, self.looks)
        reader.depth = self.depth
        reader.nested(lambda: reader.read_list(-1))
        left = reader.peek()
        if left.kind != "end":
            raise RefusedError(left.start, left.text)

    def _token(self) -> Token:
        self.look()
        script = self.script
        while True:
            if blanks := _BLANKS.match(script, self.at):
                self.at = blanks.end()
            elif script.startswith("#", self.at):
                comment = COMMENT.match(script, self.at)
                self.at = comment.end() if comment else self.at
            else:
                break
        start = self.at
        if start >= self.end:
            return Token("end", "", start, start)
        if script[start] == "\n":
            self.at += 1
            return Token("newline", "\n", start, self.at)
        number = _NUMBER.match(script, start)
        if number and not (self.dialect == "bash" and script[start - 2 : start] in (">&", "<&")):
            # The descriptor in front of a redirection.
            self.at = number.end()
        operator = self._operators.match(script, self.at)
        if operator and not self.begins_process(self.at):
            self.at = operator.end()
            return Token("operator", operator.group(), start, self.at)
        self.at = start
        self.nested(self.read_word)
        return Token("word", script[start : self.at], start, self.at)

    def expect_document(self, operator: str, word: Token) -> None:
        """A here-document's body follows behind this line."""
        plain = _unquoted(word.text)
        self.pending.append(HereDocument(plain, plain != word.text, operator == "<<-"))

    def _bodies(self) -> None:
        documents, self.pending = self.pending, []
        for document in documents:
            start = self.at
            stop = self._behind_body(document)
            if not document.quoted and self.dialect != "bash":
                self._document_text(start, stop)
            self._ahead = None

    def _behind_body(self, document: HereDocument) -> int:
        """Go behind a body; where it ends."""
        goes_on = False
        while self.at < self.end:
            self.look()
            newline = self.script.find("\n", self.at)
            stop = self.end if newline < 0 else newline
            line, start = self.script[self.at : stop], self.at
            self.at = min(stop + 1, self.end)
            if not goes_on and (line.lstrip("\t") if document.strips else line) == document.delimiter:
                return start
            goes_on = not document.quoted and (len(line) - len(line.rstrip("\\"))) % 2 == 1
        return self.end

    def _document_text(self, start: int, stop: int) -> None:
        """The expansions in a body."""
        behind, end = self.at, self.end
        self.at = start
        while self.at < stop:
            self.look()
            char = self.script[self.at]
            if char == "$" and self.script.startswith("{", self.at + 1):
                opened = self.at
                self.at += 1
                self.read_braces(opened, quoted=True, document=True)
            else:
                plain = IN_QUOTES.match(self.script, self.at, stop)
                if plain:
                    self.at = plain.end()
                else:
                    self.read_expanded(char)
        self.at, self.end = max(behind, self.at) if self.at > stop else behind, end


def _unquoted(word: str) -> str:
    """The delimiter of a here-document without its quotes."""
    plain, at, quote = [], 0, ""
    while at < len(word):
        char = word[at]
        if char == "\\" and quote != "'":
            plain.append(word[at + 1 : at + 2])
            at += 2
            continue
        if quote:
            if char == quote:
                quote = ""
            else:
                plain.append(char)
        elif char in "'\"":
            quote = char
        else:
            plain.append(char)
        at += 1
    return "".join(plain)
