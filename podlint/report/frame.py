"""One finding as a person reads it: its message, the lines it is about, its labels under them."""

from __future__ import annotations

from collections.abc import Iterator

from podlint.display.escape import defused, escape
from podlint.findings import Finding, Label
from podlint.report.excerpt import CUT, LINE_WIDTH, Mark, make_excerpts
from podlint.report.terminal import FRAME, PLAIN, RELATED, STRONG, Run, severity_style

NEAR = 400
"""Labels so many characters behind the first one stand in the part of a long line that it has kept, with all
that is shown around them."""


def draw_finding(finding: Finding) -> Iterator[list[Run]]:
    """The rows of a finding: the primary label's file first, lines in order, `...` between distant ones."""
    style = severity_style(finding.severity)
    yield [
        (f"{finding.severity.value}[{escape(finding.rule)}]", style),
        (f": {escape(finding.message)}", STRONG),
    ]
    yield from draw_places(finding)
    seen = f"with {', '.join(finding.variants)}" if finding.variants else ""
    kinds = (("note", finding.outcome), ("help", finding.help), ("seen", seen))
    words = [(kind, text) for kind, text in kinds if text]
    gutter = _gutter(finding)
    if words:
        yield [(f"{'':{gutter}} |", FRAME)]
    for kind, text in words:
        yield [(f"{'':{gutter}} = ", FRAME), (kind, STRONG), (f": {escape(text)}", PLAIN)]


def draw_places(finding: Finding) -> Iterator[list[Run]]:
    """The rows with the lines that a finding is about and its labels; each begins with what is no part of
    them: an arrow, or a number and a bar."""
    style = severity_style(finding.severity)
    labels = (finding.primary, *finding.related)
    gutter = _gutter(finding)
    margin: Run = (f"{'':{gutter}} |", FRAME)
    for path in dict.fromkeys(label.region.path for label in labels):
        here = sorted((b for b in labels if b.region.path == path), key=lambda b: b.region.start)
        first = finding.primary if path == finding.primary.region.path else here[0]
        arrow, named = ("-->", owner(finding)) if first is finding.primary else (":::", "")
        where = f"  in {named}" if named else ""
        yield [(f"{'':{gutter}}{arrow} ", FRAME), (_place(first) + where, PLAIN)]
        yield [margin]
        yield from _draw_file(here, finding.primary, style, gutter)


def _gutter(finding: Finding) -> int:
    """How many columns the numbers of the lines take."""
    return max(len(str(label.region.start.line)) for label in (finding.primary, *finding.related))


def owner(finding: Finding) -> str:
    """The workload and the container that a finding is about; "" for one about a file."""
    parts = [
        finding.pod,
        f"namespace {finding.namespace}" if finding.namespace else "",
        f"container {finding.container}" if finding.container else "",
    ]
    return ", ".join(escape(part) for part in parts if part)


def _place(label: Label) -> str:
    """`path:line:column`, as editors and terminals know how to open it."""
    region = label.region
    return f"{escape(region.path)}:{region.start.line}:{region.start.column}"


def _draw_file(labels: list[Label], primary: Label, style: str, gutter: int) -> Iterator[list[Run]]:
    """The labelled lines of one file; `labels` are sorted by where they begin."""
    lines: dict[int, list[Label]] = {}
    for label in labels:
        lines.setdefault(label.region.start.line, []).append(label)
    previous = 0
    for number, here in lines.items():
        if previous and number > previous + 1:
            yield [("...", FRAME)]
        previous = number
        for part in _parts(here):
            region = part[0].region
            text = defused((region.lines or ("",))[0])
            marks = [_mark(label, text, region.left, label is primary, style) for label in part]
            for excerpt in make_excerpts(text, marks):
                yield [(f"{number:{gutter}} |", FRAME), (f" {excerpt.shown()}", PLAIN)]
                for row in excerpt.rows():
                    yield [(f"{'':{gutter}} |", FRAME), (" ", PLAIN), *row]
            yield from _rendered(part, gutter)
    for template in dict.fromkeys(label.region.template for label in labels if label.region.template):
        yield [(f"{'':{gutter}} = ", FRAME), ("template", STRONG), (f": {_short(template)}", PLAIN)]


def _rendered(labels: list[Label], gutter: int) -> Iterator[list[Run]]:
    """What a template has made of a line, where that looks otherwise, and which value it was."""
    regions = [label.region for label in labels]
    for line in dict.fromkeys(region.rendered[0].strip() for region in regions if region.rendered):
        yield [(f"{'':{gutter}} = ", FRAME), ("rendered", STRONG), (f": {_short(line)}", PLAIN)]
    for also in dict.fromkeys(region.also for region in regions if region.also is not None):
        place = f"{escape(also.path)}:{also.start.line}:{also.start.column}"
        yield [(f"{'':{gutter}} = ", FRAME), ("value", STRONG), (f": {escape(also.key)}, {place}", PLAIN)]
    if any(region.about for region in regions):
        yield [(f"{'':{gutter}} = ", FRAME), ("about", STRONG), (": the line is near this one", PLAIN)]


def _short(line: str) -> str:
    """A rendered line, cut where it is long."""
    return escape(line if len(line) <= LINE_WIDTH else f"{line[:LINE_WIDTH]}{CUT}")


def _parts(labels: list[Label]) -> Iterator[list[Label]]:
    """The labels of one line, put together as far as the first of them has kept what they stand on."""
    part: list[Label] = []
    for label in labels:
        first = part[0].region if part else label.region
        if first.cut and label.region.start.column - first.start.column > NEAR:
            yield part
            part = []
        part.append(label)
    yield part


def _mark(label: Label, text: str, left: int, primary: bool, style: str) -> Mark:
    """A label as a mark on its first line, of which `text` begins behind `left` characters; when it has
    several lines, its words say how far it goes."""
    region, words = label.region, label.text
    start = min(region.start.column - 1 - left, len(text))
    end = min(max(region.end.column - 1 - left, start), len(text))
    if region.end.line > region.start.line:
        end = len(text)
        words = f"{words} (to line {region.end.line})".strip()
    return Mark(start, end, words, "^" if primary else "-", style if primary else RELATED)
