"""Writing ignores into manifests as comments, so that every other byte and all that a parser reads stays."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby

from msgspec import Struct

from podlint.source.compose import InvalidYaml, compose
from podlint.source.documents import Document, split
from podlint.source.nodes import FOLDED, LITERAL, ScalarNode, YamlNode
from podlint.source.span import Source
from podlint.suppress.directive import ANNOTATION_FORM, COMMENT, Directive, Terms
from podlint.suppress.index import Ignores, ignores_of
from podlint.suppress.nodes import Nodes, children_of

MAX_WIDTH = 90
"""Where a line with its comment would be longer, without the names of rules, the comment goes above it if it
covers no more there."""
_ANY_REASON = Terms(require_reason=False)


class Wanted(Struct, frozen=True, order=True):
    """A rule that is to be ignored at an offset of a file."""

    offset: int
    rule: str


class Inserted(Struct, frozen=True):
    """A text with ignores; `refused` are those that cannot be written into it, with the reason."""

    text: str
    refused: tuple[tuple[Wanted, str], ...]


class _Edit(Struct, frozen=True, order=True):
    """Characters that are put in at an offset."""

    at: int
    text: str


def with_ignores(source: Source, wanted: Iterable[Wanted], reason: str) -> Inserted:
    """A file with comments that ignore rules at offsets, each for this reason."""
    missing = sorted(set(wanted))
    edits: list[_Edit] = []
    refused: list[tuple[Wanted, str]] = []
    if source.path.lower().endswith(".json"):
        why = f"JSON has no comments, but an annotation can say it: {ANNOTATION_FORM}"
        return Inserted(source.text, tuple((one, why) for one in missing))
    for document in split(source):
        here = [one for one in missing if document.start <= one.offset < document.end]
        if not here:
            continue
        try:
            root = compose(document)
        except InvalidYaml:
            refused += [(one, "the document cannot be read") for one in here]
            continue
        own = list(_edits(document, Nodes(root), here, reason))
        if root is not None and _is_kept(document, root, own):
            edits += own
        else:
            refused += [(one, "the document would be another one") for one in here]
    written = Source(source.path, _edited(source.text, edits))
    kept = {one for one, _ in refused}
    ignores = ignores_of(written)
    for one in missing:
        if one not in kept and not _is_ignored(ignores, one, edits):
            refused.append((one, "no comment can stand there"))
    return Inserted(written.text, tuple(refused))


def _edits(document: Document, nodes: Nodes, wanted: list[Wanted], reason: str) -> Iterator[_Edit]:
    """What is to be put in; one comment for all that it can be for."""
    places = [(_place(document.source, nodes, one.offset, reason), one) for one in wanted]
    places.sort()
    for place, members in groupby(places, key=lambda pair: pair[0]):
        rules = ", ".join(dict.fromkeys(one.rule for _, one in members))
        yield _Edit(place.at, f"{place.before}{rules}{place.behind}")


class _Place(Struct, frozen=True, order=True):
    """Where the names of rules can be put, with what has to stand around them."""

    at: int
    before: str
    behind: str


def _place(source: Source, nodes: Nodes, at: int, reason: str) -> _Place:
    comment, closing = "# podlint: ignore[", f"] {reason}".rstrip()
    end = _end_of_line(source, nodes, at)
    covered = nodes.line(source, end)
    start, _ = source.line_bounds(source.position(end).line)
    same = _with_same_reason(source, nodes, start, reason)
    if same is not None:
        return _Place(same.names[-1].span.end, ", ", "")
    indent = source.text[start:end]
    indent = indent[: len(indent) - len(indent.lstrip(" "))]
    target = nodes.next_target(source, start)
    if (
        end - start + len(comment) + len(closing) > MAX_WIDTH
        and nodes.scalar_at(start) is None
        and target.start <= at < target.end <= covered.end
        and not source.text[start : target.start].strip(" -")
    ):
        line_break = "\r\n" if source.text[end : end + 2] == "\r\n" else source.text[end : end + 1] or "\n"
        return _Place(start, f"{indent}{comment}", f"{closing}{line_break}")
    return _Place(end, f"{' ' * (end > start)}{comment}", closing)


def _end_of_line(source: Source, nodes: Nodes, at: int) -> int:
    """The end of the line on which a comment can stand that covers an offset: that of a block scalar's
    indicator, the last one of another scalar over several lines, else its own."""
    line = source.position(at).line
    while True:
        _, end = source.line_bounds(line)
        scalar = nodes.scalar_at(end)
        if scalar is None:
            return end
        first = source.position(scalar.start).line
        if scalar.style not in (LITERAL, FOLDED):
            line = max(source.position(scalar.end).line, line + 1)
        elif first == line:
            return end
        else:
            line = first


def _with_same_reason(source: Source, nodes: Nodes, start: int, reason: str) -> Directive | None:
    """The comment on a line, or alone on the one before, that ignores other rules for the same reason."""
    ignores = ignores_of(source)
    if ignores is None:
        return None
    line = source.position(start).line
    _, directives = ignores.of_document(start)
    for one in directives:
        number = one.span.position.line
        alone = source.line(number).lstrip(" ").startswith("#")
        if (
            one.by == COMMENT
            and (one.reason, one.until, one.fault) == (reason, "", "")
            and (number == line or (number == line - 1 and alone))
            and nodes.inside(one.span.start) is None
        ):
            return one
    return None


def _edited(text: str, edits: Iterable[_Edit]) -> str:
    parts, at = [], 0
    for edit in sorted(edits):
        parts += [text[at : edit.at], edit.text]
        at = edit.at
    return "".join(parts) + text[at:]


def _is_kept(document: Document, root: YamlNode, edits: list[_Edit]) -> bool:
    """Whether a parser reads the same from a document with some edits."""
    shifted = [_Edit(edit.at - document.start, edit.text) for edit in edits]
    source = Source(document.source.path, _edited(document.text, shifted))
    try:
        again = compose(Document(source, 0, len(source.text)))
    except InvalidYaml:
        return False
    return again is not None and are_equal(root, again)


def are_equal(one: YamlNode, other: YamlNode) -> bool:
    """Whether two documents say the same, whatever is written around it."""
    pending: list[tuple[YamlNode, YamlNode]] = [(one, other)]
    seen: set[tuple[int, int]] = set()
    while pending:
        first, second = pair = pending.pop()
        if (id(first), id(second)) in seen:
            continue
        seen.add((id(first), id(second)))
        if type(first) is not type(second) or first.tag != second.tag:
            return False
        if isinstance(first, ScalarNode) and isinstance(second, ScalarNode):
            if (first.value, first.style) != (second.value, second.style):
                return False
            continue
        children = children_of(pair[0]), children_of(pair[1])
        if len(children[0]) != len(children[1]):
            return False
        pending += zip(*children, strict=True)
    return True


def _is_ignored(ignores: Ignores | None, one: Wanted, edits: list[_Edit]) -> bool:
    """Whether a rule is ignored at an offset once all edits are made."""
    at = one.offset + sum(len(edit.text) for edit in edits if edit.at <= one.offset)
    return ignores is not None and ignores.find(COMMENT, [one.rule], at, _ANY_REASON) is not None
