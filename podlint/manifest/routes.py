"""Routes: the object that a place of a document belongs to, and the way there by names."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

from msgspec import Struct

from podlint.manifest.workloads import SPEC_PATHS, string, submapping
from podlint.regex import late
from podlint.source.nodes import MappingNode, ScalarNode, SequenceNode, YamlNode
from podlint.source.span import Span

# What tells the items of a list apart (the keys by which core/v1 merges them), the more telling first: `name`
# of a mount is that of its volume.
_TELLING = ("mountPath", "devicePath", "name", "containerPort", "key")
_PLAIN_KEY = late(r"[A-Za-z_][\w-]*")
_PLAIN_NAME = late(r"[\w./:@+-]+")
_LONGEST = 300
"""Characters of a name in a route; what is longer is cut."""

_Step = tuple[YamlNode, str]
_T = TypeVar("_T")


class Route(Struct, frozen=True):
    """Where a place belongs: `path` leads there by names (`spec.containers[name=web].command[2]`) from the
    nearest object around it, or from the root where there is none (`kind` is then "")."""

    kind: str
    name: str
    namespace: str
    path: str
    scalars: tuple[ScalarNode, ...]
    """The scalar in which the place lies, or the items of a list that it covers."""


def route_of(root: YamlNode, span: Span) -> Route:
    """The route to a span from a node that it lies in: the root of a document, or an object of it."""
    steps: list[_Step] = [(root, "")]
    while (below := _below(steps[-1][0], span)) is not None:
        steps.append(below)
    first, kind, metadata = _object_among(steps)
    name = string(metadata, "name") or string(metadata, "generateName")
    path = "".join(step for _, step in steps[first + 1 :]).removeprefix(".")
    return Route(kind, name, string(metadata, "namespace"), path, tuple(_scalars(steps[-1][0], span)))


def _below(node: YamlNode, span: Span) -> _Step | None:
    """The node right below another one that holds the whole span, with the step to it."""
    if isinstance(node, ScalarNode) or span.start == span.end == node.start:
        # A point where a mapping begins means the mapping, whichever key is its first.
        return None
    if isinstance(node, SequenceNode):
        index = _holding(node.items, span, lambda item: item.start, lambda item: item.end)
        return None if index < 0 else (node.items[index], f"[{_name_in_list(node.items[index], index)}]")
    index = _holding(node.pairs, span, lambda pair: pair[0].start, _end_of_pair)
    if index < 0:
        return None
    key, value = node.pairs[index]
    # What covers a key and its value is a mapping of this one pair.
    part = next((one for one in (key, value) if one.start <= span.start and span.end <= one.end), None)
    return None if part is None else (part, _step_of(key))


def _holding(parts: Sequence[_T], span: Span, start: Callable[[_T], int], end: Callable[[_T], int]) -> int:
    """Which of the parts of a node holds a span; -1 where none does."""
    index = bisect_right(parts, span.start, key=start) - 1
    if index >= 0 and span.start <= end(parts[index]):
        return index if span.end <= end(parts[index]) else -1
    # Aliases stand for nodes of other places, so that the parts are in no order.
    return next((i for i, one in enumerate(parts) if start(one) <= span.start and span.end <= end(one)), -1)


def _end_of_pair(pair: tuple[YamlNode, YamlNode]) -> int:
    """Where a pair ends; the value of an alias stands somewhere else."""
    key, value = pair
    return value.end if value.start >= key.end else key.end


def _step_of(key: YamlNode) -> str:
    name = key.value if isinstance(key, ScalarNode) else ""
    return f".{name}" if _PLAIN_KEY.fullmatch(name) else f"[{_quoted(name)}]"


def _name_in_list(item: YamlNode, index: int) -> str:
    if isinstance(item, MappingNode):
        key = next((key for key in _TELLING if string(item, key)), "")
        name = string(item, key) if key else string(submapping(item, "metadata"), "name")
        if name:
            return f"{key or 'name'}={name if _PLAIN_NAME.fullmatch(name) else _quoted(name)}"
    return str(index)


def _quoted(name: str) -> str:
    cut = name if len(name) <= _LONGEST else f"{name[:_LONGEST]}…"
    return '"' + cut.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _object_among(steps: list[_Step]) -> tuple[int, str, MappingNode | None]:
    """The nearest object on the way: the index of its step, its kind and its metadata."""
    for index in reversed(range(len(steps))):
        node = steps[index][0]
        kind = string(node, "kind") if isinstance(node, MappingNode) else ""
        metadata = submapping(node, "metadata") if kind and isinstance(node, MappingNode) else None
        if not kind or (metadata is None and kind not in SPEC_PATHS):
            continue
        if kind.endswith("List") and len(steps) > index + 2 and steps[index + 1][1] == ".items":
            # The items of a PodList, as the API answers it, do not repeat their kind.
            item = steps[index + 2][0]
            metadata = submapping(item, "metadata") if isinstance(item, MappingNode) else None
            return index + 2, kind.removesuffix("List"), metadata
        return index, kind, metadata
    return 0, "", None


def _scalars(node: YamlNode, span: Span) -> Iterator[ScalarNode]:
    if isinstance(node, ScalarNode):
        yield node
    elif isinstance(node, SequenceNode):
        yield from (
            item
            for item in node.items
            if isinstance(item, ScalarNode) and span.start <= item.start < span.end
        )
