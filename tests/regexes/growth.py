"""Whether the cost of a pattern grows faster than the text."""

from __future__ import annotations

from collections.abc import Iterable

from tests.regexes.adversary import Adversary
from tests.regexes.steps import Counted, TooManyStepsError

# How often a word is repeated. Where not one step for each pair of words was spent, nothing is quadratic.
_SOME = 48
_PAIRS = _SOME * _SOME * 2 // 5
# Where it was, growth is looked at, first among few words, then among so many that bounded repetitions have
# come to their end; with the most steps that are waited for.
_FEW, _MANY = (20, 20_000), (130, 300_000)
# Where a count is linear, it grows by the same for the same growth of the text, but for a word that is cut.
_TOLERANCE, _SLACK = 1.2, 40


def hardest(uses: Iterable[str]) -> list[str]:
    """The uses that cost at least what the others do."""
    anchored = [one for one in uses if one == "fullmatch"]
    return anchored + [one for one in ("scan", "search", "match") if one in uses][:1]


def superlinear(pattern: str, flags: int, use: str) -> str | None:
    """A text on which one use of a pattern takes more than linear time, described; None if none was found."""
    adversary = Adversary(pattern, flags)
    if not adversary.repeats:
        return None
    counted = Counted(pattern, flags)
    for start, word, end in adversary.attempts():
        if _costs(counted, use, start + word * _SOME + end, _PAIRS) is not None:
            continue
        if all(_grows(counted, use, start, word, end, *size) for size in (_FEW, _MANY)):
            return f"{start!r} + {word!r} * n + {end!r}"
    return None


def _grows(counted: Counted, use: str, start: str, word: str, end: str, size: int, most: int) -> bool:
    costs: list[int] = []
    for times in (1, 2, 4):
        cost = _costs(counted, use, start + word * (size * times) + end, most * times)
        if cost is None:
            return True
        costs.append(cost)
    one, two, four = costs
    return four - two > 2 * (two - one) * _TOLERANCE + _SLACK


def _costs(counted: Counted, use: str, text: str, most: int) -> int | None:
    """The steps of one use; None beyond the most."""
    try:
        return counted.steps(text, use, most)
    except TooManyStepsError:
        return None
