"""What a run has read and what it has not, with all that is named of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from podlint.findings import Report
from podlint.report.account import count, hint_about, plural
from podlint.report.html.markup import Html, element, join, path
from podlint.report.options import RenderOptions, shown_omitted, shown_suppressed
from podlint.source.span import Region

MOST = 1000
"""So many rows of a list are shown, and the others counted."""


def account(report: Report, options: RenderOptions, without: int = 0) -> Html:
    """The numbers of what was read, and a list for each kind of what was not; so many findings are
    `without` a place on the page."""
    gaps = [*_gaps(report, options), *_left_out(report, options, without)]
    return element(
        "section",
        element(
            "div",
            element("h2", "What was read", id="account"),
            element("dl", *_numbers(report), class_="numbers"),
            _configured(report.configurations),
        ),
        element(
            "div",
            element("h2", "What was not"),
            *(gaps or [element("p", "Nothing was left out.", class_="facts")]),
        ),
        aria_labelledby="account",
        class_="account",
    )


def _numbers(report: Report) -> Iterator[Html]:
    for noun in ("file", "document", "pod", "container", "script"):
        number: int = getattr(report, f"{noun}s")
        yield element(
            "div", element("dt", noun if number == 1 else plural(noun)), element("dd", f"{number:,}")
        )


def _gaps(report: Report, options: RenderOptions) -> Iterator[Html]:
    """What nobody has asked to leave out."""
    if report.unread:
        yield _list(
            f"{len(report.unread):,} not read",
            ("where", "why"),
            ((one.path, one.reason) for one in report.unread),
            "bad",
        )
    kinds = Counter(one.kind for one in report.skipped)
    for kind, number in kinds.items():
        yield _list(
            f"{number:,} skipped: {kind if number == 1 else plural(kind)}",
            ("where", "why"),
            ((f"{one.path}:{one.line}", one.reason) for one in report.skipped if one.kind == kind),
            note=hint_about(kind, report),
        )
    containers = {(one.region.path, one.pod, one.container) for one in report.not_understood}
    if containers:
        yield _list(
            f"{count(len(containers), 'container')} not understood",
            ("where", "pod", "container", "why"),
            ((_place(one.region), one.pod, one.container, one.reason) for one in report.not_understood),
            note="What is not understood leads to no findings, and may hide some.",
        )
    omitted = shown_omitted(report, options.least)
    if omitted:
        yield _list(
            f"{count(sum(one.count for one in omitted), 'finding')} not listed",
            ("where", "rule", "severity", "how many more"),
            ((one.path, one.rule, one.severity.value, f"{one.count:,}") for one in omitted),
            "bad",
        )


def _left_out(report: Report, options: RenderOptions, without: int) -> Iterator[Html]:
    """What somebody wants to have left out, or cannot have here."""
    suppressed = shown_suppressed(report, options.least)
    for by, number in sorted(Counter(one.by for one in suppressed).items()):
        yield _list(
            f"{count(number, 'finding')} {_SUPPRESSED.get(by, 'ignored by ' + by)}",
            ("where", "rule", "what", "reason"),
            (
                (_place(one.finding.primary.region), one.finding.rule, one.finding.message, one.reason)
                for one in suppressed
                if one.by == by
            ),
        )
    hidden = report.counts().total() - report.counts(options.least).total()
    unchanged = sum(
        number for severity, number in report.unchanged.items() if severity.rank >= options.least.rank
    )
    facts = [
        (without, "finding", "not on this page, which has the most severe: --format json lists all"),
        (report.suppressed_unlisted, "finding", "ignored and not listed"),
        (hidden, "finding", f"below {options.least.value} not shown (--min-severity info)"),
        (unchanged, "finding", "on unchanged lines"),
        (report.stale, "entry", "of the baseline stale: podlint baseline --prune"),
        (report.ignored, "path", "left out by .gitignore"),
        (report.excluded, "path", "excluded"),
        (report.controlled, "object", "made by controllers, and told at their owners"),
        (report.charts, "chart", "not rendered (--render)"),
        (report.kustomizations, "kustomization", "not rendered (--render)"),
    ]
    told = [
        f"{number:,} {noun if number == 1 else plural(noun)} {words}"
        for number, noun, words in facts
        if number
    ]
    if told:
        yield element("ul", *(element("li", one) for one in told), class_="facts")


_SUPPRESSED = {
    "comment": "ignored by comments",
    "annotation": "ignored by annotations",
    "configuration": "ignored by the configuration",
    "baseline": "in the baseline",
}


def _configured(configurations: list[str]) -> Html | None:
    if not configurations:
        return None
    named = [join(", " if index else "", element("code", one)) for index, one in enumerate(configurations)]
    return element("p", "configured by ", *named, class_="facts")


def _list(
    title: str,
    columns: tuple[str, ...],
    rows: Iterable[tuple[str, ...]],
    kind: str = "",
    note: str = "",
) -> Html:
    """A table behind its title, each first cell of which is a place."""
    listed = list(rows)
    left = len(listed) - MOST
    return element(
        "details",
        element("summary", title),
        element("p", note) if note else None,
        element(
            "div",
            element(
                "table",
                element("thead", element("tr", *(element("th", one, scope="col") for one in columns))),
                element("tbody", *(_table_row(row) for row in listed[:MOST])),
            ),
            class_="table",
            tabindex=0,
        ),
        element("p", f"and {left:,} more") if left > 0 else None,
        class_=f"gap {kind}".strip(),
    )


def _table_row(row: tuple[str, ...]) -> Html:
    first, *rest = row
    return element("tr", element("td", element("code", path(first))), *(element("td", one) for one in rest))


def _place(region: Region) -> str:
    return f"{region.path}:{region.start.line}:{region.start.column}"
