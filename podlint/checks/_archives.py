"""Archives: what a rotator keeps of the logs that it empties, and whether their number is bounded."""

from __future__ import annotations

import math

from podlint.checks._rotation import empties
from podlint.regex import late
from podlint.shell.patterns import Hole
from podlint.vocabulary import Action, Hold, Kind, PlacedEffect, Repeats

_CYCLES = {
    **dict.fromkeys("HkKI", 24),
    **dict.fromkeys("MS", 60),
    **dict.fromkeys("uwaA", 7),
    **dict.fromkeys("de", 31),
    **dict.fromkeys("mbBh", 12),
    **dict.fromkeys("UVW", 53),
    "j": 366,
    "p": 2,
}
"""How many values a conversion of `date +FORMAT` has before they come again (POSIX date)."""
_MANY = 400
"""More names than that are not few: a day's archives of each second."""
_CONVERSION = late(r"%[-_0]?(.)")
_FORMAT = late(r"\s[\"']?\+([^)]*)")
_REMAINDER = late(r"%\s*\d+[\s)]*\Z")


def is_bounded_archive(write: PlacedEffect) -> bool:
    """Whether a file is a copy of a log that is emptied then, and takes one of few names, or of a number that
    cannot be told, or is deleted again. Such a copy is for people, who look for it when they need it."""
    if write.action is not Action.REPLACE or write.hold is Hold.HELD or not _rotates(write):
        return False
    few = all(_comes_again(piece) for piece in write.path.pieces if isinstance(piece, Hole))
    return few or any(
        effect.action is Action.DELETE
        and effect.repeats is not Repeats.ONCE
        and (effect.place.kind is Kind.UNKNOWN or effect.place.may_hold(write.place))
        for effect in write.container.effects
    )


def _rotates(write: PlacedEffect) -> bool:
    """Whether the process that writes it reads another file, and empties or removes that afterwards."""
    own = [effect for effect in write.container.effects if effect.process is write.process]
    reads = [effect for effect in own if effect.action is Action.READ]
    return any(
        (empties(effect) or (effect.action is Action.DELETE and effect.repeats is not Repeats.ONCE))
        and not effect.place.may_be(write.place)
        and any(read.order < effect.order and read.place.must_be(effect.place) for read in reads)
        for effect in own
    )


def _comes_again(name: Hole) -> bool:
    """Whether an unknown piece of a name has few values, or nothing says that it has many."""
    if name.shown.startswith("$(("):
        return _REMAINDER.search(name.shown) is not None
    if not name.shown.startswith("$(date"):
        return True
    written = _FORMAT.search(name.shown)
    conversions = _CONVERSION.findall(written[1]) if written else ["c"]
    return math.prod(_CYCLES.get(one, _MANY + 1) for one in conversions) <= _MANY
