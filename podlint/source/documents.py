"""Documents: where each document of a YAML stream begins and ends, and cheap tests of what it may carry."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain

from msgspec import Struct

from podlint.regex import late
from podlint.source.lists import items_of
from podlint.source.span import Source

# A marker stands at column 0 and is followed by white space or the end of the stream (YAML 1.1, chapter 9).
_FIRST_MARKER = late(r"(---|\.\.\.)(?=[ \t\r\n]|\Z)")
# Apart from the first, so that it begins with one character, which is searched for ten times as fast.
_MARKER = re.compile(r"\n(---|\.\.\.)(?=[ \t\r\n]|\Z)")
# libyaml also ends lines at a lone CR and, as YAML 1.1 has it, at NEL, LS and PS.
_ODD_BREAK = late("\r(?!\n)|[\x85\u2028\u2029]")
_ODD_MARKER = late("(?:^|[\r\n\x85\u2028\u2029])(---|\\.\\.\\.)(?=[ \t\r\n\x85\u2028\u2029]|\\Z)")

# What may stand before a document's own `---` and still belongs to it: comments, blank lines, directives.
_BLANK = "(?:[ \t\ufeff]*+(?:#[^\r\n\x85\u2028\u2029]*+)?[\r\n\x85\u2028\u2029])*+"
_PROLOGUE = late(
    rf"(?:{_BLANK}%[^\r\n\x85\u2028\u2029]*+[\r\n\x85\u2028\u2029])*+{_BLANK}[ \t]*+(?:#[^\r\n]*+)?"
)
_NOTHING = late(rf"{_BLANK}(?:---)?{_BLANK}[ \t]*+(?:#[^\r\n]*+)?")

PODLESS_KINDS = frozenset(
    (
        "CustomResourceDefinition",
        "ConfigMap",
        "Secret",
        "PodMetrics",
        "PodMetricsList",
        "ClusterPolicy",
        "Policy",
    )
)
"""Kinds that speak about pods without carrying one: schemas, data, measurements, policies with patterns."""

# The start of a document as nearly all are written: comments, then keys at column 0 with one plain word each,
# up to a `kind` whose value ends on its line. Nothing is open there, so it is a key of the root mapping.
_COMMENT_LINES = r"(?:\ *+(?:#[^\n]*+)?+\r?\n)*+"
_ENDED = r"[ \t]*+(?:(?<=[ \t])#[^\n]*+)?+"
_PODLESS = late(
    rf"(?:{_COMMENT_LINES}---{_ENDED}\r?\n)?+{_COMMENT_LINES}"
    rf"(?:(?!kind:)[A-Za-z]++:[ \t]++[A-Za-z0-9][A-Za-z0-9./-]*+{_ENDED}\r?\n{_COMMENT_LINES})*+"
    rf"kind:[ \t]++([\"']?)(?:{'|'.join(sorted(PODLESS_KINDS))})\1{_ENDED}(?=\r?\n\S|\s*+\Z)"
)
# What stands at column 0 and may be `kind` once more: the last one counts. A quote may hold escapes, and an
# alias may name any word.
_KIND_AGAIN = late("\n(?:kind|[\"'?!&*])")


class Document(Struct, frozen=True):
    """One document of a stream: the code points of `source` from `start` up to `end` (exclusive).

    Its directives and its `---` are included, so that it can be parsed on its own. An object of a List is a
    document of its own; one in block style, with its dash, is a list of one.
    """

    source: Source
    start: int
    end: int

    @property
    def text(self) -> str:
        """The characters of the document as they stand in the file."""
        return self.source.text[self.start : self.end]


def split(source: Source) -> Iterator[Document]:
    """The documents of a stream, in order; those that hold nothing but comments are left out. The objects of
    a List count as documents, too.

    A marker ends a document wherever it stands, as the YAML specification forbids one inside any scalar. What
    follows `--- ` on its line belongs to the document that it begins.
    """
    for document in whole_documents(source):
        yield from objects_in(document)


def whole_documents(source: Source) -> Iterator[Document]:
    """The same with each List as one document."""
    for start, end in _chunks(source.text):
        # Most documents begin with a key, and need no closer look.
        if source.text[start : start + 1].isalpha() or not _NOTHING.fullmatch(source.text, start, end):
            yield Document(source, start, end)


def objects_in(document: Document) -> Iterator[Document]:
    """The objects of a List, each as a document; else the document itself."""
    source, start, end = document.source, document.start, document.end
    for first, last in _items(source, start, end) or ((start, end),):
        yield Document(source, first, last)


def _items(source: Source, start: int, end: int) -> tuple[tuple[int, int], ...]:
    """See `items_of`; found once, as several ask for the documents of a source."""
    kept = source.__dict__.setdefault("items", {})
    found: tuple[tuple[int, int], ...] | None = kept.get(start)
    if found is None:
        found = kept[start] = items_of(source.text, start, end)
    return found


def _chunks(text: str) -> Iterator[tuple[int, int]]:
    """Ranges that cover the stream; each holds at most one `---`."""
    start, opened = 0, False
    for marker in _markers(text):
        at = marker.start(1)
        if marker[1] == "...":
            yield start, at
            start, opened = marker.end(1), False
        elif opened or not _PROLOGUE.fullmatch(text, start, at):
            yield start, at
            start, opened = at, True
        else:
            opened = True
    yield start, len(text)


def _markers(text: str) -> Iterator[re.Match[str]]:
    """What stands where a marker does; its group is the marker."""
    if _has_odd_breaks(text):
        return _ODD_MARKER.finditer(text)
    first = _FIRST_MARKER.match(text) if text.startswith(("---", "...")) else None
    return chain((first,) if first else (), _MARKER.finditer(text))


def _has_odd_breaks(text: str) -> bool:
    return (not text.isascii() or "\r" in text) and bool(_ODD_BREAK.search(text))


def _spellings(word: str) -> re.Pattern[str]:
    """A word in double quotes, in which any letter may be an escape, and an escaped line break may stand
    behind any of them (YAML 1.1, 5.6 and 9.5; JSON has the `\\u` of these)."""
    return late(r"(?:\\\r?\n[ \t]*+)*+".join(map(_spellings_of_letter, word)))


def _spellings_of_letter(letter: str) -> str:
    code = "".join(
        f"[{digit}{digit.upper()}]" if digit.isalpha() else digit for digit in f"{ord(letter):02x}"
    )
    return rf"(?:{letter}|\\x{code}|\\u00{code}|\\U000000{code})"


_ESCAPE = late(r"\\[xuU\r\n]")
_CONTAINERS, _CONFIG_MAP, _SECRET = "ontainers", "ConfigMap", "Secret"
_SPELLINGS = {word: _spellings(word) for word in (_CONTAINERS, _CONFIG_MAP, _SECRET)}


def _mentions(text: str, word: str) -> bool:
    """Whether a word stands in a text, as it is or in escapes."""
    if word in text:
        return True
    return "\\" in text and bool(_ESCAPE.search(text)) and bool(_SPELLINGS[word].search(text))


def may_hold_pod(text: str) -> bool:
    """Whether a file mentions containers at all: in a pod spec one key ends in `ontainers`."""
    return _mentions(text, _CONTAINERS)


def may_hold_config_map(text: str) -> bool:
    """Whether a file mentions ConfigMaps or Secrets at all."""
    return _mentions(text, _CONFIG_MAP) or _mentions(text, _SECRET)


def may_hold_autoscaler(text: str) -> bool:
    """Whether a file mentions what scales pods, or gives them requests that they do not make themselves."""
    return "HorizontalPodAutoscaler" in text or "LimitRange" in text


def may_hold_pod_monitor(text: str) -> bool:
    """Whether a file mentions the ports of pods that Prometheus is to scrape."""
    return "podMetricsEndpoints" in text


def may_carry_pod(text: str) -> bool:
    """Whether a document can hold a pod spec: it mentions containers, and is none of `PODLESS_KINDS`. Where
    the kind of the root is not plain to see, it may be any."""
    return may_hold_pod(text) and not _is_podless(text)


_MANIFEST_KEY = late(r"(?:^|[\s{,])[\"']?(?:kind|apiVersion)[\"']?[ \t]*:")
_CONTAINERS_KEY = late(r"(?:^|[\s{,])[\"']?(?:c|initC|ephemeralC)ontainers[\"']?[ \t]*:")
_FORM = late(r"\s*[\w.-]+=")


def means_to_be_manifest(text: str) -> bool:
    """Whether a document that cannot be read is meant for the API server: it has keys such as `kind` and
    `containers`, and is no body of a form (`file={…}`). Editors' settings speak of containers, too."""
    keys = (_MANIFEST_KEY, _CONTAINERS_KEY)
    return all(key.search(text) for key in keys) and not _FORM.match(text)


def _is_podless(text: str) -> bool:
    """Whether the `kind` of the root mapping is surely one of `PODLESS_KINDS`, or the document is no YAML."""
    at = text.find("\nkind:") + 1
    first = text[at : at + 80]
    # Spares most documents the patterns.
    if not any(kind in first for kind in PODLESS_KINDS):
        return False
    found = _PODLESS.match(text)
    return found is not None and not _has_odd_breaks(text) and not _KIND_AGAIN.search(text, found.end())


_TOKEN = late(r"(?:^|(?<=[ \t]))#|[\"']|\{\{")
_BLOCK_HEADER = late(r"(?:^|(?<=[ \t]))[|>][-+0-9]{0,2}[ \t]*(?:[ \t]#.*)?$")
_ENTRY = late(r"( *)((?:- +)*)([|>]?)")
# What stands before a quote that opens a scalar, rather than being a character of a plain one.
_VALUE_FOLLOWS = late(r"(?:^|[-:?][ \t]|[\[{,])[ \t]*(?:[!&]\S*[ \t]+)*$")
_LOOK_BEHIND = 120
_MOST_LOOKED_AT = 256 * 1024
# The rest of a quoted scalar and, where it ends, its quote.
_QUOTED = {'"': late(r"(?:[^\"\\]|\\.)*+(\"?)"), "'": late(r"(?:[^']|'')*+('?)")}


def looks_templated(text: str) -> bool:
    """Whether Go template actions (`{{ … }}`) stand in a document where YAML has its own syntax.

    Actions inside quoted scalars, block scalars and comments are text of a valid manifest (a Prometheus
    rule, a `docker inspect -f '{{…}}'`) and do not count, but for one that is cut by its own quotes
    (`"{{ include "app.name" . }}"`). Made for documents that do not parse, so it reads line by line and
    believes that each line means what it seems to.
    """
    text = text[:_MOST_LOOKED_AT]
    if "{{" not in text or "}}" not in text:
        return False
    quote, parent = "", -1
    in_block = False
    for line in text.splitlines():
        at = 0
        if quote:
            at = _end_of_quoted(quote, line, 0)
            if at < 0:
                continue
            quote = ""
        elif in_block:
            stripped = line.lstrip(" ")
            if not stripped or len(line) - len(stripped) > parent:
                continue
            in_block = False
        found, quote = _scan_line(line, at)
        if found:
            return True
        if not quote and _BLOCK_HEADER.search(line, at):
            in_block, parent = True, _parent_indent(line)
    return False


def _scan_line(line: str, at: int) -> tuple[bool, str]:
    """Whether a line has an action in plain position, and the quote that is open at its end."""
    while token := _TOKEN.search(line, at):
        at = token.end()
        if token[0] == "{{":
            return True, ""
        if token[0] == "#":
            return False, ""
        if _VALUE_FOLLOWS.search(line[max(0, at - 1 - _LOOK_BEHIND) : at - 1]):
            start, at = at, _end_of_quoted(token[0], line, at)
            if at < 0:
                return False, token[0]
            action = line.rfind("{{", start, at)
            cut = action >= 0 and line.find("}}", action, at) < 0 and line[at : at + 1].strip(",:]}")
            if cut and not cut.isspace():
                return True, ""
    return False, ""


def _end_of_quoted(quote: str, line: str, at: int) -> int:
    """The offset behind the quote that closes a scalar, of which the text from an offset on is the rest; -1
    where it goes on in the next line."""
    rest = _QUOTED[quote].match(line, at)
    return rest.end() if rest and rest[1] else -1


def _parent_indent(line: str) -> int:
    """The column that the lines of a block scalar must be indented beyond, from the line of its header."""
    entry = _ENTRY.match(line)
    assert entry
    spaces, dashes, header = entry.groups()
    return len(spaces) + (dashes.rfind("-") if dashes and header else len(dashes))
