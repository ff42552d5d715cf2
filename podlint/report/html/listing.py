"""The findings, those of a pod together: a line for each, and behind it what there is to know."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from msgspec import Struct

from podlint.findings import Finding
from podlint.picture.model import Picture
from podlint.picture.svg import draw
from podlint.report.account import severities
from podlint.report.html.facets import Facets, subject
from podlint.report.html.frames import frame
from podlint.report.html.markup import LINE, Html, element, join, path
from podlint.report.html.pictures import Pictures, numbered
from podlint.report.sentences import capital

MANY = 12
"""More findings than so many are closed at first, so that all of them can be overlooked."""
_LAZY = 300
"""Of more than so many, what is closed is parsed when somebody opens it: all at once would take too long."""


class Group(Struct):
    """The findings of one pod, or of what else they are about."""

    path: str
    namespace: str
    name: str
    picture: Picture | None
    findings: list[Finding]


def groups(findings: list[Finding], pictures: Pictures) -> list[Group]:
    """The findings by file and pod, in the order of the first of each."""
    found: dict[object, Group] = {}
    for one in findings:
        picture = pictures.of(one)
        path = picture.at.path if picture is not None else one.primary.region.path
        key = id(picture) if picture is not None else (path, one.namespace, subject(one))
        group = found.setdefault(key, Group(path, one.namespace, subject(one), picture, []))
        group.findings.append(one)
    return list(found.values())


def listing(findings: list[Finding], pictures: Pictures, facets: Facets) -> Iterator[Html]:
    """A section for each group."""
    fold = _Fold(len(findings))
    for group in groups(findings, pictures):
        drawn, numbers = _picture(group, fold)
        rows = (
            _finding(one, group.path, numbers.get(index), facets, fold)
            for index, one in enumerate(group.findings)
        )
        yield element(
            "section",
            _heading(group),
            LINE,
            drawn,
            *(join(row, LINE) for row in rows),
            class_="pod",
        )
        yield LINE


class _Fold:
    """How what stands behind a line is folded, where there are so many findings."""

    def __init__(self, count: int) -> None:
        self.opened = count <= MANY
        self._lazy = count > _LAZY

    def inside(self, hidden: Html) -> Html:
        """What is behind a line. A browser that runs scripts takes what is in `noscript` for text."""
        return element("noscript", hidden) if self._lazy else hidden


def _heading(group: Group) -> Html:
    namespace = f"namespace {group.namespace}" if group.namespace else None
    counts = Counter(one.severity for one in group.findings)
    where = [
        element("span", path(group.path)) if group.path != group.name else None,
        element("span", namespace) if namespace else None,
        element("span", severities(counts), class_="count") if len(group.findings) > 1 else None,
    ]
    return element(
        "header",
        element("h3", path(group.name)),
        element("p", *where, class_="about"),
    )


def _picture(group: Group, fold: _Fold) -> tuple[Html | None, dict[int, int]]:
    """The picture of a group, and the numbers that it gives to findings, by their indices."""
    if group.picture is None:
        return None, {}
    picture, numbers = numbered(group.picture, group.findings)
    drawing = element("div", Html(draw(picture, styled=False)), class_="drawing", tabindex=0)
    told = fold.opened and len(picture.columns) > 1
    return element(
        "details", element("summary", "Picture"), fold.inside(drawing), class_="picture", open=told
    ), numbers


def _finding(one: Finding, path_: str, number: int | None, facets: Facets, fold: _Fold) -> Html:
    region = one.primary.region
    line = f"line {region.start.line}:{region.start.column}"
    about = [
        element("code", one.rule),
        element("span", f"container {one.container}") if one.container else None,
        element("span", line if region.path == path_ else join(path(region.path), f", {line}")),
        element("span", f"no. {number} in the picture") if number is not None else None,
    ]
    name = f"finding-{one.identity.replace(':', '-')}"
    return element(
        "details",
        element(
            "summary",
            element("span", one.severity.value, class_="severity"),
            element("span", capital(one.message), class_="message"),
            element("span", *about, class_="about"),
        ),
        fold.inside(element("div", *_body(one, name), class_="body")),
        class_=f"finding {one.severity.value}",
        id=name,
        open=fold.opened,
        data_is=facets.tags(one),
    )


def _body(one: Finding, name: str) -> Iterator[Html]:
    yield frame(one)
    if one.outcome or one.help:
        yield element(
            "dl",
            *_term("what happens", one.outcome),
            *_term("what to do", one.help),
        )
    yield element(
        "p",
        element("a", Html("more about "), element("code", one.rule), href=f"#rule-{one.rule}"),
        element("span", join(element("code", one.object_path))) if one.object_path else None,
        element("a", "link to this finding", href=f"#{name}"),
        class_="more",
    )


def _term(term: str, words: str) -> Iterator[Html]:
    if words:
        yield element("dt", term)
        yield element("dd", *_with_code(capital(words)))


def _with_code(words: str) -> Iterator[str]:
    """Words, of which those between backticks are a command."""
    for index, part in enumerate(re.split(r"`([^`]++)`", words)):
        yield element("code", part) if index % 2 else part
