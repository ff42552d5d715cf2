"""The leaves of a syntax tree: words, assignments and redirections, read from tree-sitter's nodes."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

from podlint.digits import number_of
from podlint.regex import late
from podlint.shell.here_documents import HereDocument, layout_of
from podlint.shell.limits import Limits
from podlint.shell.syntax import Assignment, Redirect, Word
from podlint.shell.words import ParseBody, WordScanner

if TYPE_CHECKING:
    from tree_sitter import Node

_BEFORE_COMPOUND = late(
    r"(?:(?<=[\s;&|(){}`])|^)(!|time(?:[ \t]+-p)?)"
    r"(?=[ \t]+(?:\{[ \t\n]|\(\(|(?:case|if|while|until|for)[ \t\n]))"
)
"""`!` and `time` before a compound command, where the grammar takes them for the name of a command."""
_DANGLING = late(r"(?<!\\)\\\n\s*\Z")
_ESCAPE = late(r"\\(.)", re.DOTALL)
"""A backslash with what it quotes; the grammar takes some for the end of a word."""
_LAST_ARM = late(r";;?&(?=\s*esac)")
"""Behind the last arm of a `case` this is as good as `;;`, which alone the grammar knows there."""
_BAD = late(
    r"\$\{(?![\w#!@*?$-])[^{}\s;&|()'\"]*\}|\$\{\$[^{}\s;&|()'\"]+\}"
    r"|\$\{[A-Za-z_]\w*+[^\w}:=?+#%/^,\[@*~-][^{}$`'\"\\\n]*+\}"
)
"""`${…}` that names no parameter, and is an error when it is expanded: the grammar loses what follows it."""
_WIDE = late(r"[^\x00-\x7f]")
"""To a shell any of these is a plain character of a word that is no name, and so is a comma. The grammar
takes some for blanks, and where `{1..2}` may begin it looks them up in a table of 256 classes, whatever they
are: `{` before an emoji ends the process, now and then."""
_ASSIGNMENTS = late(r"^[^=\n]*+=.*[ \t]\w++\+?=", re.MULTILINE)
"""Perhaps several assignments on one line."""
_NAME = late(r"[A-Za-z_]\w*+")
_NO_BREAK = late(r"[^\n]")
ASSIGNMENTS = ("variable_assignment", "variable_assignments")
REDIRECTS = ("file_redirect", "herestring_redirect")


class Leaves:
    """Reads the leaves of one stretch of a script. tree-sitter counts bytes; as it is given one for each
    character, its offsets count characters."""

    def __init__(self, script: str, parse_body: ParseBody, limits: Limits) -> None:
        self.script = script
        self.words = WordScanner(script, parse_body, limits)
        self._text = WordScanner(script, parse_body, limits)
        """Reads the bodies of here-documents, which `words` does not see."""
        self._parse_body = parse_body
        self._documents: dict[int, HereDocument] = {}
        """By the offsets of their operators."""
        self._base = 0
        self.negated: set[int] = set()
        """Where compound commands begin behind a `!` that the parser does not see."""

    def begin(self, start: int, end: int) -> bytes:
        """Turn to the stretch between two offsets; what tree-sitter is to parse."""
        stretch = self.script[start:end]
        if "<<" in stretch or "\\\n" in stretch or _ASSIGNMENTS.search(stretch):
            stretch = self._laid_out(start, end, stretch)
        if "!" in stretch or "time" in stretch:
            stretch = _BEFORE_COMPOUND.sub(self._blank, stretch)
        if "\\" in stretch:
            # A line that goes on with nothing, at the end, is no error to a shell.
            stretch = _DANGLING.sub(lambda match: match.group().replace("\\", " "), stretch)
            stretch = _ESCAPE.sub(_as_plain, stretch)
        if "${" in stretch:
            stretch = _BAD.sub(lambda match: "_" * len(match.group()), stretch)
        if ";&" in stretch:
            stretch = _LAST_ARM.sub(lambda match: ";;".ljust(len(match.group())), stretch)
        if not stretch.isascii():
            stretch = _WIDE.sub(",", stretch)
        self._base = start
        self.negated = {start + at for at in self.negated}
        # The grammar does not know `<>`; it knows `>|`, which stands in the same places.
        return stretch.replace("<>", ">|").encode("ascii")

    def _laid_out(self, start: int, end: int, stretch: str) -> str:
        """The stretch without the bodies of its here-documents, and with each word on one line."""
        layout = layout_of(self.script, start, end)
        self._documents = {document.start: document for document in layout.documents}
        if layout.documents:
            for document in layout.documents:
                at, until = document.body - start, document.after - start
                stretch = stretch[:at] + _NO_BREAK.sub(" ", stretch[at:until]) + stretch[until:]
            # Quotes and brackets in a body close nothing outside of it.
            hidden = self.script[:start] + stretch + self.script[end:]
            self.words = WordScanner(hidden, self._parse_body, self.words.limits)
        for document in layout.documents:
            # To the grammar it is a file that is read.
            at, until = document.start - start, document.stop - start
            stretch = stretch[:at] + "< " + "E" * (until - at - 2) + stretch[until:]
        for comment, newline in layout.assigned:
            # The grammar takes the next line for the command that they stand in front of.
            at, until = comment - start, newline - start + 1
            stretch = stretch[:at] + ";".ljust(until - at) + stretch[until:]
        for backslash in layout.joined:
            at = backslash - start
            stretch = stretch[:at] + "__" + stretch[at + 2 :]
        return stretch

    def _blank(self, match: re.Match[str]) -> str:
        if match.group(1) == "!":
            behind = match.end()
            while match.string[behind] in " \t":
                behind += 1
            self.negated.add(behind)
        return " " * len(match.group())

    def range(self, node: Node) -> tuple[int, int]:
        """A node's offsets in the script. (tree-sitter-bash lets some expansions begin at the blank before
        them.)"""
        start, end = node.start_byte + self._base, node.end_byte + self._base
        while start < end and self.script[start] in " \t":
            start += 1
        return start, end

    def word(self, node: Node) -> Word:
        start, end = self.range(node)
        return self.words.word(self._with_escaped_blanks(start), end)

    def _with_escaped_blanks(self, start: int) -> int:
        """Where a word begins. tree-sitter-bash takes an escaped blank before a word for one that
        separates."""
        script = self.script
        while start - 2 >= self._base and script[start - 1] in " \t" and script[start - 2] == "\\":
            before = script[self._base : start - 1]
            if (len(before) - len(before.rstrip("\\"))) % 2 == 0:
                break
            start -= 2
        return start

    def joined(self, nodes: list[Node]) -> Iterable[Word]:
        """Words from nodes: those that touch are one word (`$"x"` comes as two nodes)."""
        ranges: list[tuple[int, int]] = []
        for start, end in map(self.range, nodes):
            start = self._with_escaped_blanks(start)
            if ranges and ranges[-1][1] == start:
                ranges[-1] = (ranges[-1][0], end)
            else:
                ranges.append((start, end))
        return (self.words.word(start, end) for start, end in ranges)

    def assigns(self, node: Node) -> bool:
        """Whether what the grammar takes for assignments begins with one: `--port=80` is a word."""
        first = node.children[0] if node.type == "variable_assignments" and node.children else node
        name = first.child_by_field_name("name")
        if name is None:
            return True
        match = _NAME.match(self.script, self.range(name)[0])
        return match is not None and self.script.startswith(("=", "+=", "["), match.end())

    def assignments(self, node: Node) -> list[Assignment]:
        if node.type == "variable_assignments":
            return [one for child in node.children for one in self.assignments(child)]
        if node.type != "variable_assignment":
            return []
        name = node.child_by_field_name("name")
        start, end = self.range(node)
        if name is None:
            return []
        name_start, name_end = self.range(name)
        append = self.script.startswith("+=", name_end)
        value_start = name_end + (2 if append else 1)
        value = node.child_by_field_name("value")
        array = name.type == "subscript" or (value is not None and value.type == "array")
        if not array:
            # The grammar may end a value early, at a backquote or a backslash behind an expansion.
            end = max(end, self.words.end_of_word(value_start))
        word = None if array else self.words.word(value_start, end)
        return [Assignment(self.script[name_start:name_end], word, append, start, end)]

    def redirect(self, node: Node) -> Redirect:
        start, end = self.range(node)
        descriptor: int | None = None
        operator, target = "", None
        for child in node.children:
            if child.type == "file_descriptor":
                text = self.script[slice(*self.range(child))]
                descriptor = number_of(text)
            elif not child.is_named and not operator:
                operator = child.type
        if (document := self._documents.get(self._operator_of(node))) is not None:
            body = self._text.heredoc(
                document.body, document.end, quoted=document.quoted, strip_tabs=document.strips_tabs
            )
            return Redirect("<<", descriptor, body, start, document.stop)
        if operator == ">|" and "<>" in self.script[start:end]:
            operator = "<>"
        if operator in (">&-", "<&-") or not node.children:
            return Redirect(self.script[start:end].lstrip("0123456789"), descriptor, None, start, end)
        targets = [c for c in node.children if c.is_named and c.type != "file_descriptor"]
        if targets:
            first = self.range(targets[0])
            # What follows a blank belongs to the command, not to the redirection: `> f word`.
            last = first[1]
            for other in targets[1:]:
                if self.range(other)[0] != last:
                    break
                last = self.range(other)[1]
            # The grammar may lose a backslash behind an expansion: the word ends where the shell says.
            last = self.words.end_of_word(last)
            target, end = self.words.word(self._with_escaped_blanks(first[0]), last), last
        return Redirect(operator, descriptor, target, start, end)

    def _operator_of(self, node: Node) -> int:
        """Where the operator of a redirection stands."""
        return next((self.range(child)[0] for child in node.children if child.type == "<"), -1)

    def behind(self, node: Node, redirect: Redirect) -> Iterable[Word]:
        """The words behind a redirection, which belong to its command: `> f word`."""
        targets = [c for c in node.children if c.is_named and c.type != "file_descriptor"]
        return self.joined([one for one in targets if self.range(one)[0] >= redirect.end])


def _as_plain(match: re.Match[str]) -> str:
    """A quoted character is as good as a plain one to the parser, but for the end of a line, and for a single
    quote, which may end a string that knows no backslashes."""
    return match.group() if match.group(1) in "'\n" else "__"
