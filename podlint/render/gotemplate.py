"""Go templates: which characters are emitted as they stand, and which actions put others between them."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from functools import cached_property

from msgspec import Struct

from podlint.regex import late
from podlint.source.span import Source

_COMMENT = late(r"\{\{(?:-[ \t\r\n]+)?/\*")
_COMMENT_END = late(r"\*/(?:[ \t\r\n]+-)?\}\}")
# Up to its end, where it has one.
_ACTION = late(
    r"\{\{(?:[^\"`'}]|\}(?!\})|\"(?:[^\"\\\n]|\\.)*+\"|`[^`]*+`|'(?:[^'\\\n]|\\.)*+')*+", re.DOTALL
)
_ENDED = late(r"\}\}")
_WORD = late(r"\{\{-?[ \t\r\n]*([a-z]+)(?![\w.])")
_NAMED = late(r"\{\{-?[ \t\r\n]*(?:define|block)[ \t\r\n]+[\"`]([^\"`]*)")
_ASSIGNMENT = late(r"\{\{-?[ \t\r\n]*\$\w*[ \t\r\n]*(?:,[ \t\r\n]*\$\w+[ \t\r\n]*)?:?=")
USES_FILES = late(r"\.Files\.(?:(?:Get|GetBytes|Lines)[ \t\r\n]++[\"`]([^\"`]*+)[\"`]|\w)")
"""Where an action uses the files of its chart: the name of the file, where it says one."""
_CONTROL = frozenset(("if", "else", "end", "range", "with", "define", "block", "break", "continue"))
_OPENING = frozenset(("if", "range", "with", "define", "block"))
_BLANKS = " \t\r\n"


class Part(Struct, frozen=True):
    """Characters of a template from `start` up to `end`: a text that is emitted as it stands, or an action
    that emits something else, or nothing (`silent`)."""

    start: int
    end: int
    is_text: bool
    silent: bool = False


class Stretch(Struct, frozen=True):
    """Parts that are emitted together, on one line where no action makes more of it: no line end and no
    control structure stands between them. `body` names the `define` around it, "" where there is none."""

    parts: tuple[Part, ...]
    body: str
    ends_line: bool


class Template(Struct, frozen=True, eq=False, dict=True):
    """A template: its stretches in order."""

    source: Source
    stretches: tuple[Stretch, ...]
    inline: frozenset[str]
    """The bodies that emit one line, such as names: other templates compute with them."""

    def text(self, part: Part) -> str:
        """The characters of a part as they stand."""
        return self.source.text[part.start : part.end]

    @cached_property
    def uses_files(self) -> bool:
        """Whether any of its actions uses the files of its chart."""
        return USES_FILES.search(self.source.text) is not None

    @cached_property
    def _starts(self) -> list[int]:
        return [stretch.parts[0].start for stretch in self.stretches]

    def index(self, offset: int) -> int:
        """The number of the stretch that an offset lies in."""
        return bisect_right(self._starts, offset) - 1

    def part(self, offset: int) -> Part:
        """The part that an offset lies in."""
        return next(part for part in self.stretches[self.index(offset)].parts if part.end > offset)

    def literal(self, stretch: Stretch) -> str:
        """What a stretch emits as it stands, without the blanks around it."""
        return "".join(self.text(part) for part in stretch.parts if part.is_text).strip()


class _Action(Struct, frozen=True):
    start: int
    end: int
    word: str
    silent: bool
    trims_before: bool
    trims_behind: bool
    name: str = ""


def read_template(source: Source) -> Template:
    """The template that a text is. What no template can be is taken for text."""
    reader = _Reader(source)
    text, at, trimmed = source.text, 0, False
    for action in _actions(text):
        reader.text(*_emitted(text, at, action.start, trimmed, action.trims_before))
        reader.action(action)
        at, trimmed = action.end, action.trims_behind
    reader.text(*_emitted(text, at, len(text), trimmed, False))
    return reader.done()


def _actions(text: str) -> Iterator[_Action]:
    at = text.find("{{")
    while at >= 0:
        comment = _COMMENT.match(text, at)
        if comment:
            end = text.find("*/", comment.end())
            found = _COMMENT_END.match(text, end) if end >= 0 else None
        else:
            action = _ACTION.match(text, at)
            found = _ENDED.match(text, action.end()) if action else None
        if found is None:
            return
        whole = text[at : found.end()]
        word = None if comment else _WORD.match(whole)
        named = _NAMED.match(whole)
        yield _Action(
            at,
            found.end(),
            word[1] if word else "",
            comment is not None or _ASSIGNMENT.match(whole) is not None,
            whole.startswith("{{-") and whole[3:4] in _BLANKS,
            whole.endswith("-}}") and whole[-4:-3] in _BLANKS,
            named[1] if named else "",
        )
        at = text.find("{{", found.end())


def _emitted(text: str, start: int, end: int, trims_start: bool, trims_end: bool) -> tuple[int, int]:
    """What is left of a literal text by the actions beside it."""
    while trims_start and start < end and text[start] in _BLANKS:
        start += 1
    while trims_end and start < end and text[end - 1] in _BLANKS:
        end -= 1
    return start, end


class _Reader:
    """Puts stretches together."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._parts: list[Part] = []
        self._found: list[Stretch] = []
        self._open: list[str] = []
        self._lines: dict[str, int] = {}
        self._bodies: set[str] = set()
        self._long: set[str] = set()
        self._ended = False

    def text(self, start: int, end: int) -> None:
        text = self._source.text
        while start < end:
            stop = text.find("\n", start, end)
            until = stop if stop >= 0 else end
            if until > start:
                self._parts.append(Part(start, until, True))
            if stop < 0:
                return
            self._flush(ends_line=True)
            start = stop + 1

    def action(self, action: _Action) -> None:
        if action.word not in _CONTROL:
            self._parts.append(Part(action.start, action.end, False, action.silent))
            if self._body and "nindent" in self._source.text[action.start : action.end]:
                self._long.add(self._body)
            return
        self._flush(ends_line=False)
        if action.word in _OPENING:
            self._open.append(action.name or self._body)
            self._ended = False
        elif action.word == "end" and self._open:
            self._open.pop()
            self._ended = False

    @property
    def _body(self) -> str:
        return self._open[-1] if self._open else ""

    def _flush(self, ends_line: bool) -> None:
        parts, self._parts = self._parts, []
        if any(not one.silent and self._source.text[one.start : one.end].strip() for one in parts):
            body = self._body
            if body:
                self._bodies.add(body)
                self._lines[body] = self._lines.get(body, 0) + self._ended
            self._ended = False
            self._found.append(Stretch(tuple(parts), body, ends_line))
        self._ended = self._ended or ends_line

    def done(self) -> Template:
        self._flush(ends_line=False)
        inline = frozenset(body for body in self._bodies - self._long if not self._lines[body])
        return Template(self._source, tuple(self._found), inline)
