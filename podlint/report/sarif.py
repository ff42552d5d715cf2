"""The report for code scanning: a SARIF 2.1.0 log, built from the object model of sarif_om."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import attr
import sarif_om as om

from podlint import __version__
from podlint.findings import IDENTITY, Finding, Label, Report, Severity
from podlint.pages import RulePage, heads
from podlint.report.escape import escape, replace_surrogates
from podlint.report.json_text import json_text
from podlint.report.options import RenderOptions, shown_findings, shown_omitted
from podlint.report.uris import BASE, directory_uri, relative_uri
from podlint.source.span import Region

SCHEMA_URI = "https://json.schemastore.org/sarif-2.1.0.json"

MAX_SNIPPET = 2000
"""Longer regions, in characters, come without their text."""

CONTEXT = 100
"""How much of a long line is shown on either side of a region, in characters."""

_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}
_PROBLEMS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "recommendation"}

_NOTIFICATIONS = {
    "results-omitted": (
        "note",
        "A file has more results of one rule than are listed.",
        "Correct some of those that are listed, and check again.",
    ),
    "file-not-read": (
        "error",
        "Something could not be read at all.",
        "Make it readable for the user that runs podlint, or leave it out of the paths that are checked.",
    ),
    "document-skipped": (
        "note",
        "Something was seen and deliberately not analysed.",
        "Render templates and check what comes out: podlint reads it from standard input, too.",
    ),
    "script-not-understood": (
        "note",
        "A script, or a part of it, could not be followed; it causes no result.",
        "`podlint facts` shows what was understood of the script.",
    ),
}
"""Kinds of notifications: their level, what they mean, what to do about them."""

_known: dict[type[Any], list[tuple[str, str, Any]]] = {}
"""The properties of the classes that were met so far; `_properties` fills it."""

_BRACKET = re.compile(r"[\\\[\]]")
"""What is escaped in the text of a link (SARIF 2.1.0 3.11.6)."""


def render(report: Report, options: RenderOptions) -> str:
    """The log as ASCII, indented by two spaces; the rules speak in the words of their pages.

    Raises `podlint.pages.BrokenPage`.
    """
    return render_with_pages(report, options, heads())


def render_with_pages(report: Report, options: RenderOptions, pages: Mapping[str, RulePage]) -> str:
    """The log with the words of these pages, by name of the rule."""
    run = _Writer(report, options, pages).run()
    log = _plain(om.SarifLog(version="2.1.0", schema_uri=SCHEMA_URI, runs=[run]))
    return json_text({key: log[key] for key in ("$schema", "version", "runs")})


class _Writer:
    """One run as SARIF; knows how its files and rules are called."""

    def __init__(self, report: Report, options: RenderOptions, pages: Mapping[str, RulePage]) -> None:
        self._report = report
        self._pages = pages
        self._root = options.root
        self._results = shown_findings(report, options.least)
        self._rules = sorted({finding.rule for finding in self._results})
        self._omitted = shown_omitted(report, options.least)
        gaps = {
            "results-omitted": self._omitted,
            "file-not-read": report.unread,
            "document-skipped": report.skipped,
            "script-not-understood": report.not_understood,
        }
        self._kinds = [kind for kind, found in gaps.items() if found]

    def run(self) -> om.Run:
        """The only run of the log."""
        base = om.ArtifactLocation(
            uri=directory_uri(self._root) if self._root else None,
            description=om.Message(text="The directory that podlint ran in."),
        )
        return om.Run(
            tool=om.Tool(driver=self._driver()),
            invocations=[self._invocation()],
            original_uri_base_ids={BASE: base},
            column_kind="unicodeCodePoints",
            newline_sequences=["\r\n", "\n", "\r"],
            results=[self._result(finding) for finding in self._results],
        )

    def _driver(self) -> om.ToolComponent:
        """podlint itself, with the rules that have results."""
        return om.ToolComponent(
            name="podlint",
            semantic_version=__version__,
            rules=[_rule(name, self._pages.get(name)) for name in self._rules],
            notifications=[_notification_kind(kind) for kind in self._kinds] or None,
        )

    def _result(self, finding: Finding) -> om.Result:
        """One finding."""
        location = self._location(finding.primary)
        location.physical_location.context_region = _context(finding.primary.region)
        if finding.pod:
            location.logical_locations = [_logical_location(finding.pod, finding.container)]
        related = [self._location(label, number) for number, label in enumerate(finding.related, 1)]
        steps = [om.ThreadFlowLocation(location=self._location(label)) for label in finding.route]
        return om.Result(
            rule_id=replace_surrogates(finding.rule),
            rule_index=self._rules.index(finding.rule),
            level=_LEVELS[finding.severity],
            message=_message_of(finding),
            locations=[location],
            related_locations=related or None,
            code_flows=[om.CodeFlow(thread_flows=[om.ThreadFlow(locations=steps)])] if steps else None,
            partial_fingerprints={IDENTITY: finding.identity},
        )

    def _location(self, label: Label, number: int = -1) -> om.Location:
        """A label; `number` is its id among the related locations of a result."""
        place = om.PhysicalLocation(
            artifact_location=self._artifact(label.region.path), region=_region(label.region)
        )
        return om.Location(
            id=number, physical_location=place, message=_message(label.text) if label.text.strip() else None
        )

    def _artifact(self, path: str) -> om.ArtifactLocation:
        """A file."""
        uri, based = relative_uri(path, self._root)
        return om.ArtifactLocation(uri=uri, uri_base_id=BASE if based else None)

    def _invocation(self) -> om.Invocation:
        """What podlint has to say about the run itself: everything that it did not analyse."""
        notifications = [
            self._notification("results-omitted", f"{more.count} more of {more.rule}", more.path, None)
            for more in self._omitted
        ]
        notifications += [
            self._notification("file-not-read", one.reason, one.path, None) for one in self._report.unread
        ]
        for skipped in self._report.skipped:
            place = om.Region(start_line=skipped.line)
            notifications.append(
                self._notification(
                    "document-skipped", f"{skipped.kind}: {skipped.reason}", skipped.path, place
                )
            )
        for one in self._report.not_understood:
            place = _region(one.region)
            words = f"container '{one.container}' of {one.pod}: {one.reason}"
            notifications.append(self._notification("script-not-understood", words, one.region.path, place))
        return om.Invocation(
            execution_successful=not self._report.unread, tool_execution_notifications=notifications or None
        )

    def _notification(self, kind: str, words: str, path: str, region: om.Region | None) -> om.Notification:
        """One thing that was not analysed; `kind` is a key of `_NOTIFICATIONS`."""
        place = om.PhysicalLocation(artifact_location=self._artifact(path), region=region)
        return om.Notification(
            descriptor=om.ReportingDescriptorReference(id=kind, index=self._kinds.index(kind)),
            level=_NOTIFICATIONS[kind][0],
            message=_message(f"{path}: {words}"),
            locations=[om.Location(physical_location=place)],
        )


def _rule(name: str, page: RulePage | None) -> om.ReportingDescriptor:
    """A rule with the words of its page; without a page (findings of somebody else's rule) just its name."""
    rule = om.ReportingDescriptor(id=replace_surrogates(name), name=_pascal(name))
    if page is None:
        return rule
    rule.short_description = _words(_sentence(page.title))
    rule.full_description = _words(_sentence(page.summary))
    rule.help = om.MultiformatMessageString(text=page.body, markdown=page.body)
    rule.default_configuration = om.ReportingConfiguration(level=_LEVELS[page.severity])
    rule.properties = {"tags": [page.group], "problem.severity": _PROBLEMS[page.severity]}
    return rule


def _logical_location(pod: str, container: str) -> om.LogicalLocation:
    """The container, or the pod where no single container is meant."""
    whole = f"{pod}/{container}" if container else pod
    return om.LogicalLocation(
        name=replace_surrogates(container or pod),
        fully_qualified_name=replace_surrogates(whole),
        kind="object",
    )


def _region(region: Region) -> om.Region:
    """Columns of podlint and SARIF mean the same: 1-based code points, the end exclusive."""
    text = region.covered()
    shown = text is not None and 0 < len(text) <= MAX_SNIPPET
    return om.Region(
        start_line=region.start.line,
        start_column=region.start.column,
        end_line=region.end.line,
        end_column=region.end.column,
        snippet=om.ArtifactContent(text=replace_surrogates(text or "")) if shown else None,
    )


def _notification_kind(kind: str) -> om.ReportingDescriptor:
    """What a kind of notification means."""
    level, meaning, advice = _NOTIFICATIONS[kind]
    return om.ReportingDescriptor(
        id=kind,
        name=_pascal(kind),
        short_description=_words(meaning),
        full_description=_words(meaning),
        help=om.MultiformatMessageString(text=advice, markdown=advice),
        default_configuration=om.ReportingConfiguration(level=level),
    )


def _context(region: Region) -> om.Region | None:
    """The lines around a region, where they hold more than the region itself and not too much; of a long line
    a window."""
    text, covered = "\n".join(region.lines), region.covered()
    if covered is None or covered == text:
        return None
    if not region.cut and len(text) <= MAX_SNIPPET:
        start, end, first, last = 0, len(text), None, None
    elif len(region.lines) == 1 and len(covered) <= MAX_SNIPPET:
        at = region.start.column - 1 - region.left
        start, end = max(at - CONTEXT, 0), min(at + len(covered) + CONTEXT, len(text))
        first, last = region.left + start + 1, region.left + end + 1
    else:
        return None
    return om.Region(
        start_line=region.start.line,
        start_column=first,
        end_line=region.end.line,
        end_column=last,
        snippet=om.ArtifactContent(text=replace_surrogates(text[start:end])),
    )


def _words(text: str) -> om.MultiformatMessageString:
    """Text of our own as SARIF wants it in descriptors."""
    return om.MultiformatMessageString(text=text)


def _message_of(finding: Finding) -> om.Message:
    """What is wrong, what will happen, what to do, and links to the related locations: code scanning shows
    this text and nothing else of the result."""
    sentences = [finding.message, _capital(finding.outcome), _capital(finding.help)]
    text = _message(*sentences).text
    links = [
        f"[{_literal(escape(label.text.strip()))}]({number})"
        for number, label in enumerate(finding.related, 1)
        if label.text.strip()
    ]
    return om.Message(text=f"{text} See: {', '.join(links)}." if links else text)


def _capital(text: str) -> str:
    """With a capital letter, unless it begins with a quoted name or a command."""
    return text[:1].upper() + text[1:]


def _message(*sentences: str) -> om.Message:
    """Text that may quote a manifest: visible, and none of it a link (SARIF 2.1.0 3.11.6)."""
    text = " ".join(_sentence(escape(part)) for part in sentences if part)
    # Where no bracket can close the text of a link, brackets may stand as they are.
    return om.Message(text=_literal(text) if "](" in text else text)


def _literal(text: str) -> str:
    """Text in which no character is part of a link (SARIF 2.1.0 3.11.6)."""
    return _BRACKET.sub(r"\\\g<0>", text)


def _sentence(text: str) -> str:
    """Ours end without a full stop, SARIF's end with one (3.11.2)."""
    return text if text.endswith((".", "!", "?")) else f"{text}."


def _pascal(name: str) -> str | None:
    """`quoted-substitution` as `QuotedSubstitution`, the form that SARIF tools expect of a name.

    None for a single word, whose name would say no more than its id.
    """
    words = name.split("-")
    return replace_surrogates("".join(word.capitalize() for word in words)) if len(words) > 1 else None


def _plain(value: Any) -> Any:
    """The object model as JSON has it: properties by their names in SARIF, those at their default left out.

    A level is always written: what its absence means depends on the rule (SARIF 2.1.0 3.27.10).
    """
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if isinstance(value, str | int):
        return value
    return {
        sarif_name: _plain(found)
        for name, sarif_name, default in _properties(type(value))
        if (found := getattr(value, name)) is not None and (name == "level" or found != default)
    }


def _properties(kind: type[Any]) -> list[tuple[str, str, Any]]:
    """The properties of a class of the object model: name in Python, name in SARIF, default value."""
    if kind not in _known:
        _known[kind] = [
            (
                field.name,
                field.metadata["schema_property_name"],
                default.factory() if hasattr(default := field.default, "factory") else default,
            )
            for field in attr.fields(kind)
        ]
    return _known[kind]
