"""Line breaks of a script that YAML has made blanks, or has kept."""

from __future__ import annotations

from collections.abc import Iterator

from podlint.vocabulary import Text, late

_WIDTHS = (80, 100, 120)
"""Columns at which programs that write YAML wrap long scalars: 80 by default in libyaml, PyYAML, go-yaml and
js-yaml."""
_BLANK = late(" ")


def is_fold(text: Text, at: int) -> bool:
    """Whether the space at an offset of a script was a line break."""
    return at >= 0 and text.value[at] == " " and "\n" in text.span(at, at + 1).raw


def is_written_by_hand(text: Text) -> bool:
    """Whether lines of a folded script end where its author ended them, and nothing in it is expanded first.

    A program that wraps a long scalar breaks it anywhere; what a template (`{{ }}`) becomes is not known.
    """
    return text.folded and "{{" not in text.value and not _is_wrapped(text)


def unfolded(text: Text) -> str:
    """The script as its lines stand in the source, without their indentation."""
    characters = list(text.value)
    for at in _folds(text):
        characters[at] = "\n"
    return "".join(characters)


def _folds(text: Text) -> Iterator[int]:
    return (match.start() for match in _BLANK.finditer(text.value) if is_fold(text, match.start()))


def _is_wrapped(text: Text) -> bool:
    """Whether each line is filled up to one of the usual widths, and no further than a word beyond it. One
    such line says little of a block, which people write by hand."""
    widths, folds = set(_WIDTHS), list(_folds(text))
    for at in folds:
        source, start, end = text.span(at, at + 1)
        line = source.text.rfind("\n", 0, start) + 1
        filled = start - line
        last = source.text.rfind(" ", line, start) - line
        following = next(iter(source.text[end : end + _WIDTHS[-1]].split(None, 1)), "")
        # libyaml breaks at the first blank beyond the width, others at the last one before it.
        widths = {w for w in widths if last <= w < filled or filled <= w < filled + 1 + len(following)}
        if not widths:
            return False
    return len(folds) > (0 if text.flows else 1)
