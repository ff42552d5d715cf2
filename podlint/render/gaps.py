"""Gaps: lines without marks, which lie between known ones, or came out of actions there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate

from msgspec import Struct
from msgspec.structs import replace

from podlint.regex import late
from podlint.render.files import aligned
from podlint.render.fitting import INCLUDE, Fitting
from podlint.render.gotemplate import Part, Template
from podlint.source.origin import Piece

_MOST_TRIED = 2_000_000
"""Characters that are compared in one gap: those of its lines, with each stretch."""
_MOST_LINES = 200
"""Lines of a gap for which it is asked what stands near by; …"""
_MOST_BESIDE = 20
"""… and how many stretches right before or behind a known one."""
_MOST_ACTIONS = 100
"""Actions of which it is tried which one has emitted a line."""
_TPL = late(r"\btpl\b")
_BLANKS = " \t"


class Candidate(Struct, frozen=True):
    """A stretch of a template, by its number; `at` is where it is known to have been rendered, -1 where that
    is as a whole."""

    template: Template
    index: int
    at: int = -1

    @property
    def parts(self) -> tuple[Part, ...]:
        return self.template.stretches[self.index].parts

    @property
    def body(self) -> str:
        return self.template.stretches[self.index].body


class Gap(Struct, frozen=True):
    """What lies around lines without marks: the stretches that the lines before and behind come from, where
    there are any, and how far the templates have been passed through."""

    own: Template
    before: Candidate | None
    behind: Candidate | None
    passed: dict[Template, int]
    marked: dict[Template, frozenset[int]]
    near: tuple[Candidate, ...] = ()
    """Stretches that lines near by come from."""


def fill(fitting: Fitting, lines: Sequence[tuple[int, int]], gap: Gap) -> Iterator[Piece]:
    """The pieces of some lines, by where they begin and end: of the stretch that each comes from, or else of
    an action, for certain or about."""
    stretches = [one for one in _stretches(gap) if not _is_marked(one, gap)]
    taken = _from_files(fitting, lines, list(_actions(gap, stretches, None, None)))
    yield from (piece for pieces in taken.values() for piece in pieces)
    lines = [line for number, line in enumerate(lines) if number not in taken]
    if (len(stretches) + 1) * sum(end - start + 1 for start, end in lines) > _MOST_TRIED:
        yield from (_about(gap, start, end) for start, end in lines)
        return
    fits = _fits(fitting, stretches, lines)
    chosen = _chosen(fits, len(stretches))
    nearby = _nearby(gap) if len(lines) <= _MOST_LINES else []
    before = list(accumulate(chosen, _latest))
    behind = list(accumulate(reversed(chosen), _latest))[::-1]
    for number, (start, end) in enumerate(lines):
        index = chosen[number]
        if index is None and fits[number] and not gap.marked:
            # Any of them may have emitted it: where there are marks, it was an action instead.
            yield _near(stretches[fits[number][0]], start, end)
            continue
        one = stretches[index] if index is not None else _beside(fitting, nearby, start, end)
        if one is not None:
            yield from _line_pieces(fitting, one, start, end)
            continue
        actions = list(_actions(gap, stretches, before[number], behind[number]))
        yield from _from_actions(fitting, actions, gap, start, end)


def _from_files(
    fitting: Fitting, lines: Sequence[tuple[int, int]], actions: Sequence[tuple[Template, Part]]
) -> dict[int, list[Piece]]:
    """The pieces of those lines, by their numbers, that the actions around them have taken in from files."""
    uses = dict.fromkeys(use for one in actions for use in fitting.uses_of_files(*one))
    if not uses or len(actions) > _MOST_ACTIONS:
        return {}
    files = list(dict.fromkeys(file for use in uses for file in fitting.files.used(use)))
    alone = len(actions) == 1
    itself = alone and actions[0][0].text(actions[0][1]) in uses
    taken = aligned(fitting.text, lines, files, 1 if itself else 2)
    if taken or not alone or len(files) != 1 or not any(_TPL.search(use) for use in uses):
        return {number: [piece] for number, piece in taken.items()}
    return _from_template(fitting, lines, files[0].template)


def _from_template(
    fitting: Fitting, lines: Sequence[tuple[int, int]], file: Template
) -> dict[int, list[Piece]]:
    """The pieces of those lines that a file has emitted which is a template itself: each of them indented by
    as much."""
    stretches = [Candidate(file, index) for index in range(len(file.stretches))]
    if len(stretches) * sum(end - start + 1 for start, end in lines) > _MOST_TRIED:
        return {}
    found: dict[int, list[Piece]] = {}
    indents = set()
    for number, index in enumerate(_chosen(_fits(fitting, stretches, lines), len(stretches))):
        if index is not None:
            start, end = lines[number]
            begin = _begin(fitting, stretches[index], start, end)
            indents.add(None if begin is None else begin - start)
            found[number] = list(_line_pieces(fitting, stretches[index], start, end))
    return found if len(indents) == 1 else {}


def _latest(before: int | None, index: int | None) -> int | None:
    return before if index is None else index


def _stretches(gap: Gap) -> Iterator[Candidate]:
    """The stretches that lines of a gap can come from, in order."""
    before, behind = gap.before, gap.behind
    if before is None and behind is None:
        yield from (Candidate(gap.own, index) for index in range(len(gap.own.stretches)))
        return
    if before is not None and behind is not None and _is_onwards(before, behind):
        yield from (Candidate(before.template, i) for i in range(before.index + 1, behind.index))
        return
    if before is not None:
        yield from _body(before.template, before.index + 1, len(before.template.stretches), before.body)
    if behind is not None:
        last = gap.passed.get(behind.template, -1)
        first = last + 1 if last < behind.index else 0
        yield from _body(behind.template, first, behind.index, behind.body)
    elif before is not None and before.template is not gap.own:
        first = gap.passed.get(gap.own, -1) + 1
        yield from _body(gap.own, first, len(gap.own.stretches), "")


def _is_onwards(one: Candidate, other: Candidate) -> bool:
    """Whether one leads to the other with nothing but stretches of the same body between them."""
    return one.template is other.template and one.index < other.index and one.body == other.body


def _body(template: Template, first: int, end: int, body: str) -> Iterator[Candidate]:
    return (Candidate(template, i) for i in range(first, end) if template.stretches[i].body == body)


def _nearby(gap: Gap) -> list[Candidate]:
    """The stretches without marks right before or behind those that lines near by come from."""
    found: dict[tuple[Template, int], Candidate] = {}
    for near in gap.near:
        stretches = near.template.stretches
        for step in (-1, 1):
            at = near.index + step
            last = at + step * _MOST_BESIDE
            while at != last and 0 <= at < len(stretches):
                one = Candidate(near.template, at)
                if _is_marked(one, gap):
                    break
                if one.body == near.body:
                    found[near.template, at] = one
                at += step
    return list(found.values())


def _beside(fitting: Fitting, nearby: Sequence[Candidate], start: int, end: int) -> Candidate | None:
    """The one of the stretches near by that a line can come from."""
    found = [one for one in nearby if _can_be(fitting, one, start, end)]
    return found[0] if len(found) == 1 else None


def _is_marked(one: Candidate, gap: Gap) -> bool:
    return one.index in gap.marked.get(one.template, ())


def _fits(
    fitting: Fitting, stretches: Sequence[Candidate], lines: Sequence[tuple[int, int]]
) -> list[list[int]]:
    """The stretches that each line can come from, by their numbers."""
    return [
        [index for index, one in enumerate(stretches) if _can_be(fitting, one, start, end)]
        for start, end in lines
    ]


def _chosen(fits: Sequence[Sequence[int]], end: int) -> list[int | None]:
    """The stretch that each line comes from, of those that it can come from by their numbers up to `end`:
    only where it is the same whether one begins at the first line or at the last."""
    first: list[int | None] = []
    at = -1
    for indices in fits:
        found = next((index for index in indices if index > at), None)
        first.append(found)
        at = at if found is None else found
    last: list[int | None] = []
    at = end
    for indices in reversed(fits):
        found = next((index for index in reversed(indices) if index < at), None)
        last.append(found)
        at = at if found is None else found
    return [one if one == other else None for one, other in zip(first, reversed(last), strict=True)]


def _can_be(fitting: Fitting, one: Candidate, start: int, end: int) -> bool:
    stretch = one.template.stretches[one.index]
    parts = [part for part in stretch.parts if not part.silent]
    text = "".join(one.template.text(part) for part in parts if part.is_text)
    if not text.strip():
        return False
    begin = _begin(fitting, one, start, end)
    return begin is not None and fitting.fits(one.template, parts, begin, end, not stretch.ends_line)


def _begin(fitting: Fitting, one: Candidate, start: int, end: int) -> int | None:
    """Where the first text of a stretch begins in a line that may be indented further."""
    part = one.parts[0]
    if not part.is_text:
        return start
    text = one.template.text(part)
    indent = len(text) - len(text.lstrip(_BLANKS))
    if indent == len(text) and len(one.parts) > 1:
        return start if fitting.text.startswith(text, start, end) else None
    at = start
    while at < end and fitting.text[at] in _BLANKS:
        at += 1
    return at - indent if at - indent >= start else None


def _line_pieces(fitting: Fitting, one: Candidate, start: int, end: int) -> Iterator[Piece]:
    stretch = one.template.stretches[one.index]
    begin = _begin(fitting, one, start, end)
    yield from fitting.pieces(
        one.template, stretch.parts, start if begin is None else begin, end, not stretch.ends_line
    )


def _actions(
    gap: Gap, stretches: Sequence[Candidate], first: int | None, last: int | None
) -> Iterator[tuple[Template, Part]]:
    """The actions that a line between two stretches may have come out of."""
    begun = stretches[first] if first is not None else gap.before
    ended = stretches[last] if last is not None else gap.behind
    low = first + 1 if first is not None else 0
    high = last if last is not None else len(stretches)
    found = _behind(begun) if begun is not None else []
    found += [(one.template, part) for one in stretches[low:high] for part in one.parts]
    found += _before(ended) if ended is not None else []
    for template, part in found:
        if not part.is_text and not part.silent and not _has_told(template, part, gap):
            yield template, part


def _behind(one: Candidate) -> list[tuple[Template, Part]]:
    """The parts of a stretch that may have gone on after its line: those behind its text."""
    texts = [part.end for part in one.parts if part.is_text]
    at = one.at if one.at >= 0 else (texts or [one.parts[0].start])[-1]
    return [(one.template, part) for part in one.parts if part.start >= at]


def _before(one: Candidate) -> list[tuple[Template, Part]]:
    """The parts of a stretch that may have begun before its line."""
    texts = [part.start for part in one.parts if part.is_text and one.template.text(part).strip()]
    at = one.at if one.at >= 0 else (texts or [one.parts[-1].end])[0]
    return [(one.template, part) for part in one.parts if part.end <= at]


def _has_told(template: Template, part: Part, gap: Gap) -> bool:
    """Whether an action includes the body that a line beside the gap comes from, and has marks of its own."""
    name = INCLUDE.search(template.text(part))
    beside = (gap.before, gap.behind)
    return name is not None and any(one is not None and one.body == name[1] for one in beside)


def _from_actions(
    fitting: Fitting, actions: Sequence[tuple[Template, Part]], gap: Gap, start: int, end: int
) -> Iterable[Piece]:
    if 1 < len(actions) <= _MOST_ACTIONS:
        told = [
            pieces
            for template, part in actions
            if (pieces := fitting.included(template.text(part), start, end))
        ]
        if len(told) == 1:
            return told[0]
        # A value that has the words of the line in it is the one.
        words = fitting.text[start:end].strip()
        having = [one for one in actions if (found := fitting.setting_of(*one)) and words in found.written]
        actions = having if len(having) == 1 else actions
    if actions:
        template, part = actions[0]
        if len(actions) == 1:
            return fitting.emitted(template, [part], start, end)
        piece = fitting.inexact(template, [part], start, end)
        return [replace(piece, about=True, also=None)]
    return [_about(gap, start, end)]


def _about(gap: Gap, start: int, end: int) -> Piece:
    near = gap.before or gap.behind
    if near is not None:
        return _near(near, start, end)
    return Piece(start, end, gap.own.source, 0, 0, exact=False, about=True)


def _near(one: Candidate, start: int, end: int) -> Piece:
    at = one.parts[0]
    return Piece(start, end, one.template.source, at.start, at.end, exact=False, about=True)
