"""Numbers in ASCII digits: `str.isdigit` is true of "²" too, which `int` refuses, as it does 5,000 digits."""

from __future__ import annotations

_MOST = 18
LARGEST: int = 10**_MOST
"""What every greater number is read as."""


def is_number(text: str) -> bool:
    """Whether a text is nothing but ASCII digits."""
    return text.isascii() and text.isdigit()


def number_of(text: str) -> int | None:
    """The number that ASCII digits write, `LARGEST` where it is greater; None for any other text."""
    if not is_number(text):
        return None
    digits = text if len(text) <= _MOST else text.lstrip("0") or "0"
    return int(digits) if len(digits) <= _MOST else LARGEST
