"""Marks: private characters in the lines of templates, which tell where a rendered line comes from."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TypeAlias

from msgspec import Struct

from podlint.regex import late
from podlint.render.gotemplate import Stretch, Template

# Characters that mean what two parties agree on. There are more beyond 0xFFFF, which YAML's writers escape.
_FIRST, _LAST = 0xE000, 0xF8FF
# Helm reads these of what it has rendered, and sorts by them.
_READ_BY_HELM = late(
    r"[ \t]*(?:- +)*[\"']?(?:apiVersion|kind|metadata|name|namespace|annotations"
    r"|helm\.sh/(?:hook|resource)[\w-]*)[\"']?[ \t]*(?::|\Z)"
)
# The first word that takes a mark, and what stands before it: signs of YAML with the words that belong to
# them, escapes, and characters that mean something at the beginning of a value. As keys are sorted, it takes
# the mark at its end.
_WORD = late(r"(?:[&*!|>%@]\S*+|\\.|<<|[^\w&*!|>%@\\<]|<(?!<))*+(\w*+)")


_MORE_LINES = late(r"indent|include|template|toYaml|tpl|Files")
_KEY = late(r"[ \t]*+(?:- +)*+(?:(?<![\w./-])([\"']?[\w./-]++[\"']?:)(?:[ \t]|\Z))?")


Wanted: TypeAlias = Callable[[Template, Stretch], bool]
"""Whether a stretch of a template is to carry a mark."""


class Mark(Struct, frozen=True):
    """A place that a mark stands behind."""

    template: Template
    offset: int


class Marked(Struct, frozen=True):
    """Templates with marks: their texts, in order, and what each mark means."""

    texts: tuple[str, ...]
    marks: dict[str, Mark]
    """By the two characters that each is made of."""
    signs: frozenset[str]

    def read(self, line: str) -> tuple[str, list[tuple[int, Mark]]]:
        """A rendered line without its marks, and where these stood in it."""
        if line.isascii():
            return line, []
        kept: list[str] = []
        found: list[tuple[int, Mark]] = []
        before = ""
        for char in line:
            if char not in self.signs:
                kept.append(char)
                before = ""
                continue
            mark = self.marks.get(before + char)
            if mark is not None and kept:
                found.append((len(kept) - 1, mark))
            before = "" if before else char
        return "".join(kept), found


def mark(
    templates: Iterable[Template],
    used: Iterable[str],
    wanted: Wanted,
    *,
    keys: bool = True,
) -> Marked:
    """The templates with a mark on each stretch that is wanted and can carry one; without `keys`, none in the
    keys of mappings. A character that stands in one of the `used` texts is no mark; when there are no more of
    them, the rest goes without."""
    signs = _free(used)
    free = (one + other for one in signs for other in signs)
    texts: list[str] = []
    marks: dict[str, Mark] = {}
    for template in templates:
        pieces, at = [], 0
        for stretch in template.stretches:
            places = _places(template, stretch, keys) if wanted(template, stretch) else ()
            for place, sign in zip(places, free, strict=False):
                marks[sign] = Mark(template, place - 1)
                pieces += [template.source.text[at:place], sign]
                at = place
        texts.append("".join(pieces) + template.source.text[at:])
    return Marked(tuple(texts), marks, frozenset(signs))


def computes(template: Template, stretch: Stretch) -> bool:
    """Whether other templates may compute with what the stretch emits."""
    return stretch.body in template.inline


def _free(used: Iterable[str]) -> list[str]:
    taken = {char for text in used if not text.isascii() for char in text}
    return [sign for code in range(_FIRST, _LAST + 1) if (sign := chr(code)) not in taken]


def _places(template: Template, stretch: Stretch, keys: bool) -> Iterator[int]:
    """Where a stretch can carry a mark: behind a word of its text, and of that behind an action that may have
    ended the line."""
    if _READ_BY_HELM.match(template.text(stretch.parts[0])):
        return
    text, is_due = template.source.text, True
    for part in stretch.parts:
        if not part.is_text:
            is_due = is_due or _MORE_LINES.search(text, part.start, part.end) is not None
        elif is_due:
            key = None if keys else _KEY.match(text, part.start, part.end)
            keys = True
            found = _WORD.match(text, key.end() if key and key[1] else part.start, part.end)
            if found and found[1]:
                is_due = False
                yield found.end()
