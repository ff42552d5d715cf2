"""Fitting: which characters of a rendered text a stretch of a template has emitted, and which its actions."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TypeAlias

from msgspec import Struct

from podlint.regex import late
from podlint.render.files import Files
from podlint.render.gotemplate import USES_FILES, Part, Stretch, Template
from podlint.source.origin import Key, Piece


class Setting(Struct, frozen=True):
    """A value that an action emits: its key in values.yaml, None where it stands in no file, and how it is
    written there."""

    key: Key | None
    written: str


SettingOf: TypeAlias = Callable[[Template, Part], Setting | None]
"""Finds the value that an action emits, where it emits one."""


Bodies: TypeAlias = Mapping[str, Sequence[tuple[Template, Stretch]]]
"""The stretches of each `define`, by its name."""
INCLUDE = late(r"(?:include|template)[ \t\r\n]+[\"`]([^\"`]*)")
_VARIABLE = late(r"\$\w|\{\{-?[ \t\r\n]*\.[ \t\r\n|}]")
_AROUND_INCLUDED = " \t\"'"
_DEEPEST = 8
_MOST_STRETCHES = 50
"""Stretches of one body that are tried, one of which has to fit."""


class Fitting:
    """Fits parts of templates to ranges of one rendered text."""

    def __init__(self, text: str, setting_of: SettingOf, bodies: Bodies, files: Files) -> None:
        self.text = text
        self.setting_of = setting_of
        self.files = files
        self._bodies = bodies
        self._depth = 0
        self._uses: dict[tuple[Template, int], tuple[str, ...]] = {}

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
            yield from self.emitted(template, [part for group in groups for part in group], start, end)
            return
        at = start
        for index, group in enumerate(groups):
            if group[0].is_text:
                (part,) = group
                at, until = places[index], min(places[index] + part.end - part.start, end)
                yield Piece(at, until, template.source, part.start, part.start + until - at)
            else:
                until = places.get(index + 1, end)
                if until > at:
                    yield from self.emitted(template, group, at, until)
            at = until

    def emitted(self, template: Template, parts: Sequence[Part], start: int, end: int) -> Iterator[Piece]:
        """What some parts have emitted together: of an action that includes a body of one line, that line."""
        found = self.included(template.text(parts[0]), start, end) if len(parts) == 1 else []
        yield from found or [self.inexact(template, parts, start, end)]

    def included(self, action: str, start: int, end: int) -> list[Piece]:
        """What a stretch of a body that an action includes has emitted, if one of its stretches can have."""
        name = INCLUDE.search(action)
        if name is None or self._depth >= _DEEPEST:
            return []
        while start < end and self.text[start] in _AROUND_INCLUDED:
            start += 1
        while start < end and self.text[end - 1] in _AROUND_INCLUDED:
            end -= 1
        fitting = [
            (template, parts)
            for template, stretch in self._bodies.get(name[1], ())[:_MOST_STRETCHES]
            if (parts := _trimmed(template, stretch.parts)) and self.fits(template, parts, start, end, False)
        ]
        if len(fitting) != 1:
            return []
        self._depth += 1
        found = list(self.pieces(*fitting[0], start, end))
        self._depth -= 1
        return found

    def uses_of_files(self, template: Template, part: Part) -> tuple[str, ...]:
        """The actions that use `.Files` for what an action emits: itself, those of bodies that it includes,
        or all of its template where it emits a variable."""
        key = (template, part.start)
        if key not in self._uses:
            self._uses[key] = tuple(dict.fromkeys(self._uses_of(template, part)))
        return self._uses[key]

    def _uses_of(self, template: Template, part: Part) -> Iterator[str]:
        pending, seen = [(template, part)], {""}
        while pending:
            template, part = pending.pop()
            text = template.text(part)
            if USES_FILES.search(text):
                yield text
            elif template.uses_files and _VARIABLE.search(text):
                yield template.source.text
            name = INCLUDE.search(text)
            if name is not None and name[1] not in seen:
                seen.add(name[1])
                body = self._bodies.get(name[1], ())[:_MOST_STRETCHES]
                pending += [
                    (other, one) for other, stretch in body for one in stretch.parts if not one.is_text
                ]

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
        if first is None and not is_open:
            # Helm takes the blanks from the end of what it has rendered.
            texts[-1] = (texts[-1][0], texts[-1][1].rstrip(" \t"))
            fixed_end = True
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


def _trimmed(template: Template, parts: Sequence[Part]) -> list[Part]:
    """The parts of a stretch without the blanks around it; none where it has no text of its own."""
    kept = [part for part in parts if not part.silent]
    for index in (0, -1):
        if kept and kept[index].is_text:
            text = template.text(kept[index])
            first, last = len(text) - len(text.lstrip()), len(text.rstrip())
            start = kept[index].start
            kept[index] = Part(
                start + first if index == 0 else start, start + last if index else kept[index].end, True
            )
    return kept if any(one.is_text and template.text(one).strip() for one in kept) else []


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
