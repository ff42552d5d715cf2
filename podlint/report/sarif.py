"""The report for code scanning: a SARIF 2.1.0 log, built from the object model of sarif_om."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

import sarif_om as om

from podlint import __version__
from podlint.display.escape import escape, replace_surrogates
from podlint.findings import IDENTITY, Finding, Omitted, Report, Severity, Suppressed
from podlint.pages import RulePage, heads
from podlint.report.json_text import json_text
from podlint.report.options import RenderOptions, shown_findings, shown_omitted, shown_suppressed
from podlint.report.paths import BASE
from podlint.report.sarif_gaps import notification_kinds, notifications
from podlint.report.sarif_json import plain
from podlint.report.sarif_places import context_of, location
from podlint.report.sarif_text import literal, message, pascal, words
from podlint.report.sentences import sentence, sentences

SCHEMA_URI = "https://json.schemastore.org/sarif-2.1.0.json"

MAX_RESULTS = 5000
"""Results of a run that code scanning shows; the rest is counted, the least severe first. It takes 25,000."""
MAX_LOCATIONS = 100
"""Locations of a result that code scanning shows; it takes 1000."""

_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}
_PROBLEMS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "recommendation"}
_PRECISIONS = {Severity.ERROR: "very-high", Severity.WARNING: "high", Severity.INFO: "medium"}
"""An error has a proof, a warning is likely."""
_SUPPRESSIONS = {"comment": "inSource", "annotation": "inSource", "configuration": "external"}
"""The kind of a suppression, by what says so. What a baseline holds is not suppressed but old."""


def render(report: Report, options: RenderOptions) -> str:
    """The log as ASCII, indented by two spaces; the rules speak in the words of their pages.

    Raises `podlint.pages.BrokenPage`.
    """
    return render_with_pages(report, options, heads())


def render_with_pages(report: Report, options: RenderOptions, pages: Mapping[str, RulePage]) -> str:
    """The log with the words of these pages, by name of the rule."""
    run = _Writer(report, options, pages).run()
    log = plain(om.SarifLog(version="2.1.0", schema_uri=SCHEMA_URI, runs=[run]))
    return json_text({key: log[key] for key in ("$schema", "version", "runs")})


class _Writer:
    """One run as SARIF; knows how its rules are called, and which results are new."""

    def __init__(self, report: Report, options: RenderOptions, pages: Mapping[str, RulePage]) -> None:
        self._report = report
        self._options = options
        self._pages = pages
        self._has_baseline = any(one.by == "baseline" for one in report.suppressed)
        told = [
            *((finding, None) for finding in shown_findings(report, options.least)),
            *((one.finding, one) for one in shown_suppressed(report, options.least)),
        ]
        worst = sorted(range(len(told)), key=lambda index: -told[index][0].severity.rank)
        self._results = [told[index] for index in sorted(worst[:MAX_RESULTS])]
        self._rules = sorted({finding.rule for finding, _ in self._results})
        left_out = Counter(_kind(told[index][0]) for index in sorted(worst[MAX_RESULTS:]))
        self._omitted = [
            *shown_omitted(report, options.least),
            *(Omitted(*kind, number) for kind, number in left_out.items()),
        ]

    def run(self) -> om.Run:
        """The only run of the log.

        Where the files lie on this machine is nobody's business: whoever reads the log has them elsewhere. It
        has no `automationDetails`, as code scanning would take their id for the category of an upload and
        pass over the one that the upload was given.
        """
        base = om.ArtifactLocation(
            description=om.Message(text="The top of the repository, or the directory that podlint ran in.")
        )
        noted = notifications(self._report, self._omitted, self._options)
        return om.Run(
            tool=om.Tool(driver=self._driver()),
            invocations=[
                om.Invocation(
                    execution_successful=not self._report.unread, tool_execution_notifications=noted or None
                )
            ],
            original_uri_base_ids={BASE: base},
            column_kind="unicodeCodePoints",
            newline_sequences=["\r\n", "\n", "\r"],
            results=[self._result(finding, suppressed) for finding, suppressed in self._results],
        )

    def _driver(self) -> om.ToolComponent:
        """podlint itself, with the rules that have results."""
        return om.ToolComponent(
            name="podlint",
            semantic_version=__version__,
            rules=[_rule(name, self._pages.get(name)) for name in self._rules],
            notifications=notification_kinds(self._report, self._omitted) or None,
        )

    def _result(self, finding: Finding, suppressed: Suppressed | None) -> om.Result:
        """One finding."""
        primary = location(finding.primary, self._options)
        primary.physical_location.context_region = context_of(finding.primary.region)
        if finding.pod:
            primary.logical_locations = [_logical_location(finding)]
        related = [
            location(label, self._options, number)
            for number, label in enumerate(finding.related[:MAX_LOCATIONS], 1)
        ]
        steps = [
            om.ThreadFlowLocation(location=location(label, self._options))
            for label in finding.route[:MAX_LOCATIONS]
        ]
        return om.Result(
            rule_id=replace_surrogates(finding.rule),
            rule_index=self._rules.index(finding.rule),
            level=_LEVELS[finding.severity],
            message=_message_of(finding),
            locations=[primary],
            related_locations=related or None,
            code_flows=[om.CodeFlow(thread_flows=[om.ThreadFlow(locations=steps)])] if steps else None,
            partial_fingerprints={IDENTITY: finding.identity},
            suppressions=_suppressions(suppressed),
            baseline_state=self._baseline_state(suppressed),
        )

    def _baseline_state(self, suppressed: Suppressed | None) -> str | None:
        """Whether a result is in the baseline; None where none was used (SARIF 2.1.0 3.27.24)."""
        if not self._has_baseline:
            return None
        return "unchanged" if suppressed is not None and suppressed.by == "baseline" else "new"


def _kind(finding: Finding) -> tuple[str, str, Severity]:
    """What findings that are not listed are counted by."""
    return (finding.primary.region.path, finding.rule, finding.severity)


def _suppressions(suppressed: Suppressed | None) -> list[om.Suppression] | None:
    if suppressed is None or suppressed.by not in _SUPPRESSIONS:
        return None
    reason = escape(suppressed.reason) or None
    return [om.Suppression(kind=_SUPPRESSIONS[suppressed.by], justification=reason)]


def _rule(name: str, page: RulePage | None) -> om.ReportingDescriptor:
    """A rule with the words of its page; without a page (findings of somebody else's rule) just its name."""
    rule = om.ReportingDescriptor(id=replace_surrogates(name), name=pascal(name))
    if page is None:
        return rule
    rule.short_description = words(sentence(page.title))
    rule.full_description = words(sentence(page.summary))
    rule.help = om.MultiformatMessageString(text=page.body, markdown=page.body)
    rule.default_configuration = om.ReportingConfiguration(level=_LEVELS[page.severity])
    rule.properties = {
        "tags": [page.group],
        "precision": _PRECISIONS[page.severity],
        "problem.severity": _PROBLEMS[page.severity],
    }
    return rule


def _logical_location(finding: Finding) -> om.LogicalLocation:
    """The container, or the pod where no single container is meant."""
    whole = [part for part in (finding.namespace, finding.pod, finding.container) if part]
    return om.LogicalLocation(
        name=replace_surrogates(finding.container or finding.pod),
        fully_qualified_name=replace_surrogates("/".join(whole)),
        kind="object",
    )


def _message_of(finding: Finding) -> om.Message:
    """What is wrong, what will happen, what to do, and links to the related locations: code scanning shows
    this text and nothing else of the result."""
    text = message(*sentences(finding)).text
    links = [
        f"[{literal(escape(label.text.strip()))}]({number})"
        for number, label in enumerate(finding.related[:MAX_LOCATIONS], 1)
        if label.text.strip()
    ]
    return om.Message(text=f"{text} See: {', '.join(links)}." if links else text)
