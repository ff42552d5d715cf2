"""Whether a stream gets colours, and what they are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Protocol

from podlint.findings import Severity

STRONG = "1"
FRAME = "94"
RELATED = "94"
PLAIN = ""
"""Styles are the parameters of the SGR control sequence (ECMA-48 8.3.117); none for plain text.
Bright blue can be read on black and on white; dark blue (34) disappears on black."""

# Not bold, which many terminals turn into the bright yellow that nobody can read on white.
_SEVERITIES = {Severity.ERROR: "1;31", Severity.WARNING: "33", Severity.INFO: "36"}

Run = tuple[str, str]
"""A piece of a line and its style."""


class Stream(Protocol):
    """What `use_color` must know of a stream."""

    def isatty(self) -> bool:
        """Whether a terminal shows what is written."""
        ...


def use_color(stream: Stream, environ: Mapping[str, str], wanted: str = "auto") -> bool:
    """Whether output to `stream` is coloured; `wanted` is `always`, `never` or `auto`.

    With `auto`, a non-empty NO_COLOR forbids it, a non-empty FORCE_COLOR asks for it (`0` and `false` ask for
    none), and NO_COLOR is the stronger of the two. Without either it is coloured on a terminal whose TERM is
    not `dumb`.
    """
    if wanted != "auto":
        return wanted == "always"
    if environ.get("NO_COLOR"):
        return False
    forced = environ.get("FORCE_COLOR")
    if forced:
        return forced not in ("0", "false")
    return environ.get("TERM") != "dumb" and stream.isatty()


def severity_style(severity: Severity) -> str:
    """The style of a severity's words and carets."""
    return _SEVERITIES[severity]


def paint(runs: Iterable[Run], color: bool) -> str:
    """One line from its runs, without trailing blanks; styled when `color`."""
    if not color:
        return "".join(text for text, _ in runs).rstrip()
    kept = list(runs)
    while kept and not kept[-1][0].strip():
        kept.pop()
    return "".join(f"\x1b[{style}m{text}\x1b[0m" if style and text else text for text, style in kept)
