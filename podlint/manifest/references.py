"""References to variables, and strings in which the kubelet has expanded them."""

from __future__ import annotations

from enum import Enum

from msgspec import Struct

from podlint.source.span import Span
from podlint.source.text import Text


class ReferenceState(Enum):
    """What the kubelet makes of a `$(NAME)` or a `$$`."""

    EXPANDED = "expanded"
    """Replaced by a value, which may be empty."""
    UNKNOWN = "unknown"
    """Replaced by a value that only the cluster knows (a Secret, a field of the pod, a Service)."""
    MAYBE = "maybe"
    """Nobody can say whether the name exists: an envFrom names an object that is not in the run."""
    UNRESOLVED = "unresolved"
    """No such variable: the characters stay as they are."""
    LITERAL = "literal"
    """The container has (or may have) such a variable, but this place is never expanded: the characters
    stay."""
    COLLAPSED = "collapsed"
    """A `$$` that became one `$`."""


class Reference(Struct, frozen=True):
    """A `$(NAME)` or `$$` that the kubelet met. `written` is its text as it stands in the manifest; `start`
    and `end` say where the outcome stands in the expanded text (an empty range for an empty value)."""

    name: str
    """The characters between the parentheses; "$" for a `$$`."""
    state: ReferenceState
    written: Text
    start: int
    end: int

    @property
    def span(self) -> Span:
        """Where in the source this is written."""
        return self.written.span()


class Argument(Struct, frozen=True):
    """A string after kubelet expansion. `unknown` holds the ranges of `text` that cannot be known before the
    pod runs, in order and disjoint; what stands there is the reference as written, only a stand-in."""

    text: Text
    unknown: tuple[tuple[int, int], ...] = ()
    references: tuple[Reference, ...] = ()
