"""What findings can be counted and chosen by: severity, rule, directory, workload."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from itertools import takewhile

from podlint.findings import Finding, Severity
from podlint.report.html.markup import Html, element, path, text

FIRST = 10
"""So many values of a facet are in sight, the others behind one click …"""
MOST = 500
"""… and so many are listed at all."""

_SEVERITIES = tuple(reversed(Severity))


class Facet:
    """One way to sort findings: how often each value comes up, and a short name for each."""

    def __init__(
        self,
        title: str,
        letter: str,
        findings: Sequence[Finding],
        value_of: Callable[[Finding], str],
        shown: Callable[[str], Html] = text,
        ordered: Sequence[str] = (),
    ) -> None:
        self.title = title
        self._value_of = value_of
        self._shown = shown
        counted = Counter(map(value_of, findings))
        values = [value for value in ordered if value in counted] or sorted(
            counted, key=lambda value: (-counted[value], value)
        )
        self.counts = [(value, counted[value]) for value in values]
        self._tags = {value: f"{letter}{number}" for number, value in enumerate(values)}

    def tag(self, finding: Finding) -> str:
        """What stands for the value that a finding has."""
        return self._tags[self._value_of(finding)]

    def draw(self) -> Html:
        """The values with their numbers, the most frequent first; a script makes a choice of the list."""
        rows = [self._row(value, number) for value, number in self.counts[:MOST]]
        more = len(self.counts) - FIRST
        left = len(self.counts) - MOST
        return element(
            "fieldset",
            element("legend", self.title),
            element("ul", *rows[:FIRST]),
            element(
                "details",
                element("summary", f"{more} more"),
                element("ul", *rows[FIRST:]),
                element("p", f"and {left} more, which the search finds") if left > 0 else None,
            )
            if more > 0
            else None,
            class_="facet",
        )

    def _row(self, value: str, number: int) -> Html:
        chosen = element(
            "label",
            Html(f'<input type="checkbox" value="{self._tags[value]}" hidden autocomplete="off">'),
            element("span", self._shown(value), class_="value"),
            element("span", f"{number:,}", class_="count"),
        )
        return element("li", chosen)


class Facets:
    """All facets of some findings."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        self._all = (
            Facet(
                "Severity",
                "s",
                findings,
                lambda one: one.severity.value,
                ordered=[severity.value for severity in _SEVERITIES],
            ),
            Facet("Rule", "r", findings, lambda one: one.rule),
            _directories(findings),
            Facet("Workload", "w", findings, _workload),
        )

    def tags(self, finding: Finding) -> str:
        """What stands for the values of a finding, one of each facet."""
        return " ".join(facet.tag(finding) for facet in self._all)

    def draw(self) -> Iterator[Html]:
        """Each facet."""
        return (facet.draw() for facet in self._all)


def subject(finding: Finding) -> str:
    """What a finding is about: a workload, else an object that is none, else a file."""
    return finding.pod or finding.object or finding.primary.region.path


def _workload(finding: Finding) -> str:
    return " · ".join(filter(None, (finding.namespace, subject(finding))))


def _directory(finding: Finding) -> str:
    return os.path.dirname(finding.primary.region.path).replace(os.sep, "/")


def _directories(findings: Sequence[Finding]) -> Facet:
    """The directories, by their names below the one that holds all of them."""
    names = {_directory(one) for one in findings}
    steps = zip(*(name.split("/") for name in names), strict=False) if len(names) > 1 else ()
    shared = [first for first, *_ in takewhile(lambda step: len(set(step)) == 1, steps)]
    title = f"Directory below {'/'.join(shared)}" if any(shared) else "Directory"

    def below(name: str) -> Html:
        return path("/".join(name.split("/")[len(shared) :]) or ".")

    return Facet(title, "d", findings, _directory, below)
