"""What no report may show: values of Secrets, and of variables whose name says that they are secret."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from podlint.regex import late
from podlint.source.compose import InvalidYaml, compose
from podlint.source.documents import Document, split
from podlint.source.nodes import MappingNode, ScalarNode, SequenceNode, YamlNode
from podlint.source.span import Source, Span

_WORDS = ("password", "passwd", "passphrase", "pwd", "secret", "token", "credential")
_KEYS = ("api", "access", "private", "secret", "auth")
_SPELT = (*_WORDS, *(f"{one}key" for one in _KEYS), *(f"{one}_key" for one in _KEYS))
"""The words by which the name of a variable says that its value is secret, in small letters."""
_SECRET_WORDS = "|".join(_SPELT)
_NAME = late(rf".*(?:{_SECRET_WORDS})s?[0-9]*", re.IGNORECASE | re.DOTALL)
_MENTION = late(_SECRET_WORDS, re.IGNORECASE)
_MOUNTED = (
    "serviceaccounttoken:",
    'serviceaccounttoken":',
    "secrets/kubernetes.io/serviceaccount",
    "path: token\n",
    '"path": "token"',
    '"path":"token"',
)
"""What stands in every pod of a cluster, in small letters: its token. None of it can be the name of a
variable."""
_VALUE = late(r"^([ \t]*(?:- +)*(?:[\"']?[-\w./]+[\"']?[ \t]*:)?)[^\r\n]*", re.MULTILINE)
_VALUE_OF_A_VARIABLE = late(r"^([ \t]*(?:- +)*value[ \t]*:)[^\r\n]*", re.MULTILINE)
_SECRET = late(r"""kind["']?[ \t]*:[ \t]*["']?Secret\b""")
_HOLDING = ("data", "stringData")
_MASK = "*"


def is_secret_name(name: str) -> bool:
    """Whether the name of a variable says that its value is secret: `DB_PASSWORD`, not `DB_PASSWORD_FILE`."""
    return _NAME.fullmatch(name) is not None


def without_secrets(span: Span) -> Span:
    """The same characters in a source of the same form in which secret values are masked."""
    kept = span.source.__dict__
    if "without_secrets" not in kept:
        # Made once for each source that a report shows anything of.
        kept["without_secrets"] = _masked(span.source, hidden(span.source))
    return Span(kept["without_secrets"] or span.source, span.start, span.end)


def _mentions_secrets(text: str) -> bool:
    """Whether a text mentions Secrets, or a word by which a variable says that it is secret."""
    if text.isascii():
        # A tenth of what the pattern takes, which is asked about each file with a finding.
        lower = text.lower()
        for words in _MOUNTED:
            lower = lower.replace(words, " ")
        return any(word in lower for word in _SPELT)
    return _MENTION.search(text) is not None


def hide(source: Source, ranges: Iterable[tuple[int, int]]) -> None:
    """Have these ranges masked, too, wherever the source is shown."""
    kept = source.__dict__
    known = kept.setdefault("hidden", set())
    if not known.issuperset(ranges := set(ranges)):
        known |= ranges
        kept["without_secrets"] = _masked(source, {*hidden(source), *known})


def _masked(source: Source, ranges: Iterable[tuple[int, int]]) -> Source | None:
    """The source with ranges of it masked; None where there are none."""
    parts, at = [], 0
    ordered = sorted(ranges)
    for start, end in ordered:
        if end > at:
            parts += [source.text[at:start], _mask(source.text[max(start, at) : end])]
            at = end
    if not parts:
        return None
    origin = source.origin.masked(ordered, _MASK) if source.origin is not None else None
    return Source(source.path, "".join(parts) + source.text[at:], origin)


def _mask(text: str) -> str:
    return "".join(char if char in "\r\n" else _MASK for char in text)


def hidden(source: Source) -> Iterator[tuple[int, int]]:
    """The ranges of all secret values, in no order."""
    if not _mentions_secrets(source.text):
        return
    for document in split(source):
        if _mentions_secrets(document.text):
            try:
                root = compose(document)
            except InvalidYaml:
                yield from _values_by_line(document)
            else:
                yield from _in_nodes(root)


def _values_by_line(document: Document) -> Iterator[tuple[int, int]]:
    """Where a document cannot be read: all that stands behind a key of a Secret, else each `value`."""
    text = document.text
    lines = _VALUE.finditer(text) if _SECRET.search(text) else _VALUE_OF_A_VARIABLE.finditer(text)
    for line in lines:
        yield document.start + line.end(1), document.start + line.end()


def _in_nodes(root: YamlNode | None) -> Iterator[tuple[int, int]]:
    pending: list[YamlNode] = [] if root is None else [root]
    walked: set[int] = set()
    while pending:
        node = pending.pop()
        if isinstance(node, ScalarNode) or id(node) in walked:
            continue
        walked.add(id(node))
        if isinstance(node, SequenceNode):
            pending += node.items
            continue
        yield from _in_mapping(node)
        pending += (value for _, value in node.pairs)


def _in_mapping(node: MappingNode) -> Iterator[tuple[int, int]]:
    kind, name, value = node.get("kind"), node.get("name"), node.get("value")
    if isinstance(kind, ScalarNode) and kind.value == "Secret":
        for key, held in node.pairs:
            if isinstance(key, ScalarNode) and key.value in _HOLDING:
                yield from _scalars(held)
            elif isinstance(key, ScalarNode) and key.value == "metadata" and isinstance(held, MappingNode):
                # kubectl keeps the whole object that was applied in an annotation.
                yield from _scalars(held.get("annotations"))
    if isinstance(name, ScalarNode) and isinstance(value, ScalarNode) and is_secret_name(name.value):
        yield value.start, value.end


def _scalars(node: YamlNode | None) -> Iterator[tuple[int, int]]:
    """The values of a mapping with whatever lies below them; keys stay to be seen."""
    if isinstance(node, ScalarNode):
        yield node.start, node.end
    elif isinstance(node, MappingNode):
        for _, value in node.pairs:
            yield value.start, value.end
