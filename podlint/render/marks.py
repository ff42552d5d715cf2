"""Marks: private characters in the lines of templates, which tell where a rendered line comes from."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from msgspec import Struct

from podlint.regex import late
from podlint.render.gotemplate import Stretch, Template

# The two planes of Unicode in which every character means what two parties agree on.
_PLANES = ((0xF0000, 0xFFFFD), (0x100000, 0x10FFFD))
# Helm reads these of what it has rendered, and sorts by them.
_READ_BY_HELM = late(
    r"[ \t]*(?:- +)*[\"']?(?:apiVersion|kind|metadata|name|namespace|annotations"
    r"|helm\.sh/(?:hook|resource)[\w-]*)[\"']?[ \t]*(?::|\Z)"
)
# What stands before the first place that takes a mark: no word that YAML takes for a sign of its own, no
# escape, and no character that means something at the beginning of a value.
_BEFORE = late(r"(?:[&*!|>%@]\S*+|\\.|<<|[^\w&*!|>%@\\<]|<(?!<))*+(?=\w)")


class Mark(Struct, frozen=True):
    """A place that a mark stands before."""

    template: Template
    offset: int


class Marked(Struct, frozen=True):
    """Templates with marks: their texts, in order, and what each mark means."""

    texts: tuple[str, ...]
    marks: dict[str, Mark]

    def read(self, line: str) -> tuple[str, list[tuple[int, Mark]]]:
        """A rendered line without its marks, and where these stood in it."""
        if line.isascii():
            return line, []
        kept: list[str] = []
        found: list[tuple[int, Mark]] = []
        for char in line:
            mark = self.marks.get(char)
            if mark is None:
                kept.append(char)
            else:
                found.append((len(kept), mark))
        return "".join(kept), found


def mark(
    templates: Iterable[Template], used: Iterable[str], wanted: Callable[[Template, Stretch], bool]
) -> Marked:
    """The templates with a mark on each stretch that is wanted and can carry one. A character that stands in
    one of the `used` texts is no mark; when there are no more of them, the rest goes without."""
    free = _free(used)
    texts: list[str] = []
    marks: dict[str, Mark] = {}
    for template in templates:
        pieces, at = [], 0
        for stretch in template.stretches:
            place = _place(template, stretch) if wanted(template, stretch) else None
            char = next(free, None) if place is not None else None
            if place is not None and char is not None:
                marks[char] = Mark(template, place)
                pieces += [template.source.text[at:place], char]
                at = place
        texts.append("".join(pieces) + template.source.text[at:])
    return Marked(tuple(texts), marks)


def computes(template: Template, stretch: Stretch) -> bool:
    """Whether other templates may compute with what the stretch emits."""
    return stretch.body in template.inline


def _free(used: Iterable[str]) -> Iterator[str]:
    taken = {char for text in used if not text.isascii() for char in text if ord(char) >= _PLANES[0][0]}
    for first, last in _PLANES:
        for code in range(first, last + 1):
            if chr(code) not in taken:
                yield chr(code)


def _place(template: Template, stretch: Stretch) -> int | None:
    """Where a stretch can carry a mark: before a word of its text."""
    if _READ_BY_HELM.match(template.text(stretch.parts[0])):
        return None
    for part in stretch.parts:
        if part.is_text:
            found = _BEFORE.match(template.source.text, part.start, part.end)
            if found and found.end() < part.end:
                return found.end()
    return None
