"""The same objects written in other ways: what a formatter, a hand or another tool may do to a manifest.

Each way keeps the value of every scalar; only strings get other quotes, as those of a number matter.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import yaml

Nodes = list[yaml.Node]


def literal(nodes: Nodes) -> str:
    """Block style with deeper indentation, long strings as literal blocks."""
    return _written(nodes, "|", flow=False, indent=5)


def folded(nodes: Nodes) -> str:
    """Block style, strings as folded blocks."""
    return _written(nodes, ">", flow=False, width=60)


def double_quoted(nodes: Nodes) -> str:
    """Flow style in double quotes, everything on one line."""
    return _written(nodes, '"', flow=True, width=1_000_000)


def single_quoted(nodes: Nodes) -> str:
    """Flow style in single quotes over many short lines."""
    return _written(nodes, "'", flow=True, width=40)


def plain(nodes: Nodes) -> str:
    """Block style with as few quotes as can be, comments and blank lines, and the documents in reverse."""
    written = _written(nodes[::-1], "", flow=False)
    return "".join(
        f"\n# about what follows\n{line}" if line[:1].isalpha() else line
        for line in written.splitlines(keepends=True)
    )


def as_json(nodes: Nodes) -> str:
    """JSON, indented."""
    loader = yaml.SafeLoader("")
    objects = [loader.construct_document(node) for node in nodes]
    return "---\n".join(json.dumps(one, indent=4, default=str) + "\n" for one in objects)


STYLES: tuple[Callable[[Nodes], str], ...] = (literal, folded, double_quoted, single_quoted, plain, as_json)


def _written(nodes: Nodes, style: str, *, flow: bool, **options: Any) -> str:
    blocks = style in ("|", ">")
    for node in nodes:
        keys = {id(key) for one in _all(node) if isinstance(one, yaml.MappingNode) for key, _ in one.value}
        for one in _all(node):
            if isinstance(one, yaml.CollectionNode):
                one.flow_style = flow
            elif one.tag == "tag:yaml.org,2002:str" and id(one) not in keys:
                # Nobody writes a word as a block.
                one.style = None if blocks and " " not in one.value else style or None
    written: str = yaml.serialize_all(
        nodes, Dumper=yaml.CSafeDumper, explicit_start=True, allow_unicode=True, **options
    )
    return written


def _all(root: yaml.Node) -> Iterator[yaml.Node]:
    pending, seen = [root], set()
    while pending:
        node = pending.pop()
        if id(node) in seen:
            continue
        seen.add(id(node))
        yield node
        if isinstance(node, yaml.MappingNode):
            pending += [one for pair in node.value for one in pair]
        elif isinstance(node, yaml.SequenceNode):
            pending += node.value


def scalars_of(roots: Nodes) -> list[str]:
    """The values of all scalars, sorted."""
    return sorted(node.value for root in roots for node in _all(root) if isinstance(node, yaml.ScalarNode))
