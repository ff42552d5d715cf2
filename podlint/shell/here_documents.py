"""What a shell reads line by line: here-documents, lines that go on behind a backslash, and comments. The
grammar loses commands over the first two, so that they are found here and hidden from it."""

from __future__ import annotations

from msgspec import Struct

from podlint.regex import late
from podlint.shell.brackets import begins_command

_TOKEN = late(
    r"\\[\s\S]|\$'|\$?\(\(|\$\(|\$\{|<<<|<<-?|[()}'\"`\n]|(?<![^\s;|&(])#|\b(?:case|esac)(?![\w.=/+-])"
)
_DELIMITER = late(r"(?<=[<-])[ \t]*+((?:\\[\s\S]|'[^']*'|\"[^\"]*\"|[^\s\\'\";&|<>()])+)")
_QUOTING = late(r"\\([\s\S])|['\"]")
_PARENTHESIS = late(r"[()]")


_VALUE = r"[A-Za-z_]\w*\+?=(?:[^\s;&|()'\"#]|'[^']*'|\"[^\"]*\")*"
_ASSIGNMENTS = late(rf"(?:(?:^|[;&|({{])[ \t]*|\b(?:then|do|else)[ \t]+){_VALUE}(?:[ \t]+{_VALUE})+[ \t]*\Z")
"""Several assignments at the end of a line, with no command."""


class HereDocument(Struct, frozen=True):
    """A here-document: where its operator stands, what is behind its delimiter (`stop`), its body, what is
    behind its last line (`after`). `quoted`: its delimiter was; `strips_tabs`: `<<-`."""

    start: int
    stop: int
    body: int
    end: int
    after: int
    quoted: bool
    strips_tabs: bool


class Layout(Struct, frozen=True):
    """The here-documents of a stretch of a script, the offsets of backslashes by which a word goes on on the
    next line, where several assignments end with their line (offsets of a comment and of the break), and
    where comments begin and end."""

    documents: tuple[HereDocument, ...]
    joined: tuple[int, ...]
    assigned: tuple[tuple[int, int], ...]
    comments: tuple[tuple[int, int], ...]


def layout_of(script: str, start: int, end: int) -> Layout:
    """Find what is read line by line between two offsets of a script."""
    reader = _Reader(script, start, end)
    reader.read(start)
    return Layout(
        tuple(reader.documents), tuple(reader.joined), tuple(reader.assigned), tuple(reader.comments)
    )


class _Reader:
    """Goes over a stretch once, and knows in what it is: `"` a string, `{` an expansion, `(` commands that
    `)` ends, and a backquote. For each of them it counts the `case` whose `esac` is still to come."""

    def __init__(self, script: str, start: int, end: int) -> None:
        self.script = script
        self.end = end
        self.documents: list[HereDocument] = []
        self.joined: list[int] = []
        self.assigned: list[tuple[int, int]] = []
        self.comments: list[tuple[int, int]] = []
        self.line = start
        self.comment = -1
        self.inside: list[str] = []
        self.cases: list[int] = [0]
        self.pending: list[tuple[int, int, str, bool, bool]] = []

    def read(self, at: int) -> None:
        """Read to the end of the stretch."""
        while found := _TOKEN.search(self.script, at, self.end):
            at = self._token(found.group(), found.start(), found.end())

    def _token(self, token: str, at: int, behind: int) -> int:
        """Read one token; where to go on."""
        script, where = self.script, self.inside[-1] if self.inside else ""
        if token[0] == "\\":
            if token[1] == "\n" and _is_in_word(script, at, self.end):
                self.joined.append(at)
            return behind
        if token == '"':
            self._leave() if where == '"' else self._enter('"')
        elif token == "`":
            if "`" in self.inside:
                while self._leave() != "`":
                    pass
            else:
                self._enter("`")
        elif token in ("$((", "$("):
            if token == "$((" and (stop := _closing(script, behind, self.end)) >= 0:
                return stop
            self._enter("(")
            return at + 2
        elif token == "${":
            self._enter("{")
        elif where == '"':
            pass
        elif token in ("'", "$'"):
            return behind if where == "{" and '"' in self.inside else _closing_single(script, at, self.end)
        elif where == "{":
            if token == "}":
                self._leave()
        else:
            return self._command_token(token, at, behind)
        return behind

    def _command_token(self, token: str, at: int, behind: int) -> int:
        script = self.script
        if token == "((":
            stop = _closing(script, behind, self.end) if begins_command(script, at) else -1
            if stop >= 0:
                return stop
            self._enter("(")
            return at + 1
        if token == "(":
            self._enter("(")
        elif token == ")":
            if not self.cases[-1] and self.inside and self.inside[-1] == "(":
                self._leave()
        elif token in ("case", "esac"):
            if begins_command(script, at):
                self.cases[-1] = max(self.cases[-1] + (1 if token == "case" else -1), 0)
        elif token == "#":
            self.comment = at
            newline = script.find("\n", at, self.end)
            stop = self.end if newline < 0 else newline
            self.comments.append((at, stop))
            return stop
        elif token in ("<<", "<<-") and (delimiter := _DELIMITER.match(script, behind, self.end)):
            written = delimiter.group(1)
            plain = _QUOTING.sub(lambda match: match.group(1) or "", written)
            self.pending.append((at, delimiter.end(), plain, written != plain, token == "<<-"))
            return delimiter.end()
        elif token == "\n":
            stop = self.comment if self.comment >= self.line else at
            if _ASSIGNMENTS.search(script[self.line : stop]):
                self.assigned.append((stop, at))
            self.line = self._bodies(behind)
            return self.line
        return behind

    def _enter(self, what: str) -> None:
        self.inside.append(what)
        self.cases.append(0)

    def _leave(self) -> str:
        self.cases.pop()
        return self.inside.pop()

    def _bodies(self, at: int) -> int:
        """The bodies that begin at an offset; where the script goes on."""
        for start, stop, delimiter, quoted, strips in self.pending:
            end, after = self._body(at, delimiter, quoted, strips)
            self.documents.append(HereDocument(start, stop, at, end, after, quoted, strips))
            at = after
        self.pending.clear()
        return at

    def _body(self, at: int, delimiter: str, quoted: bool, strips: bool) -> tuple[int, int]:
        goes_on = False
        while at < self.end:
            newline = self.script.find("\n", at, self.end)
            stop = self.end if newline < 0 else newline
            line = self.script[at:stop]
            if not goes_on and (line.lstrip("\t") if strips else line) == delimiter:
                return at, stop
            goes_on = not quoted and (len(line) - len(line.rstrip("\\"))) % 2 == 1
            at = min(stop + 1, self.end)
        return self.end, self.end


def _is_in_word(script: str, at: int, end: int) -> bool:
    """Whether a word stands on both sides of a line break that a backslash quotes."""
    separators = " \t\n;&|<>()"
    before, behind = script[at - 1 : at], script[at + 2 : at + 3] if at + 2 < end else ""
    return bool(before and behind) and before not in separators and behind not in separators + "#"


def _closing(script: str, at: int, end: int) -> int:
    """The offset behind the `))` that closes arithmetic whose inside begins at `at`; -1 where a `)` alone
    does."""
    depth = 0
    for found in _PARENTHESIS.finditer(script, at, end):
        if found.group() == "(":
            depth += 1
        elif depth:
            depth -= 1
        else:
            return found.start() + 2 if script.startswith("))", found.start()) else -1
    return -1


def _closing_single(script: str, at: int, end: int) -> int:
    """The offset behind the quote that closes `'…'` or `$'…'`."""
    if script[at] == "'":
        stop = script.find("'", at + 1, end)
        return end if stop < 0 else stop + 1
    at += 2
    while at < end and script[at] != "'":
        at += 2 if script[at] == "\\" else 1
    return min(at + 1, end)
