"""Periods: how often a loop comes round, and how long a name that is made of the date stays the same."""

from __future__ import annotations

from msgspec import Struct

from podlint.checks._sleeping import SECONDS_IN
from podlint.regex import late
from podlint.shell.patterns import Hole
from podlint.vocabulary import Pattern, PlacedEffect, Repeats


class Unit(Struct, frozen=True):
    """How long a name lasts: the unit of time that changes it."""

    name: str
    seconds: int

    @property
    def each(self) -> str:
        """With its article."""
        return f"{'an' if self.name == 'hour' else 'a'} {self.name}"


_SECOND, _MINUTE, _HOUR, _DAY = Unit("second", 1), Unit("minute", 60), Unit("hour", 3600), Unit("day", 86400)
_MONTH, _YEAR = Unit("month", 28 * 86400), Unit("year", 365 * 86400)
_UNITS = {
    **dict.fromkeys("sSNTcrX+", _SECOND),
    **dict.fromkeys("MR", _MINUTE),
    **dict.fromkeys("HIkl", _HOUR),
    **dict.fromkeys("deFDjuwaAx", _DAY),
    **dict.fromkeys("mbBh", _MONTH),
    **dict.fromkeys("yYCG", _YEAR),
}
"""What changes a conversion of `date +FORMAT` (POSIX date)."""
_DATE = late(r"\$\(date\b[^)+]*\+([^)]*)\)\Z")
_CONVERSION = late(r"%[-_0^#]?(.)")
_LOOP = late(r"(?<![\w./-])(?:while|until|for)(?![\w./-])")
_NUMBER = late(r"(\d+(?:\.\d+)?)([smhd]?)")


def lasts(path: Pattern) -> Unit | None:
    """How long a path stays the same whose only unknown pieces are dates; None where that is not known, or
    where it never changes."""
    units = [_unit(piece) if isinstance(piece, Hole) else None for piece in path.pieces]
    found = [unit for unit in units if unit is not None]
    if not found or len(found) < sum(isinstance(piece, Hole) for piece in path.pieces):
        return None
    return min(found, key=lambda unit: unit.seconds)


def _unit(piece: Hole) -> Unit | None:
    written = _DATE.match(piece.shown)
    if written is None:
        return None
    conversions = _CONVERSION.findall(written[1])
    units = [_UNITS.get(one) for one in conversions if one != "%"]
    known = [unit for unit in units if unit is not None]
    return min(known, key=lambda unit: unit.seconds) if known and len(known) == len(units) else None


def period_of(effect: PlacedEffect) -> float | None:
    """The seconds after which the endless loop around an effect comes round, where its script sleeps for a
    known time and has no other loop."""
    calls = [call for call in effect.process.calls if call.repeats is Repeats.FOREVER]
    sleeps = [call for call in calls if call.name == "sleep"]
    around = next((call for call in calls if call.holds(effect)), None)
    if not sleeps or around is None or len(_LOOP.findall(around.text.value)) != 1:
        return None
    total = 0.0
    for call in sleeps:
        if not call.certain or call.text.value != around.text.value:
            return None
        for field in call.fields[1:]:
            written = _NUMBER.fullmatch(field.value.literal or "")
            if written is None:
                return None
            total += float(written[1]) * SECONDS_IN[written[2]]
    return total
