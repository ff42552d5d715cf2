"""Modes of files as `chmod`, `mkdir -m` and `umask` take them: octal, or letters."""

from __future__ import annotations

from podlint.regex import late

_OCTAL = late(r"[0-7]{1,5}+")
_CLAUSE = late(r"([ugoa]*+)((?:[-+=](?:[ugo]|[rwxXst]*+))++)")
_CHANGE = late(r"([-+=])([rwxXstugo]*+)")
_SHIFTS = {"u": 6, "g": 3, "o": 0}
_BITS = {"r": 4, "w": 2, "x": 1}


def changed(mode: int, by: str, *, directory: bool, umask: int) -> int | None:
    """A mode (of nine bits) as it is after `chmod BY`; None where that cannot be read.

    It grows with the mode before: from the most that a mode may be comes the most that it may be afterwards.
    """
    if _OCTAL.fullmatch(by):
        return int(by, 8) & 0o777
    for clause in by.split(","):
        match = _CLAUSE.fullmatch(clause)
        if match is None:
            return None
        who = match.group(1)
        # Without letters the mask holds; `-` and `=` are then less sure, so nothing is taken away.
        classes = "ugo" if not who or "a" in who else who
        for operator, what in _CHANGE.findall(match.group(2)):
            given = _given(mode, what, classes, directory=directory)
            kept = given if who else given & ~umask
            if operator == "+":
                mode |= kept
            elif operator == "-":
                mode &= ~(given & ~umask if not who else given)
            else:
                whole = sum(7 << _SHIFTS[one] for one in classes)
                mode = (mode & ~whole) | kept
    return mode


def _given(mode: int, what: str, classes: str, *, directory: bool) -> int:
    """The bits that letters stand for, in each of some classes."""
    bits = 0
    for letter in what:
        if letter in _SHIFTS:
            bits |= mode >> _SHIFTS[letter] & 7
        elif letter == "X":
            bits |= 1 if directory or mode & 0o111 else 0
        else:
            bits |= _BITS.get(letter, 0)
    return sum(bits << _SHIFTS[one] for one in classes)


def masked(by: str | None, umask: int | None) -> int | None:
    """The mask after `umask BY`: octal digits are taken away, letters are what is left."""
    if by is None:
        return None
    if _OCTAL.fullmatch(by):
        return int(by, 8) & 0o777
    if umask is None:
        return None
    left = changed(~umask & 0o777, by, directory=True, umask=0)
    return None if left is None else ~left & 0o777
