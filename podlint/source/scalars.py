"""Scalars: the exact way from a decoded value back to the characters in the file, for all five styles."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias

from podlint.regex import late
from podlint.source.nodes import DOUBLE, FOLDED, LITERAL, PLAIN, SINGLE, ScalarNode
from podlint.source.span import Source, Span
from podlint.source.text import Piece, Text, Whole

# A decoded run of characters with the offsets in the source that it was made from.
_Run: TypeAlias = tuple[str, int, int]

_BREAKS = "\r\n\x85\u2028\u2029"
_BREAK = late(f"\r\n|[{_BREAKS}]")
_FOLD = f"[{_BREAKS}][ \t{_BREAKS}]*+"
# What is not copied as it stands in a flow scalar. White space before a break is cut off separately: a
# pattern that looked for it would try every run of blanks again and again.
_SPECIAL = {
    PLAIN: late(_FOLD),
    SINGLE: late(f"''|{_FOLD}"),
    DOUBLE: late(
        rf"\\(?:x[0-9A-Fa-f]{{2}}|u[0-9A-Fa-f]{{4}}|U[0-9A-Fa-f]{{8}}|{_FOLD}|[^{_BREAKS}])|{_FOLD}"
    ),
}
_ESCAPES = dict(
    zip("0abt\tnvfre \"'/\\N_LP", "\0\a\b\t\t\n\v\f\r\x1b \"'/\\\x85\xa0\u2028\u2029", strict=True)
)
_HEADER = late(rf"[|>][-+0-9]*+[ \t]*+(?:#[^{_BREAKS}]*+)?(?:\r\n|[{_BREAKS}]|\Z)")
_LINE = late(rf"( *+)([^{_BREAKS}]*+)(\r\n|[{_BREAKS}]|\Z)")
_FIRST_CONTENT = late("(?:^|(?<=[\n\u2028\u2029]))( *+)[^ \n\u2028\u2029]")
_MAX_GUESSED_INDENT = 64


def text_of(node: ScalarNode) -> Text:
    """The value of a scalar, each character of it knowing where it stands in the source."""
    return Text(node.value, _ScalarOrigin(node))


def pieces_of(node: ScalarNode) -> tuple[Piece, ...] | None:
    """The map of a scalar: where the runs of its value stand in the source. None if none rebuilds it."""
    text = node.source.text
    if node.style in (LITERAL, FOLDED):
        for indent in _indents(node):
            pieces = _verified(_block_runs(text, node, indent), node.value, text)
            if pieces is not None:
                return pieces
        return None
    quoted = node.style != PLAIN
    start, end = node.start + quoted, node.end - quoted
    if node.value and text[start:end] == node.value:
        return (Piece(end - start, start, end),)
    return _verified(_flow_runs(text, start, end, node.style), node.value, text)


class InFile:
    """The origin of a file's own text."""

    __slots__ = ("_source",)

    def __init__(self, source: Source) -> None:
        self._source = source

    def locate(self, start: int, end: int) -> Span:
        """See `Origin.locate`."""
        return Span(self._source, start, end)

    @property
    def folded(self) -> bool:
        """See `Origin.folded`."""
        return False

    @property
    def flows(self) -> bool:
        """See `Origin.flows`."""
        return False


class _ScalarOrigin:
    """The origin of a scalar's value; the map is made when first asked for, as few texts ever are."""

    __slots__ = ("_mapped", "_node")

    def __init__(self, node: ScalarNode) -> None:
        self._node = node
        self._mapped: Text | None = None

    def locate(self, start: int, end: int) -> Span:
        """See `Origin.locate`."""
        if self._mapped is None:
            node = self._node
            pieces = pieces_of(node)
            if pieces:
                self._mapped = Text(node.source.text, InFile(node.source)).derive(node.value, pieces)
            else:
                self._mapped = Text(node.value, Whole(node.span))
        return self._mapped.span(start, end)

    @property
    def folded(self) -> bool:
        """See `Origin.folded`."""
        node = self._node
        return node.style != LITERAL and "\n" in node.source.text[node.start : node.end]

    @property
    def flows(self) -> bool:
        """See `Origin.flows`."""
        return self._node.style not in (LITERAL, FOLDED)


def _verified(runs: Iterator[_Run], value: str, text: str) -> tuple[Piece, ...] | None:
    """The runs as pieces, neighbouring copies joined, provided that they make up the value."""
    pieces: list[Piece] = []
    at = began = origin = reached = 0
    copied = False
    for chunk, start, end in runs:
        if not value.startswith(chunk, at):
            return None
        copies = len(chunk) == end - start and text.startswith(chunk, start)
        if not (copies and copied and start == reached):
            if at > began:
                pieces.append(Piece(at - began, origin, reached))
            began, origin, copied = at, start, copies
        reached = end
        at += len(chunk)
    if at > began:
        pieces.append(Piece(at - began, origin, reached))
    return tuple(pieces) if at == len(value) else None


def _flow_runs(text: str, start: int, end: int, style: str) -> Iterator[_Run]:
    """Plain and quoted scalars between their quotes (YAML 1.1, chapter 9.1)."""
    at = start
    for special in _SPECIAL[style].finditer(text, start, end):
        first = text[special.start()]
        copied = special.start()
        if first not in "'\\":
            copied = at + len(text[at:copied].rstrip(" \t"))
        if copied > at:
            yield text[at:copied], at, copied
        at = special.end()
        if first == "'":
            yield "'", special.start(), at
        elif first != "\\":
            yield from _folded_runs(text, copied, at)
        elif text[special.start() + 1] in _BREAKS:
            # An escaped line break is nothing; the empty lines behind it are not.
            yield from _break_runs(text, special.start() + 1, at, skip=1)
        else:
            yield _unescape(special[0]), special.start(), at
    yield text[at:end], at, end


def _unescape(escape: str) -> str:
    """The character that a double-quoted escape stands for; empty for an unknown one."""
    if escape[1] in "xuU" and len(escape) > 2:
        code = int(escape[2:], 16)
        if 0xD800 <= code <= 0xDFFF:
            return "\ufffd"  # as the composer reads the halves that JSON writes
        return chr(code) if code <= 0x10FFFF else ""
    return _ESCAPES.get(escape[1], "")


def _folded_runs(text: str, start: int, end: int) -> Iterator[_Run]:
    """A line break with the blanks around it: a space, or the line breaks that follow the first one."""
    breaks = _BREAK.findall(text, start, end)
    if breaks[0] not in ("\u2028", "\u2029"):
        if len(breaks) == 1:
            yield " ", start, end
            return
        yield from _break_runs(text, start, end, skip=1)
    else:
        yield from _break_runs(text, start, end, skip=0)


def _break_runs(text: str, start: int, end: int, skip: int) -> Iterator[_Run]:
    """The line breaks of a range but the first `skip`, normalised as YAML 1.1 has it."""
    for found in _BREAK.finditer(text, start, end):
        if skip:
            skip -= 1
        else:
            yield _normal(found[0]), found.start(), found.end()


def _normal(line_break: str) -> str:
    """A line break as the value holds it: LS and PS stay, all others become LF."""
    return line_break if line_break in ("\u2028", "\u2029") else "\n" if line_break else ""


def _indents(node: ScalarNode) -> Iterator[int]:
    """Indentations that the content of a block scalar may have, the right one among the first.

    A header may give it relative to the parent, which a node does not know. But the value tells: the first
    line that is not blank lost as many spaces as it was indented by.
    """
    text = node.source.text
    header = _HEADER.match(text, node.start, node.end)
    kept = _FIRST_CONTENT.search(node.value)
    longest = 0
    for line in _LINE.finditer(text, header.end() if header else node.end, node.end):
        if line[2] and kept is not None:
            yield len(line[1]) - len(kept[1])
            return
        longest = max(longest, len(line[1]))
    yield from range(min(longest, _MAX_GUESSED_INDENT) + 1)


def _block_runs(text: str, node: ScalarNode, indent: int) -> Iterator[_Run]:
    """Literal and folded scalars (YAML 1.1, chapter 9.2), step by step as libyaml scans them."""
    header = _HEADER.match(text, node.start, node.end)
    if header is None or indent < 0:
        return
    folded = node.style == FOLDED
    chomping = header[0].partition("#")[0]
    held: list[_Run] = []  # line breaks seen since the last content; the first of them is the line's own
    more_indented, any_content = False, False
    for line in _LINE.finditer(text, header.end(), node.end):
        start, end = min(line.start() + indent, line.end(1)), line.end(2)
        content = text[start:end]
        line_break = (_normal(line[3]), line.start(3), line.end(3))
        if not content:
            held.append(line_break)
            continue
        starts_blank = content[0] in " \t"
        if folded and any_content and held[0][0] == "\n" and not more_indented and not starts_blank:
            if len(held) == 1:
                yield " ", held[0][1], start
            yield from held[1:]
        else:
            yield from held
        yield content, start, end
        more_indented, any_content = starts_blank, True
        held = [line_break]
    if any_content and "-" not in chomping:
        yield from held[:1]
    if "+" in chomping:
        yield from held[1:] if any_content else held
