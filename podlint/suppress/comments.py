"""Directives in comments: those of YAML, and those of the scripts in its scalars.

A YAML parser loses comments, so that they are searched for where none of its scalars stands.
"""

from __future__ import annotations

from collections.abc import Iterator

from podlint.regex import late
from podlint.source.documents import Document
from podlint.source.nodes import ScalarNode, YamlNode
from podlint.source.span import Source, Span
from podlint.suppress.directive import COMMENT, MARK, Directive, Name, directives_of_comment, read_words
from podlint.suppress.nodes import Nodes
from podlint.suppress.scripts import directives_in_script

_END_OF_LINE = late(r"[\r\n]|\Z")


def directives_in(document: Document, root: YamlNode | None) -> Iterator[Directive]:
    """The directives of a document, in no order; without a root (it cannot be read) each `#` that could begin
    a comment does."""
    source = document.source
    marks = [mark.start() for mark in MARK.finditer(source.text, document.start, document.end)]
    if not marks:
        return
    nodes = Nodes(root)
    scripts: dict[int, ScalarNode] = {}
    read = document.start
    for at in marks:
        scalar = nodes.inside(at)
        if scalar is not None:
            if nodes.may_be_script(scalar):
                scripts[scalar.start] = scalar
        elif at >= read and (at == document.start or source.text[at - 1] in " \t\r\n#"):
            # The first mark of a comment: the others are read with it.
            read = _END_OF_LINE.search(source.text, at).start()  # type: ignore[union-attr]
            covers = _covered(nodes, source, at, read) if root is not None else _in_unread(document, at)
            for start, end in directives_of_comment(source.text[at:read]):
                yield directive_at(Span(source, at + start, at + end), covers)
    for scalar in scripts.values():
        yield from directives_in_script(scalar)


def directive_at(span: Span, covers: Span) -> Directive:
    """The directive that stands in a file as it is."""
    words = read_words(span.raw)
    names = tuple(
        Name(name, Span(span.source, span.start + at, span.start + at + len(name)))
        for name, at in words.names
    )
    return Directive(COMMENT, span, covers, names, words.reason, words.until, words.fault)


def _covered(nodes: Nodes, source: Source, at: int, end: int) -> Span:
    """What a comment covers that ends at `end`: the next item or pair if it stands alone, else its line."""
    return nodes.next_target(source, end) if _is_alone(source, at) else nodes.line(source, at)


def _is_alone(source: Source, at: int) -> bool:
    """Whether nothing but a comment stands on the line of an offset in a comment."""
    start, _ = source.line_bounds(source.position(at).line)
    return source.text[start : at + 1].lstrip(" \t").startswith("#")


def _in_unread(document: Document, at: int) -> Span:
    """What a comment covers in a document that cannot be read: its line, or all if it is alone on it."""
    source = document.source
    if _is_alone(source, at):
        return Span(source, document.start, document.end)
    return Span(source, *source.line_bounds(source.position(at).line))
