"""The findings, those of a pod together: a line for each, and behind it what there is to know."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from msgspec import Struct

from podlint.findings import Finding
from podlint.report.account import severities
from podlint.report.html.facets import Facets
from podlint.report.html.frames import frame
from podlint.report.html.markup import LINE, Html, element, join, path, text
from podlint.report.sentences import capital

MANY = 12
"""More findings than so many are closed at first, so that all of them can be overlooked."""


class Group(Struct):
    """The findings of one pod, or of a file where they are about no pod."""

    path: str
    namespace: str
    pod: str
    findings: list[Finding]


def groups(findings: list[Finding]) -> list[Group]:
    """The findings by file and pod, in the order of the first of each."""
    found: dict[tuple[str, str, str], Group] = {}
    for one in findings:
        key = (one.primary.region.path, one.namespace, one.pod)
        found.setdefault(key, Group(*key, findings=[])).findings.append(one)
    return list(found.values())


def listing(findings: list[Finding], facets: Facets) -> Iterator[Html]:
    """A section for each group."""
    opened = len(findings) <= MANY
    for group in groups(findings):
        yield element(
            "section",
            _heading(group),
            LINE,
            *(join(_finding(one, facets, opened), LINE) for one in group.findings),
            class_="pod",
        )
        yield LINE


def _heading(group: Group) -> Html:
    namespace = f"namespace {group.namespace}" if group.namespace else None
    counts = Counter(one.severity for one in group.findings)
    where = [
        element("span", path(group.path)) if group.pod else None,
        element("span", namespace) if namespace else None,
        element("span", severities(counts), class_="count") if len(group.findings) > 1 else None,
    ]
    return element(
        "header",
        element("h3", group.pod or path(group.path)),
        element("p", *where, class_="about"),
    )


def _finding(one: Finding, facets: Facets, opened: bool) -> Html:
    start = one.primary.region.start
    about = [
        element("code", one.rule),
        element("span", f"container {one.container}") if one.container else None,
        element("span", f"line {start.line}:{start.column}"),
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
        element("div", *_body(one, name), class_="body"),
        class_=f"finding {one.severity.value}",
        id=name,
        open=opened,
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
        yield element("dd", text(capital(words)))
