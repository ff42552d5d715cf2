"""A picture as SVG: no script, no link, nothing that is loaded; readable in light and dark."""

from __future__ import annotations

from collections.abc import Iterator
from math import ceil

from podlint.display.fitting import fitted, wrapped
from podlint.findings import Severity
from podlint.picture.layout import GAP, HEAD, LARGE, MONO, PAD, SANS, SMALL_MONO, Block, Chip, Layout
from podlint.picture.markup import Markup, element
from podlint.picture.model import Flow, Mark, Picture, Row, worst
from podlint.picture.sentences import left_out_words, sentences, signs
from podlint.picture.style import STYLE

_CLASSES = {Flow.GIVES: "gives", Flow.TAKES: "takes", Flow.NEITHER: "else"}
_MAX_BADGES = 4
"""Findings at one crossing of which each has its number."""
_BADGES = 100
"""Room for the findings about the whole pod."""


def draw(picture: Picture, *, styled: bool = True) -> str:
    """An `svg` element. Unless `styled`, the document that it is put into brings `STYLE`; it has no ids, so
    several may stand in one document."""
    return _Drawing(picture).drawn(styled)


class _Drawing:
    """A picture while it is drawn."""

    def __init__(self, picture: Picture) -> None:
        self.picture = picture
        self.at = Layout(picture)

    def drawn(self, styled: bool) -> str:
        picture, at = self.picture, self.at
        findings, end = self._findings(at.grid_end + 22)
        legend, end = self._legend(end)
        width, height = at.width, ceil(end + PAD - 6)
        style = [element("style", {}, Markup(STYLE))] if styled else []
        return element(
            "svg",
            {
                "xmlns": "http://www.w3.org/2000/svg",
                "class": "podlint-picture",
                "role": "img",
                "aria-label": f"Picture of {picture.title}",
                "viewBox": f"0 0 {width} {height}",
                "width": width,
                "height": height,
            },
            element("title", {}, f"Picture of {picture.title}"),
            element("desc", {}, " ".join(sentences(picture))),
            *style,
            element("rect", {"class": "ground", "width": width, "height": height, "rx": 8}),
            *self._title(),
            *self._bands(),
            *self._heads(),
            *(part for row in range(len(picture.rows)) for part in self._row(row)),
            *findings,
            *legend,
        )

    def _title(self) -> Iterator[Markup]:
        room = self.at.width - 2 * PAD - _BADGES
        yield _text(PAD, PAD + 14, fitted(self.picture.title, int(room / LARGE)), "large bold")
        yield _text(PAD, PAD + 34, fitted(str(self.picture.at), int(room / SMALL_MONO)), "small mono muted")
        yield from self._badges(self.picture.marked(None, None), self.at.width - PAD - 9, PAD + 10)

    def _bands(self) -> Iterator[Markup]:
        """What lies behind everything: bands of volumes, and a line down from each container."""
        at = self.at
        for row, kind in enumerate(one.kind for one in self.picture.rows):
            place = {
                "x": PAD - 8,
                "y": at.tops[row],
                "width": at.width - 2 * PAD + 16,
                "height": at.heights[row],
            }
            if kind == "volume":
                yield element("rect", {"class": "band", "rx": 5, **place})
            else:
                y = at.tops[row] + at.heights[row]
                yield element("path", {"class": "rule", "d": f"M{PAD - 8} {y:.1f}H{at.width - PAD + 8:.1f}"})
        for column in range(len(self.picture.columns)):
            x = at.centre(column)
            d = f"M{x:.1f} {at.grid + HEAD}V{at.grid_end:.1f}"
            yield element("path", {"class": "life", "d": d})

    def _heads(self) -> Iterator[Markup]:
        at = self.at
        for index, column in enumerate(self.picture.columns):
            x, room = at.centre(index), int((at.column_width - 14) / MONO)
            left = x - at.column_width / 2
            box = {"x": left, "y": at.grid, "width": at.column_width, "height": HEAD, "rx": 6}
            marks = self.picture.marked(index, None)
            role = column.role if column.followed else f"{column.role}, not all followed"
            yield element(
                "g",
                {},
                element("title", {}, f"{column.role} {column.name}, image {column.image} ({column.at})"),
                element("rect", {"class": "box", **box}),
                _text(x, at.grid + 17, fitted(role, int(at.column_width / SANS)), "small muted", "middle"),
                _text(x, at.grid + 34, fitted(column.name, room), "mono bold", "middle"),
                _text(x, at.grid + 51, fitted(column.image, at.characters), "small mono muted", "middle"),
            )
            if column.role in ("init", "sidecar") and index + 1 < len(self.picture.columns):
                # The next one does not start before this one has ended, or has started.
                d = f"M{left + at.column_width + GAP / 2 - 2:.1f} {at.grid + HEAD / 2 - 5}l4 5l-4 5"
                yield element("path", {"class": "then", "d": d})
            if marks:
                yield _ring(marks, box)
                yield from self._badges(marks, left + at.column_width - 6, at.grid + 1)

    def _row(self, index: int) -> Iterator[Markup]:
        row, at = self.picture.rows[index], self.at
        yield from self._label(row, index)
        cells = self.picture.cells_of(index)
        yield from self._streams(index)
        for cell in cells:
            yield from self._cell(at.blocks[cell.column, index])
        for mark_column in {m.column for m in self.picture.marks if m.row == index and m.column is not None}:
            if (mark_column, index) not in at.blocks:
                y, marks = at.middle(index), self.picture.marked(mark_column, index)
                yield from self._badges(marks, at.centre(mark_column), y)

    def _label(self, row: Row, index: int) -> Iterator[Markup]:
        at = self.at
        x = PAD + (14 if row.kind == "file" else 0)
        y = at.middle(index)
        room = int((at.label_width - (x - PAD)) / MONO)
        style = "mono bold" if row.kind in ("volume", "port", "process") else "mono"
        yield element(
            "g",
            {},
            element("title", {}, f"{row.label} ({row.note})" if row.note else row.label),
            _text(x, y - 3 if row.note else y + 4, fitted(row.label, room), style),
            *(
                [_text(x, y + 13, fitted(row.note, int(at.label_width / SANS)), "small muted")]
                if row.note
                else []
            ),
        )
        yield from self._badges(self.picture.marked(None, index), PAD + at.label_width - 4, y)

    def _streams(self, index: int) -> Iterator[Markup]:
        """Arrows from who puts data in to who takes them out; to or from the row itself where nobody does."""
        at, y = self.at, self.at.middle(index)
        label = PAD + at.label_width
        for stream in self.picture.streams(index):
            giver, taker = stream.giver, stream.taker
            side = -1 if taker is None or (giver is not None and giver > taker) else 1
            start, end = (label if one is None else at.centre(one) for one in (giver, taker))
            start += 0 if giver is None else side * at.blocks[giver, index].width / 2
            end -= 0 if taker is None else side * (at.blocks[taker, index].width / 2 + 3)
            yield from _arrow(start, end, y, stream.certain)

    def _cell(self, block: Block) -> Iterator[Markup]:
        cell, at = block.cell, self.at
        x, y = at.centre(cell.column), at.middle(cell.row)
        if len(block.chips) > 1:
            yield element("rect", {"class": "ground", **_around(block, x, y, 0)})
        for chip in block.chips:
            yield _chip(chip, x, y, block.width)
        if cell.more:
            yield _text(x, y + block.height / 2 - 2, f"and {cell.more} more", "small muted", "middle")
        marks = self.picture.marked(cell.column, cell.row)
        if marks:
            yield _ring(marks, _around(block, x, y, 4))
            yield from self._badges(marks, x + block.width / 2 + 2, y - block.height / 2 - 3)

    def _badges(self, marks: tuple[Mark, ...], x: float, y: float) -> Iterator[Markup]:
        """The numbers of findings, the last at `x`, the others to its left."""
        shown = marks[:_MAX_BADGES]
        for place, mark in enumerate(shown):
            yield _badge(mark, x - 19 * (len(shown) - 1 - place), y)
        if len(marks) > len(shown):
            yield _text(x + 12, y + 4, f"+{len(marks) - len(shown)}", "small accent")

    def _findings(self, y: float) -> tuple[list[Markup], float]:
        """The findings in words, and where they end."""
        at, parts = self.at, list[Markup]()
        room = int((at.width - 2 * PAD - 26) / SANS)
        for mark in self.picture.marks:
            head = f"{mark.severity.value}: {mark.rule}"
            accent = "bold muted" if mark.severity is Severity.INFO else "bold accent"
            place = fitted(str(mark.at), max(room - len(head) - 4, 12))
            parts += [
                _badge(mark, PAD + 9, y + 2),
                _text(PAD + 26, y + 6, head, accent),
                _text(at.width - PAD, y + 6, place, "small mono muted", "end"),
            ]
            for line in wrapped(mark.message, room):
                y += 17
                parts.append(_text(PAD + 26, y + 6, line, ""))
            y += 25
        return parts, y + 6

    def _legend(self, y: float) -> tuple[list[Markup], float]:
        """What the signs mean, and what is not drawn."""
        at, used, left_out = self.at, signs(self.picture), left_out_words(self.picture.left_out)
        if not used and not left_out:
            return [], y - 16
        d = f"M{PAD - 8} {y - 10:.1f}H{at.width - PAD + 8:.1f}"
        parts = [element("path", {"class": "line", "d": d})]
        x, y = float(PAD), y + 4 if used else y - 14
        for style, words in ((style, words) for sign, style, words in _LEGEND if sign in used):
            needed = 26 + len(words) * SANS * 0.93 + 16
            if x + needed > at.width - PAD and x > PAD:
                x, y = PAD, y + 20
            parts += [*_sample(style, x, y), _text(x + 26, y + 4, words, "small muted")]
            x += needed
        y += 14
        for line in wrapped(left_out, int((at.width - 2 * PAD) / SANS)):
            if line:
                y += 16
                parts.append(_text(PAD, y, line, "small muted"))
        return parts, y


_LEGEND = (
    ("gives", "gives", "puts data in"),
    ("takes", "takes", "takes data out"),
    ("neither", "else", "anything else"),
    ("maybe", "else maybe", "maybe"),
    ("loop", "loop", "in a loop"),
    ("way", "flow", "way of the data"),
)


def _sample(style: str, x: float, y: float) -> Iterator[Markup]:
    if style == "flow":
        yield from _arrow(x, x + 20, y)
    elif style == "loop":
        yield element("g", {"class": "else"}, _loop(x + 10, y))
    else:
        place = {"x": x, "y": y - 6, "width": 20, "height": 12, "rx": 4}
        yield element("g", {"class": style}, element("rect", dict(place)))


def _around(block: Block, x: float, y: float, margin: float) -> dict[str, float]:
    """A rectangle around a block, some pixels away from it."""
    return {
        "x": x - block.width / 2 - margin,
        "y": y - block.height / 2 - margin,
        "width": block.width + 2 * margin,
        "height": block.height + 2 * margin,
        "rx": 4 + margin,
    }


def _ring(marks: tuple[Mark, ...], place: dict[str, float]) -> Markup:
    """A line around what findings are about."""
    style = "ring" if worst(marks) is not Severity.INFO else "ring quiet"
    return element("rect", {"class": style, **place})


def _chip(chip: Chip, x: float, y: float, width: float) -> Markup:
    act, top = chip.act, y + chip.y
    told = element("title", {}, f"{act.words} ({act.at})")
    if chip.is_mount:
        parts = [told, _text(x, top + 14, chip.detail, "small mono muted", "middle")]
        if chip.verb:
            parts.append(_text(x, top + 28, chip.verb, "small muted", "middle"))
        return element("g", {}, *parts)
    style = _CLASSES[act.flow] + ("" if act.certain else " maybe")
    parts = [
        told,
        element("rect", {"x": x - width / 2, "y": top, "width": width, "height": chip.height, "rx": 5}),
    ]
    repeated = act.repeats != "once"
    parts.append(_text(x - (7 if repeated else 0), top + 15, chip.verb, "", "middle"))
    if repeated:
        parts.append(_loop(x + len(chip.verb) * SANS / 2 + 4, top + 11))
    if chip.detail:
        parts.append(_text(x, top + 31, chip.detail, "small mono", "middle"))
    return element("g", {"class": style}, *parts)


def _loop(x: float, y: float) -> Markup:
    """Three quarters of a circle with an arrowhead."""
    circle = f"M{x + 4:.1f} {y - 1:.1f}a4 4 0 1 0 -1.4 4.2"
    d = f"{circle}M{x + 4.4:.1f} {y - 4.4:.1f}v3.4h-3.4"
    return element("path", {"class": "loop", "d": d})


def _badge(mark: Mark, x: float, y: float) -> Markup:
    return element(
        "g",
        {"class": mark.severity.value},
        element("title", {}, f"{mark.severity.value}: {mark.rule}: {mark.message}"),
        element("circle", {"cx": x, "cy": y, "r": 8.5}),
        _text(x, y + 4, str(mark.number), "small bold", "middle"),
    )


def _arrow(start: float, end: float, y: float, certain: bool = True) -> Iterator[Markup]:
    side = 1 if end > start else -1
    style = "flow" if certain else "flow maybe"
    yield element("path", {"class": style, "d": f"M{start:.1f} {y:.1f}H{end - 4 * side:.1f}"})
    d = f"M{end:.1f} {y:.1f}l{-7 * side} -4v8z"
    yield element("path", {"class": "head", "d": d})


def _text(x: float, y: float, words: str, style: str, anchor: str = "") -> Markup:
    attributes: dict[str, str | float] = {"x": x, "y": y}
    if style:
        attributes["class"] = style
    if anchor:
        attributes["text-anchor"] = anchor
    return element("text", attributes, words)
