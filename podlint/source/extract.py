"""A stretch of a text that stands for something: a call, an effect, a setting."""

from __future__ import annotations

from msgspec import Struct

from podlint.source.span import Span
from podlint.source.text import Text


class Extract(Struct, frozen=True, kw_only=True):
    """What stands between two offsets of a text; the records of what was read there build on it."""

    text: Text
    start: int
    end: int

    @property
    def span(self) -> Span:
        """Where in the source this is written."""
        return self.text.span(self.start, self.end)

    def holds(self, other: Extract) -> bool:
        """Whether another extract of the same text lies within this one."""
        return self.text is other.text and self.start <= other.start and other.end <= self.end
