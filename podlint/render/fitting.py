"""Fitting: which characters of a rendered text a stretch of a template has emitted, and which its actions."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TypeAlias

from msgspec import Struct

from podlint.render.gotemplate import Part, Template
from podlint.source.origin import Key, Piece


class Setting(Struct, frozen=True):
    """A value that an action emits: its key in values.yaml, and how it is written there."""

    key: Key
    written: str


SettingOf: TypeAlias = Callable[[Template, Part], Setting | None]
"""Finds the value that an action emits, where it emits one."""


class Fitting:
    """Fits parts of templates to ranges of one rendered text."""

    def __init__(self, text: str, setting_of: SettingOf) -> None:
        self.text = text
        self.setting_of = setting_of

    def fits(self, template: Template, parts: Sequence[Part], start: int, end: int, is_open: bool) -> bool:
        """Whether the parts can have emitted all characters from `start` up to `end`; `is_open`: at least
        those that begin there."""
        return self._places(template, _grouped(parts), start, end, is_open) is not None

    def pieces(
        self, template: Template, parts: Sequence[Part], start: int, end: int, is_open: bool = False
    ) -> Iterator[Piece]:
        """What the parts have emitted from `start` up to `end`. Where a text fits in several places, all of
        it comes from all of them."""
        groups = _grouped(parts)
        if start >= end or not groups:
            return
        places = self._places(template, groups, start, end, is_open)
        if not places:
            yield self.inexact(template, [part for group in groups for part in group], start, end)
            return
        at = start
        for index, group in enumerate(groups):
            if group[0].is_text:
                (part,) = group
                at, until = places[index], places[index] + part.end - part.start
                yield Piece(at, until, template.source, part.start, part.end)
            else:
                until = places.get(index + 1, end)
                if until > at:
                    yield self.inexact(template, group, at, until)
            at = until

    def inexact(self, template: Template, parts: Sequence[Part], start: int, end: int) -> Piece:
        found = (self.setting_of(template, part) for part in parts if not part.is_text)
        key = next((one.key for one in found if one is not None), None)
        return Piece(start, end, template.source, parts[0].start, parts[-1].end, exact=False, also=key)

    def _places(
        self, template: Template, groups: Sequence[Sequence[Part]], start: int, end: int, is_open: bool
    ) -> dict[int, int] | None:
        """Where the texts among the groups stand: empty where that is ambiguous, None where they do not."""
        texts = [(index, template.text(one[0])) for index, one in enumerate(groups) if one[0].is_text]
        if not texts:
            return {}
        fixed_start = groups[0][0].is_text
        fixed_end = groups[-1][0].is_text and not is_open
        first = self._leftmost(texts, start, end, fixed_start, fixed_end)
        if first is None:
            return None
        last = self._rightmost(texts, start, end, fixed_start, fixed_end)
        return first if first == last else {}

    def _leftmost(
        self, texts: list[tuple[int, str]], start: int, end: int, fixed_start: bool, fixed_end: bool
    ) -> dict[int, int] | None:
        found: dict[int, int] = {}
        at = start
        for number, (index, text) in enumerate(texts):
            if number == 0 and fixed_start:
                place = start if self.text.startswith(text, start, end) else -1
            elif number == len(texts) - 1 and fixed_end:
                place = end - len(text) if self.text.endswith(text, at, end) else -1
            else:
                place = self.text.find(text, at, end)
            if place < at:
                return None
            found[index] = place
            at = place + len(text)
        return None if fixed_end and at != end else found

    def _rightmost(
        self, texts: list[tuple[int, str]], start: int, end: int, fixed_start: bool, fixed_end: bool
    ) -> dict[int, int] | None:
        found: dict[int, int] = {}
        until = end
        for number, (index, text) in reversed(list(enumerate(texts))):
            if number == 0 and fixed_start:
                place = start
            elif number == len(texts) - 1 and fixed_end:
                place = end - len(text)
            else:
                place = self.text.rfind(text, start, until)
            if place < start:
                return None
            found[index] = place
            until = place
        return dict(sorted(found.items()))


def _grouped(parts: Sequence[Part]) -> list[list[Part]]:
    """Texts, each alone, and the actions between them, put together."""
    groups: list[list[Part]] = []
    for part in parts:
        if part.silent:
            continue
        if groups and not part.is_text and not groups[-1][0].is_text:
            groups[-1].append(part)
        else:
            groups.append([part])
    return groups
