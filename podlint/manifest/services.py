"""The names of the Services of a run, which lead to their pods. Found by their words: nothing else is asked
of a Service.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Protocol

from podlint.regex import late
from podlint.source.documents import split
from podlint.source.span import Source

_KIND = late(r"kind[\"']?[ \t]*:[ \t]*[\"']?Service\b(?!-)")
_NAME = late(r"name[\"']?[ \t]*:[ \t]*[\"']?([a-z0-9][a-z0-9.-]*+)")
_PLACEHOLDER = late(r"\{\{|\$\{|<[A-Z]")
UNKNOWN = ""
"""Stands for a name that is filled in later."""


def may_hold_service(text: str) -> bool:
    """Whether a file mentions Services at all."""
    return "Service" in text


class ServiceLookup(Protocol):
    """Tells which Services there are."""

    def names(self) -> frozenset[str]:
        """Their names, `UNKNOWN` for those that are filled in later."""


class _NoServices:
    """Where there is none."""

    def names(self) -> frozenset[str]:
        """See `ServiceLookup.names`."""
        return frozenset()


NO_SERVICES: ServiceLookup = _NoServices()


class Services:
    """The Services of some files, which are read when somebody asks for the first time. `read` answers None
    for a file that cannot be."""

    def __init__(self, paths: Iterable[str], read: Callable[[str], Source | None]) -> None:
        self._paths = tuple(paths)
        self._read = read
        self._names: frozenset[str] | None = None

    def names(self) -> frozenset[str]:
        """See `ServiceLookup.names`."""
        if self._names is None:
            sources = (self._read(path) for path in self._paths)
            self._names = frozenset(name for one in sources if one is not None for name in _names_in(one))
        return self._names


def _names_in(source: Source) -> Iterator[str]:
    """All names in the documents of Services: their own, and others that mean no harm here."""
    for document in split(source):
        text = document.text
        if may_hold_service(text) and _KIND.search(text):
            yield from (match[1] for match in _NAME.finditer(text))
            if _PLACEHOLDER.search(text):
                yield UNKNOWN
