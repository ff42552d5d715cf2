"""The directives of a file, found by the place that they cover."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from heapq import heappop, heappush
from itertools import islice, takewhile

from msgspec import Struct

from podlint.source.compose import InvalidYaml, compose
from podlint.source.documents import Document, objects_in, whole_documents
from podlint.source.nodes import YamlNode
from podlint.source.secrets import without_secrets
from podlint.source.span import Source, Span
from podlint.suppress.directive import COMMENT, Directive, Name, Terms, may_direct


class Directed(Struct, frozen=True):
    """The directives of one document, in order; it stands from `start` up to `end`."""

    start: int
    end: int
    directives: tuple[Directive, ...]


class Ignores:
    """The directives of one file."""

    def __init__(self, source: Source) -> None:
        whole = (document for document in whole_documents(source) if may_direct(document.text))
        self.documents = tuple(directed for document in whole for directed in _read(document))
        self._starts = [document.start for document in self.documents]
        self._covers: dict[tuple[Terms, str], dict[str, _Covers]] = {}

    def of_document(self, at: int) -> tuple[int, tuple[Directive, ...]]:
        """The directives of the document that holds an offset, and where it begins; 0 where it has none."""
        index = bisect_right(self._starts, at) - 1
        if index < 0 or at >= self.documents[index].end:
            return 0, ()
        return self._starts[index], self.documents[index].directives

    def within(self, span: Span) -> Iterator[Directive]:
        """The directives that stand in a part of a document."""
        _, directives = self.of_document(span.start)
        first = bisect_left(directives, span.start, key=lambda one: one.span.start)
        return takewhile(lambda one: one.span.end <= span.end, islice(directives, first, None))

    def find(self, by: str, names: Iterable[str], at: int, terms: Terms) -> tuple[Directive, Name] | None:
        """The directive with one of these names that counts at an offset: of several, the one that covers
        least."""
        key = (terms, by)
        if key not in self._covers:
            self._covers[key] = self._by_name(by, terms)
        covers = self._covers[key]
        found = [one for name in names if name in covers and (one := covers[name].at(at)) is not None]
        return min(found, key=lambda one: one[0].covers.end - one[0].covers.start) if found else None

    def _by_name(self, by: str, terms: Terms) -> dict[str, _Covers]:
        named: dict[str, list[tuple[Directive, Name]]] = {}
        for document in self.documents:
            for directive in document.directives:
                if directive.by == by and directive.counts(terms):
                    for name in directive.names:
                        named.setdefault(name.text, []).append((directive, name))
        return {name: _Covers(members) for name, members in named.items()}


class _Covers:
    """Which of some directives with one name holds at an offset: the one that covers least."""

    def __init__(self, members: list[tuple[Directive, Name]]) -> None:
        members = [one for one in members if one[0].covers.start < one[0].covers.end]
        members.sort(key=lambda one: one[0].covers.start)
        self._points = sorted({at for one, _ in members for at in one.covers[1:]})
        self._owners: list[tuple[Directive, Name] | None] = []
        waiting, open_ = 0, list[tuple[int, int, int]]()
        for point in self._points:
            while waiting < len(members) and members[waiting][0].covers.start == point:
                covers = members[waiting][0].covers
                heappush(open_, (covers.end - covers.start, covers.end, waiting))
                waiting += 1
            while open_ and open_[0][1] <= point:
                heappop(open_)
            self._owners.append(members[open_[0][2]] if open_ else None)

    def at(self, offset: int) -> tuple[Directive, Name] | None:
        index = bisect_right(self._points, offset) - 1
        return self._owners[index] if index >= 0 else None


def ignores_of(source: Source) -> Ignores | None:
    """The directives of a file, read when first asked for; None where it has none."""
    kept = source.__dict__
    if "ignores" not in kept:
        kept["ignores"] = Ignores(source) if may_direct(source.text) else None
    found: Ignores | None = kept["ignores"]
    return found


def _read(document: Document) -> Iterator[Directed]:
    """The directives of a document as a whole, in which a comment may cover several objects of a List; of a
    List that is too long for that, those of each object."""
    try:
        yield _directed(document, compose(document))
    except InvalidYaml:
        for one in objects_in(document):
            try:
                yield _directed(one, compose(one))
            except InvalidYaml:
                yield _directed(one, None)


def _directed(document: Document, root: YamlNode | None) -> Directed:
    # Few files have any, and what finds them reads scripts.
    from podlint.suppress.annotations import annotated
    from podlint.suppress.comments import directives_in

    every = (*directives_in(document, root), *annotated(document, root))
    # A comment in a script of a Secret would have its words reported.
    found = [one for one in every if without_secrets(one.span).raw == one.span.raw]
    found.sort(key=lambda directive: (directive.span.start, directive.by != COMMENT))
    return Directed(document.start, document.end, tuple(found))
