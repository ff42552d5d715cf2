"""What a rule says: a problem, with its places as spans. The engine decides whether it is reported."""

from __future__ import annotations

from collections.abc import Hashable
from typing import TYPE_CHECKING, Protocol

from msgspec import Struct

from podlint.source.span import Span

if TYPE_CHECKING:
    from podlint.storage.view import ContainerView


class Spanned(Protocol):
    """Anything that stands in a source: an effect, a call, a mount, a volume, a container, a span."""

    @property
    def span(self) -> Span:
        """Where it stands."""
        ...


class Note(Struct, frozen=True):
    """A place with words. `see` names the rule whose page says more about it."""

    at: Spanned
    text: str
    see: str = ""


class Claim(Struct, frozen=True):
    """A problem of another rule about the same cause: when that one is reported, this one is not.

    `cause` is one of the `causes` of the other problem.
    """

    rule: str
    cause: Hashable


class Problem(Struct, frozen=True):
    """One mistake, as a rule sees it.

    `message` says what is wrong, `outcome` what will happen when the pod runs, `at` is where it is wrong and
    `notes` are other places that explain it.
    """

    message: str
    at: Note
    outcome: str = ""
    notes: tuple[Note, ...] = ()
    route: tuple[Note, ...] = ()
    """The way of the data, step by step (writer, volume, reader), where there is one."""
    help: str = ""
    """What to do about it, in one line; empty where the page has to say."""
    container: ContainerView | None = None
    """The container that is to be changed; None where that is the pod, or a file."""
    certain: bool = True
    """Whether it surely goes wrong. If so, the severity is that of the rule's page; else one less."""
    minor: bool = False
    """Whether it is only good to know, so that the severity is info."""
    causes: tuple[Hashable, ...] = ()
    """What it is about. Problems of one rule and pod that share a cause are reported once, the first of them;
    without any, the cause is the container and the span of `at`."""
    yields_to: tuple[Claim, ...] = ()

    @property
    def all_causes(self) -> tuple[Hashable, ...]:
        """`causes`, or the one that stands for them."""
        return self.causes or (cause_at(self.container, self.at.at),)


def cause_at(container: ContainerView | None, place: Spanned) -> Hashable:
    """The cause of a problem that names none: a place in a container."""
    span = place.span
    return (container, id(span.source), span.start, span.end)
