"""Lists: where each object of a `kind: List` stands, as kubectl prints the objects of a cluster.

Each is as good as a document: tens of thousands of them are read one at a time.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from podlint.regex import late

if TYPE_CHECKING:
    from json import JSONDecoder

_WORD = "List"
_JSON_KIND = late(r'"kind"\s*+:\s*+"List"')
_BLANKS = late(r"[ \t\r\n]*+")

_YAML_KIND = late(r"""^kind:[ \t]++(["']?)List\1[ \t]*+(?:#.*)?+\r?$""", re.MULTILINE)
_ITEMS = late(r"^items:[ \t]*+(?:#.*)?+\r?\n", re.MULTILINE)
# What stands at column 0 and is neither blank nor a comment nor an item.
_AT_ROOT = late(r"^(?!-[ \t\r\n])[^\s#].*+", re.MULTILINE)
_KEY = late(r"(apiVersion|kind|metadata|items):(?=[ \t\r]|$)|---[ \t\r]*+(?:#.*)?+$")
_DASHES = ("- ", "-\t", "-\r", "-\n")
_DASH = late(r"^-(?=[ \t\r\n])", re.MULTILINE)
_CONTENT = late(r"^ *+[^\s#]", re.MULTILINE)
# An alias in one item may name what stands in another one.
_ANCHOR = late(r"[:\-,\[{][ \t]++&[^\s&]")
_ODD_BREAK = late("\r(?!\n)|[\x85\u2028\u2029]")
_MAX_REST = 4096
"""Characters."""
_FIRST = late(r" *-(?: +)(?=[A-Za-z])")


class _NoListError(Exception):
    """A document is no List, or written in a way that only a parser can take apart."""


def items_of(text: str, start: int, end: int) -> tuple[tuple[int, int], ...]:
    """Where the items of a document stand that is a List, as offsets in `text`; none where the document is
    something else, or has to be parsed to tell. It stands from `start` up to `end` (exclusive).

    An item in block style includes its dash and its indentation, so that it is a list of one.
    """
    if text.find(_WORD, start, end) < 0 or text.find("items", start, end) < 0:
        return ()
    at = _BLANKS.match(text, start, end).end()  # type: ignore[union-attr]
    try:
        if text.startswith("{", at):
            return tuple(_json_items(text, at, end))
        return tuple(_block_items(text, start, end))
    except _NoListError:
        return ()


def _json_items(text: str, at: int, end: int) -> Iterator[tuple[int, int]]:
    """The items of a List in JSON. Raises `_NoListError` also for what is no JSON."""
    if not _JSON_KIND.search(text, at, end):
        raise _NoListError
    from json import JSONDecoder

    # Numbers are not asked for, and one of thousands of digits takes long, or is refused.
    reader = _JsonReader(text, at, JSONDecoder(parse_int=str, parse_float=str, strict=False))
    seen: set[str] = set()
    for key in reader.each_key():
        if key in seen:
            # kubectl keeps the last of two keys.
            raise _NoListError
        seen.add(key)
        if key == "items":
            yield from reader.objects()
        elif reader.value() != _WORD and key == "kind":
            raise _NoListError
    # A string may reach beyond a line of `---`, at which the document ends.
    rest = _BLANKS.match(text, reader.at, end) if reader.at <= end else None
    if "kind" not in seen or rest is None or rest.end() < end:
        raise _NoListError


class _JsonReader:
    """Reads on in a JSON text from `at`. Raises `_NoListError` where that cannot be done."""

    def __init__(self, text: str, at: int, decoder: JSONDecoder) -> None:
        self._text = text
        self._decoder = decoder
        self.at = at

    def each_key(self) -> Iterator[str]:
        """The keys of an object; whoever asks for the next one has read the value before."""
        for _ in self._parts("{", "}"):
            key = self.value()
            if not isinstance(key, str) or self._take() != ":":
                raise _NoListError
            yield key

    def objects(self) -> Iterator[tuple[int, int]]:
        """Where the items of an array begin and end, each of which is an object."""
        for _ in self._parts("[", "]"):
            start = self.at
            if not isinstance(self.value(), dict):
                raise _NoListError
            yield start, self.at

    def value(self) -> object:
        """The next value."""
        self._skip()
        try:
            value, self.at = self._decoder.raw_decode(self._text, self.at)
        except (ValueError, RecursionError):
            raise _NoListError from None
        found: object = value
        return found

    def _parts(self, opening: str, closing: str) -> Iterator[None]:
        """Stop at the beginning of each part between two brackets."""
        if self._take() != opening:
            raise _NoListError
        self._skip()
        if self._text.startswith(closing, self.at):
            self.at += 1
            return
        while True:
            self._skip()
            yield
            sign = self._take()
            if sign == closing:
                return
            if sign != ",":
                raise _NoListError

    def _take(self) -> str:
        self._skip()
        self.at += 1
        return self._text[self.at - 1 : self.at]

    def _skip(self) -> None:
        self.at = _BLANKS.match(self._text, self.at).end()  # type: ignore[union-attr]


def _block_items(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The items of a List in YAML whose keys stand at column 0, each on its line: nothing inside an item may
    stand as far to the left as its dash (YAML 1.1, 4.2)."""
    items = _ITEMS.search(text, start, end)
    if items is None or not _YAML_KIND.search(text, start, end):
        raise _NoListError
    first = _CONTENT.search(text, items.end(), end)
    if first is None or _ANCHOR.search(text, start, end) or _ODD_BREAK.search(text, start, end):
        raise _NoListError
    last = end
    seen: set[str] = set()
    for line in _AT_ROOT.finditer(text, start, end):
        key = _KEY.match(line[0])
        if key is None or key[0] in seen or (key[1] is None and seen):
            raise _NoListError
        seen.add(key[0])
        if line.start() > items.start():
            last = min(last, line.start())
    starts = list(_dashes(text, items.end(), last, len(first[0]) - 1))
    if not starts or not _is_complete(text[start : items.end()] + text[last:end]):
        raise _NoListError
    yield from zip(starts, [*starts[1:], last], strict=True)


def _is_complete(rest: str) -> bool:
    """Whether what stands around the items can be read without them. It is short where a program wrote it."""
    from podlint.source.events import is_readable

    return len(rest) < _MAX_REST and is_readable(rest)


def _dashes(text: str, at: int, end: int, indent: int) -> Iterator[int]:
    """Where the lines begin that have the dash of an item behind `indent` blanks. Raises `_NoListError` for a
    line further to the left."""
    if not indent:
        yield from (line.start() for line in _DASH.finditer(text, at, end))
        return
    for line in _CONTENT.finditer(text, at, end):
        column = line.end() - line.start() - 1
        if column < indent:
            raise _NoListError
        if column == indent:
            if not text.startswith(_DASHES, line.end() - 1):
                raise _NoListError
            yield line.start()


def unindented(text: str) -> str:
    """An item of a List in block style as the document that it would be by itself; any other text as it
    stands."""
    first = _FIRST.match(text)
    if first is None:
        return text
    blanks = " " * first.end()
    return f"\n{blanks}{text[first.end() :]}".replace(f"\n{blanks}", "\n")[1:]
