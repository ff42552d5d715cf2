"""The closing words of a run: what was seen, what was not, and how much of it is a mistake."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from podlint.display.escape import escape
from podlint.findings import MAX_LISTED, NotUnderstood, Report, Severity, Skipped
from podlint.report.options import RenderOptions, shown_findings, shown_omitted, shown_suppressed
from podlint.report.terminal import PLAIN, STRONG, Run, severity_style

NAMED = 3
"""How many of the skipped are named before the rest is only counted."""


def count(number: int, noun: str) -> str:
    """`1 file`, `2 files`, `2 policies`."""
    return f"{number} {noun if number == 1 else plural(noun)}"


def plural(noun: str) -> str:
    """The plural of a regular English noun."""
    if noun.endswith("y") and noun[-2:-1] not in "aeiou":
        return f"{noun[:-1]}ies"
    return f"{noun}es" if noun.endswith(("s", "x", "ch", "sh")) else f"{noun}s"


def draw_account(report: Report, options: RenderOptions) -> Iterator[list[Run]]:
    """What is not listed, what was not read, what was skipped, and the closing line."""
    yield from draw_omitted(report, options.least)
    yield from draw_gaps(report, options)
    yield [(closing_line(report, options.least), STRONG)]


def hint_about(kind: str, report: Report) -> str:
    """What can be done about what was skipped, by its kind; "" where nothing can."""
    if kind != "template":
        return ""
    if report.charts:
        return "podlint check --render has helm render them"
    return "render them and pipe the result in: helm template … | podlint check -"


def draw_gaps(report: Report, options: RenderOptions) -> Iterator[list[Run]]:
    """One row for each thing that could not be read, and one or two for each kind of what was skipped; where
    that is asked for, one for each that was not understood."""
    for unread in report.unread:
        yield [
            ("not read", severity_style(Severity.ERROR)),
            (f": {escape(unread.path)}: {escape(unread.reason)}", PLAIN),
        ]
    kinds: dict[str, list[Skipped]] = {}
    for skipped in report.skipped:
        kinds.setdefault(skipped.kind, []).append(skipped)
    for kind, members in kinds.items():
        shown = members[: MAX_LISTED if options.strict else NAMED]
        named = ", ".join(f"{escape(one.path)}:{one.line}" for one in shown)
        rest = f" and {len(members) - len(shown)} more" if len(members) > len(shown) else ""
        yield [("skipped", STRONG), (f": {count(len(members), escape(kind))}: {named}{rest}", PLAIN)]
        if hint := hint_about(kind, report):
            yield [(f"         {hint}", PLAIN)]
    for one in report.not_understood[:MAX_LISTED] if options.strict else ():
        yield [("not understood", STRONG), (f": {_where(one)}: {escape(one.reason)}", PLAIN)]
    more = len(report.not_understood) - MAX_LISTED
    if options.strict and more > 0:
        yield [("not understood", STRONG), (f": {more} more", PLAIN)]


def _where(one: NotUnderstood) -> str:
    place = f"{escape(one.region.path)}:{one.region.start.line}:{one.region.start.column}"
    return f"{place}: {escape(one.pod)}, container {escape(one.container)}"


def draw_omitted(report: Report, least: Severity) -> Iterator[list[Run]]:
    """One row for each rule, severity and file with more findings than are listed."""
    for more in shown_omitted(report, least):
        words = f": {count(more.count, 'more finding')} of {escape(more.rule)} in {escape(more.path)}"
        yield [("not listed", severity_style(more.severity)), (words, PLAIN)]


def closing_line(report: Report, least: Severity) -> str:
    """The account of a run on one line, parts that are none left out."""
    counts = report.counts(least)
    shown, omitted = shown_findings(report, least), shown_omitted(report, least)
    files = count(report.files, "file")
    hit = {finding.primary.region.path for finding in shown} | {more.path for more in omitted}
    found = f"{_findings(counts)} in {len(hit)} of {files}" if counts else f"no findings in {files}"
    parts = [found, count(report.pods, "pod")]
    if report.controlled:
        parts.append(f"{report.controlled} more told at their owners")
    if omitted:
        parts.append(f"{len(shown)} of them listed")
    hidden = report.counts().total() - counts.total()
    if hidden:
        parts.append(f"{hidden} below {least.value} not shown (--min-severity info)")
    ignored = Counter(one.by for one in shown_suppressed(report, least))
    parts += _old(report, least, ignored.pop("baseline", 0))
    if ignored:
        each = [f"{number} by {escape(by)}" for by, number in sorted(ignored.items())]
        if report.suppressed_unlisted:
            each.append(f"{report.suppressed_unlisted} not listed")
        parts.append(f"{ignored.total() + report.suppressed_unlisted} ignored: {', '.join(each)}")
    if report.unread:
        parts.append(f"{len(report.unread)} not read")
    if report.skipped:
        parts.append(_skipped(report.skipped))
    containers = {(one.region.path, one.pod, one.container) for one in report.not_understood}
    if containers:
        parts.append(f"{count(len(containers), 'container')} not understood")
    if report.ignored:
        parts.append(f"{report.ignored} left out by .gitignore")
    if report.excluded:
        parts.append(f"{report.excluded} excluded")
    unrendered = ((report.charts, "chart"), (report.kustomizations, "kustomization"))
    if any(number for number, _ in unrendered):
        seen = " and ".join(count(number, noun) for number, noun in unrendered if number)
        parts.append(f"{seen} not rendered (--render)" if report.charts else f"{seen} not rendered")
    if report.configurations:
        first, *others = report.configurations
        also = f" and {len(others)} more" if others else ""
        parts.append(f"configured by {escape(first)}{also}")
    return " · ".join(parts)


def _old(report: Report, least: Severity, known: int) -> Iterator[str]:
    """What is not reported because it is not new; so many findings are `known` to the baseline."""
    stale = ""
    if report.stale:
        which = "its entries" if known else "the entries of the baseline"
        verb = "is" if report.stale == 1 else "are"
        stale = f"{report.stale} of {which} {verb} stale: podlint baseline --prune"
    if known or stale:
        yield ", ".join(filter(None, [f"{known} in the baseline" if known else "", stale]))
    unchanged = sum(number for severity, number in report.unchanged.items() if severity.rank >= least.rank)
    if unchanged:
        yield f"{unchanged} on unchanged lines"


def _findings(counts: Counter[Severity]) -> str:
    """`3 findings (1 error, 2 warnings)`."""
    return f"{count(counts.total(), 'finding')} ({severities(counts)})"


def severities(counts: Counter[Severity]) -> str:
    """`1 error, 2 warnings`."""
    return ", ".join(
        f"{counts[severity]} info" if severity is Severity.INFO else count(counts[severity], severity.value)
        for severity in (Severity.ERROR, Severity.WARNING, Severity.INFO)
        if counts[severity]
    )


def _skipped(skipped: list[Skipped]) -> str:
    """`5 skipped: templates`, or the number of each kind when there are several."""
    kinds = Counter(one.kind for one in skipped)
    if len(kinds) == 1:
        kind = escape(skipped[0].kind)
        return f"{len(skipped)} skipped: {kind if len(skipped) == 1 else plural(kind)}"
    each = ", ".join(count(number, escape(kind)) for kind, number in kinds.items())
    return f"{len(skipped)} skipped: {each}"
