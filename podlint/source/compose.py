"""The composer: YAML events made into podlint's own nodes, without recursion and within bounds."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import suppress
from itertools import repeat
from typing import Any, TypeAlias

import yaml
from msgspec import Struct
from yaml.events import (
    AliasEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
)

from podlint.budget import Budget
from podlint.regex import late
from podlint.source.documents import Document
from podlint.source.events import Parser
from podlint.source.invalid import InvalidYaml, explain, explain_unprintable
from podlint.source.nodes import PLAIN, MappingNode, ScalarNode, SequenceNode, YamlNode
from podlint.source.span import Source, Span

__all__ = ["InvalidYaml", "compose"]

# The deepest real manifests (OpenAPI schemas in CRDs) nest some 60 levels; a tree within this bound can be
# walked by recursion. libyaml since 0.2.6 has a bound of its own, at 1,000.
MAX_DEPTH = 200
MAX_EVENTS = 400_000
# What the documents of a file may grow to when their aliases are followed, beyond the nodes that really
# stand in them. kubectl refuses "excessive aliasing" for the same reason: each use of an alias is read,
# expanded and checked on its own.
MAX_ALIASED = 50_000
# So many characters of scalars count as one node more.
_CHARACTERS = 168

_Open: TypeAlias = "tuple[SequenceNode | MappingNode, list[YamlNode], str | None, bool]"


def compose(document: Document, aliased: Budget | None = None) -> YamlNode | None:
    """The root node of a document, None when it is empty. Aliases share the node they name.

    What they expand to draws on `aliased`, by default on a budget of `MAX_ALIASED` of its own.

    Raises `InvalidYaml`.
    """
    text, base = document.text, document.start
    if text.startswith("\ufeff"):
        # libyaml takes it for an encoding mark, which its offsets do not count.
        text, base = text[1:], base + 1
    if "\\ud" in text or "\\uD" in text:
        text = _without_surrogates(text)
    try:
        root, has_aliases = _build(Parser(text).get_event, document.source, base)
        if root is not None and has_aliases:
            _measure_aliases(root, aliased or Budget(MAX_ALIASED))
        return root
    except yaml.MarkedYAMLError as error:
        if error.problem_mark:
            _check_depth(text[: error.problem_mark.index], document.source, base)
        raise explain(error, document, base) from None
    except yaml.YAMLError:
        raise explain_unprintable(document) from None


# Escapes of a double-quoted scalar, one at a time, so that `\\ud800` is not taken for one.
_ESCAPE = late(r"\\(?:u[dD][89a-fA-F][0-9a-fA-F]{2}|.)", re.DOTALL)


def _without_surrogates(text: str) -> str:
    """A JSON document without the surrogate escapes that JSON writers make of emoji and YAML parsers refuse.

    kubectl reads what begins with `{` as JSON. Each half becomes U+FFFD, as offsets must stay.
    """
    if not text.lstrip().startswith("{"):
        return text
    return _ESCAPE.sub(lambda found: r"\ufffd" if len(found[0]) == 6 else found[0], text)


def _check_depth(text: str, source: Source, base: int) -> None:
    """Raise `InvalidYaml` if what stands before a parser's complaint is nested too deep already.

    libyaml reads up to 1,024 characters ahead of its events, as any `[` may begin a key, so it can complain
    before the event comes that is beyond our bound.
    """
    if text.count("[") + text.count("{") > MAX_DEPTH:
        with suppress(yaml.YAMLError):
            _build(Parser(text).get_event, source, base)


def _build(get_event: Callable[[], Any], source: Source, base: int) -> tuple[YamlNode | None, bool]:
    """Run the events of one document; its root, and whether it has aliases.

    The hot path of the whole program: no calls that it can do without.
    """
    get_event()
    if get_event().__class__ is StreamEndEvent:
        return None, False
    children: list[YamlNode] = []
    stack: list[_Open] = []
    anchors: dict[str, YamlNode] = {}
    aliased, last = False, base
    scalar_event, node_class = ScalarEvent, ScalarNode
    append = children.append
    for _ in repeat(None, MAX_EVENTS):
        event = get_event()
        kind = event.__class__
        if kind is scalar_event:
            start = event.start_mark.index + base
            end = event.end_mark.index + base
            tag = event.tag
            anchor = event.anchor
            if tag is not None or anchor is not None:
                start = _value_start(source.text, start, end)
            elif start >= end:
                # A missing value: its mark may stand at the next token.
                start = end = last + len(source.text[last:start].rstrip())
            last = end
            node = node_class(source, start, end, tag, event.value, event.style or PLAIN)
            if anchor is not None:
                anchors[anchor] = node
            append(node)
        elif kind is MappingStartEvent or kind is SequenceStartEvent:
            start = event.start_mark.index + base
            end = event.end_mark.index + base
            tag = event.tag
            anchor = event.anchor
            if tag is not None or anchor is not None:
                start = _value_start(source.text, start, end)
                if anchor is not None:
                    anchors.pop(anchor, None)
            if len(stack) >= MAX_DEPTH:
                raise InvalidYaml(f"nested more than {MAX_DEPTH} levels deep", Span(source, start, end))
            last = end
            new = (MappingNode if kind is MappingStartEvent else SequenceNode)(source, start, end, tag)
            append(new)
            stack.append((new, children, anchor, event.flow_style))
            children = []
            append = children.append
        elif kind is MappingEndEvent or kind is SequenceEndEvent:
            done, outer, anchor, flow = stack.pop()
            if flow:
                last = event.end_mark.index + base
            # The end mark of a block collection stands at the next token, behind comments and blank lines.
            done.end = last
            if done.__class__ is MappingNode:
                done.pairs = list(zip(children[::2], children[1::2], strict=True))
            else:
                done.items = children  # type: ignore[union-attr]
            if anchor is not None:
                anchors[anchor] = done
            children = outer
            append = children.append
        elif kind is AliasEvent:
            name = event.anchor
            if name not in anchors:
                where = Span(source, event.start_mark.index + base, event.end_mark.index + base)
                if any(name == anchor for _, _, anchor, _ in stack):
                    raise InvalidYaml(f"the alias '*{name}' stands inside the value that it names", where)
                raise InvalidYaml(f"no anchor '&{name}' stands before this alias", where)
            last = event.end_mark.index + base
            aliased = True
            append(anchors[name])
        else:
            break
    else:
        raise InvalidYaml(f"more than {MAX_EVENTS:,} values in one document", Span(source, base, base))
    root = children[0]
    if get_event().__class__ is not StreamEndEvent:
        raise InvalidYaml("a second document begins here without '---'", Span(source, last, last))
    empty = root.start == root.end and root.tag is None and not anchors
    return None if empty else root, aliased


_PROPERTIES = late(r"(?:!<[^>\s]*>|[!&][^\s,\[\]{}]*|\s+|(?<=\s)#[^\r\n]*)*")


def _value_start(text: str, start: int, end: int) -> int:
    """Where a value behind a tag or an anchor begins: the event's mark stands at the first of these."""
    found = _PROPERTIES.match(text, start, end)
    return found.end() if found else start


class _Size(Struct, frozen=True):
    """What a node comes to when its aliases are followed."""

    nodes: int
    characters: int
    depth: int


def _measure_aliases(root: YamlNode, aliased: Budget) -> None:
    """Raise `InvalidYaml` when following the aliases would make a far bigger or deeper tree."""
    sizes: dict[int, _Size] = {}
    written = 0
    stack: list[tuple[YamlNode, bool]] = [(root, False)]
    while stack:
        node, ready = stack.pop()
        if id(node) in sizes:
            continue
        if isinstance(node, ScalarNode):
            sizes[id(node)] = _Size(1, len(node.value), 0)
            written += len(node.value)
            continue
        children = node.items if isinstance(node, SequenceNode) else [n for pair in node.pairs for n in pair]
        if not ready:
            stack.append((node, True))
            stack.extend((child, False) for child in children if id(child) not in sizes)
            continue
        inner = [sizes[id(child)] for child in children]
        depth = 1 + max((size.depth for size in inner), default=0)
        if depth > MAX_DEPTH:
            raise InvalidYaml(f"aliases nest more than {MAX_DEPTH} levels deep", node.span)
        nodes, characters = 1 + sum(size.nodes for size in inner), sum(size.characters for size in inner)
        sizes[id(node)] = _Size(nodes, characters, depth)
    whole = sizes[id(root)]
    where = Span(root.source, root.start, root.start)
    if not aliased.spend(whole.nodes - len(sizes) + (whole.characters - written) // _CHARACTERS):
        raise InvalidYaml(f"aliases expand to more than {MAX_ALIASED:,} values in one file", where)
