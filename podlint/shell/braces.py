"""Brace expansion, as bash does it: `{a,b}`, `{1..3}`, `{a..e..2}`."""

from __future__ import annotations

from podlint.regex import late

MAX_FIELDS = 256
"""Fields of one command that are followed."""
_BRACES = late(
    r"\{([^{},]*+,[^{}]*+)\}|\{(?:(-?[0-9]{1,4})\.\.(-?[0-9]{1,4})|([A-Za-z])\.\.([A-Za-z]))(?:\.\.(-?[0-9]{1,4}))?\}"
)
_PADDED = late(r"-?0[0-9]")


def expand_braces(text: str) -> list[str]:
    """The words that a word of plain characters makes: itself where nothing in it is expanded."""
    done: list[str] = []
    queue = [text]
    while queue and len(done) + len(queue) <= MAX_FIELDS:
        one = queue.pop(0)
        match = _BRACES.search(one)
        if match is None:
            done.append(one)
            continue
        if match.group(1) is not None:
            choices = match.group(1).split(",")
        else:
            choices = _range(*match.group(2, 3, 4, 5, 6))[:MAX_FIELDS]
        queue[:0] = [one[: match.start()] + choice + one[match.end() :] for choice in choices]
    return done + queue


def _range(
    low: str | None, high: str | None, first: str | None, last: str | None, written: str | None
) -> list[str]:
    """`{1..3}`, `{08..10}`, `{a..e..2}`: numbers keep the width that a leading zero gives them."""
    numbers = low is not None and high is not None
    start, end = (int(low or 0), int(high or 0)) if numbers else (ord(first or "a"), ord(last or "a"))
    step = (abs(int(written or 1)) or 1) * (1 if end >= start else -1)
    values = range(start, end + (1 if step > 0 else -1), step)
    if not numbers:
        return [chr(value) for value in values]
    ends = [low or "", high or ""]
    width = max(map(len, ends)) if any(_PADDED.match(one) for one in ends) else 0
    return [f"{value:0{width}d}" for value in values]
