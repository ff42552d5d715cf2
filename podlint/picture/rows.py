"""Rows while they are gathered: what each container does to them, and where that is written."""

from __future__ import annotations

from collections.abc import Hashable, Iterator

from msgspec import Struct, field
from msgspec.structs import replace

from podlint.picture.model import Act, Spot
from podlint.shell.patterns import Pattern
from podlint.source.span import Region, Span

MAX_NAME = 300
"""Characters of a name or a path that are kept."""
MAX_TEXT = 1000
"""Characters of the message of a finding that are kept."""


class Gathered(Struct, eq=False):
    """A row with what each container does to it."""

    kind: str
    label: str
    note: str = ""
    declared: list[Span] = field(default_factory=list)
    """Where the manifest declares it."""
    path: Pattern | None = None
    """Of a file: its path in its storage."""
    quiet: bool = False
    """Whether it is drawn only where a finding is about it."""
    members: dict[Hashable, Gathered] = field(default_factory=dict)
    """Of a volume: the files on it."""
    acts: dict[int, dict[Hashable, Act]] = field(default_factory=dict)
    """What the container of a column does: each thing once."""
    places: list[tuple[int, Span]] = field(default_factory=list)
    """Where it is written that the container of a column does something to it."""

    def add(self, column: int, act: Act, span: Span | None = None) -> None:
        """Add what a container does. `span` is where a finding about that would point."""
        acts = self.acts.setdefault(column, {})
        key = (act.verb, act.detail, act.flow, act.repeats)
        known = acts.get(key)
        if known is not None:
            act = replace(known, certain=known.certain or act.certain, times=known.times + act.times)
        acts[key] = act
        if span is not None:
            self.places.append((column, span))

    def all(self) -> Iterator[Gathered]:
        """The row and those below it."""
        yield self
        for member in self.members.values():
            yield from member.all()


def spot(span: Span) -> Spot:
    """Where a span begins: in a rendered text, what it comes from."""
    if span.source.origin is not None:
        return spot_of(span.region())
    position = span.position
    return Spot(span.source.path, position.line, position.column)


def spot_of(region: Region) -> Spot:
    """Where a region begins."""
    return Spot(region.path, region.start.line, region.start.column)


def cut(text: str, limit: int = MAX_NAME) -> str:
    """A text, of which `…` stands for the middle where it is very long."""
    return text if len(text) <= limit else f"{text[: limit * 2 // 3]}…{text[-(limit // 3 - 1) :]}"
