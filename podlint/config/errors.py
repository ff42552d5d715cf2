"""What is wrong with a configuration, and where."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct

from podlint.source.span import Position

Route = tuple[str | int, ...]
"""The way to a value: keys of mappings, and indices of lists."""


class Fault(Struct, frozen=True):
    """One thing that is wrong. `route` is the way to it; `position` is None where that is not known."""

    path: str
    message: str
    route: Route = ()
    position: Position | None = None

    def __str__(self) -> str:
        place = f"{self.path}:{self.position.line}:{self.position.column}" if self.position else self.path
        name = shown_route(self.route)
        return f"{place}: {name}: {self.message}" if name else f"{place}: {self.message}"


class ConfigurationError(Exception):
    """A configuration that cannot be used; nothing is checked then, with defaults least of all."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(sorted(faults, key=lambda fault: fault.position or (0, 0)))
        super().__init__("\n".join(map(str, self.faults)))


def shown_route(route: Route) -> str:
    """A way as people write it: `per-path[0].severity`."""
    words = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in route)
    return words.removeprefix(".")


def nearest(name: str, known: Iterable[str]) -> str:
    """A hint at the known names that may be meant, with a semicolon before it; empty where none is near."""
    from difflib import SequenceMatcher, get_close_matches

    close = get_close_matches(name, list(known), n=3, cutoff=0.6)
    if close:
        # Among many names there are always some that are alike a little.
        near = [SequenceMatcher(None, one, name).ratio() for one in close]
        close = [one for one, ratio in zip(close, near, strict=True) if ratio > near[0] - 0.1]
    return f"; did you mean {' or '.join(map(repr, close))}?" if close else ""
