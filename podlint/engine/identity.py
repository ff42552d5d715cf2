"""What a finding is about, in words that stay the same while the file around it changes."""

from __future__ import annotations

import os
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable
from functools import cached_property

from msgspec import Struct

from podlint.engine.shortening import MAX_NAME, shortened
from podlint.manifest.objects import ConfigMap
from podlint.manifest.routes import Route, route_of
from podlint.regex import late
from podlint.source.nodes import YamlNode
from podlint.source.scalars import text_of
from podlint.source.secrets import without_secrets
from podlint.source.span import Span
from podlint.source.text import Text

# Where one statement of a script ends and the next begins, as far as can be told without reading it: what
# stands in quotes counts too, as an apostrophe in a comment far away must not change what a statement is.
_BETWEEN = late(r"(?<!\\)[\n;]|(?<![>\\])\||(?<![<>\\])&(?!>)")
_OPENING = late(r"\A(?:(?:do|then|else|[{(!])(?:\s+|\Z))+")
_CONTINUED = late(r"\\\n")
_AROUND = 1000
"""Characters before and behind a place among which the ends of its statement are looked for."""
_LONGEST = 1000
_MASKED = "***"


class Place(Struct, frozen=True):
    """Where a finding belongs, without lines and columns: see the fields of `Finding` of the same names."""

    object: str
    namespace: str
    object_path: str
    statement: str


class Places:
    """Tells where findings about one document, or one pod of it, belong."""

    def __init__(
        self, root: YamlNode | None = None, config_maps: Callable[[], Iterable[ConfigMap]] = tuple
    ) -> None:
        """`root` is the document, None where it cannot be read; `config_maps` has other objects in which
        primary labels may stand."""
        self._root = root
        self._config_maps = config_maps
        self._texts: dict[int, Text] = {}

    def of(self, span: Span) -> Place:
        """The place of a span. In a document that cannot be read nothing has a name but the file."""
        around = self._around(span)
        if around is None:
            line = span.source.line(span.position.line)
            name = os.path.basename(span.source.path)
            return Place(name, "", "", _MASKED if _is_secret(span) else _one_line(line))
        route = route_of(around, span)
        title = f"{route.kind}/{route.name}" if route.name else route.kind
        return Place(
            shortened(title, MAX_NAME),
            shortened(route.namespace, MAX_NAME),
            shortened(route.path, _LONGEST),
            _MASKED
            if route.kind == "Secret" or _is_secret(span)
            else _one_line(self._statement(route, span)),
        )

    def _around(self, span: Span) -> YamlNode | None:
        """The document or the ConfigMap that a span lies in."""
        if self._root is not None and self._root.span.holds(span):
            return self._root
        objects = self._objects
        before = bisect_right(objects, (id(span.source), span.start), key=_order) - 1
        found = objects[before] if before >= 0 else None
        return found if found is not None and found.span.holds(span) else None

    @cached_property
    def _objects(self) -> list[YamlNode]:
        """The ConfigMaps and Secrets, in the order in which they stand in their sources."""
        return sorted((one.node for one in self._config_maps() if one.node is not None), key=_order)

    def _statement(self, route: Route, span: Span) -> str:
        """What a span covers of values, and of a script the statement around it: the same in each style."""
        if len(route.scalars) != 1:
            return "\n".join(node.value for node in route.scalars)
        (node,) = route.scalars
        text = self._texts.setdefault(id(node), text_of(node))
        value, every = node.value, range(len(node.value))
        start = bisect_right(every, span.start, key=lambda at: text.span(at, at + 1).end)
        end = bisect_left(every, span.end, lo=start, key=lambda at: text.span(at, at + 1).start)
        first = max(start - _AROUND, 0)
        for before in _BETWEEN.finditer(value, first, start):
            first = before.end()
        behind = _BETWEEN.search(value, end, end + _AROUND)
        last = behind.start() if behind else end + _AROUND
        return _OPENING.sub("", value[first:last].lstrip(), count=1)


NO_PLACES = Places()
"""For findings of which nothing is known but where they stand."""


def _order(node: YamlNode) -> tuple[int, int]:
    return (id(node.source), node.start)


def _is_secret(span: Span) -> bool:
    return without_secrets(span).raw != span.raw


def _one_line(text: str) -> str:
    """Words with one blank between them."""
    return shortened(" ".join(_CONTINUED.sub(" ", text).split()), _LONGEST)
