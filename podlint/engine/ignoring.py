"""What an input is not to be told: who says so, whether it is needed, and what is wrong with it."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, TypeAlias

from podlint.engine.identity import Places
from podlint.engine.options import Options
from podlint.engine.registry import EXPIRED_IGNORE, INVALID_IGNORE, UNKNOWN_RULE_IN_IGNORE, UNUSED_IGNORE
from podlint.engine.settle import Claimed, Suppression, labels_of, settle
from podlint.findings import MAX_LISTED, Finding, IgnoreUse, Omitted, Report, Suppressed
from podlint.manifest.objects import ConfigMap
from podlint.pages import GROUPS, head_of, heads
from podlint.problem import Note, Problem
from podlint.source.nodes import YamlNode
from podlint.source.span import Span
from podlint.suppress.configured import ConfiguredIgnore
from podlint.suppress.directive import (
    ANNOTATION,
    ANNOTATION_FORM,
    COMMENT,
    CONFIGURATION,
    FORM,
    Directive,
    Name,
)
from podlint.suppress.index import ignores_of

if TYPE_CHECKING:
    from podlint.storage.view import PodView

_Place: TypeAlias = tuple[str, int]
"""The path of a file, and an offset in it."""
_Group: TypeAlias = tuple[str | int, ...]
"""What is looked at as a whole: a document, or the texts of a ConfigMap."""

_MENTION = "podlint:"


class Ignoring:
    """What is ignored in one input, by its path.

    It is asked about each problem, is shown each pod, and tells in the end what is to be said of the comments
    and annotations that it has met.
    """

    def __init__(self, options: Options, path: str) -> None:
        self._options = options
        self._terms = options.terms
        self._entries = _entries_for(path, options)
        self._needed: set[_Place] = set()
        self._met: dict[_Group, tuple[Directive, ...]] = {}
        self._roots: dict[_Group, list[YamlNode]] = {}
        """What of each group could be read, in order: of a List, the objects with pods."""
        self._doubted: set[_Group] = set()
        self._told: Counter[str] = Counter()
        self._run: dict[str, bool] = {}

    def suppression(self, one: Claimed, pod: PodView | None = None) -> Suppression | None:
        """Why a problem of a document, or of a pod in it, is not to be reported; None where it is."""
        problem = one.problem
        spans = [note.at.span for note in (problem.at, *problem.notes, *problem.route)]
        if pod is not None:
            spans.append(pod.span)
        if any(ignores_of(span.source) for one in spans for span in _with_values(one)):
            directive = self._directive(one, pod)
            if directive is not None:
                return Suppression(directive.by, directive.reason)
        return _configured(one, self._entries, pod)

    def _directive(self, one: Claimed, pod: PodView | None) -> Directive | None:
        container = one.problem.container
        names = [one.rule, head_of(one.rule).group]
        labels = [note.at.span for note in labels_of(one.problem)]
        places = [span for label in labels for span in _with_values(label)]
        found = self._find(COMMENT, names, places)
        if found is not None:
            return found
        if pod is not None:
            places.append(pod.span)
        if container is not None:
            places.append(container.span)
            names += [f"{name}.{container.name}" for name in names]
        return self._find(ANNOTATION, names, places)

    def _find(self, by: str, names: Iterable[str], places: Iterable[Span]) -> Directive | None:
        for span in places:
            ignores = ignores_of(span.source)
            found = ignores.find(by, names, span.start, self._terms) if ignores is not None else None
            if found is not None:
                directive, name = found
                self._needed.add(_place(name.span))
                return directive
        return None

    def meet(self, pod: PodView, unsure: bool) -> None:
        """Note what says something about the findings of a pod: in its document, and in the texts of the
        ConfigMaps that were looked into. Where it is `unsure` what the pod does, or one of these is not in
        the run, nobody knows what is needed there."""
        group, root = self._document_of(pod.span), pod.spec.document
        roots = self._roots.setdefault(group, [])
        if self._met[group] and root is not None and root not in roots[-1:]:
            roots.append(root)
        config_maps = {id(one): one for one in pod.files.config_maps() if not one.secret}.values()
        groups = [group, *map(self._texts_of, config_maps)]
        if unsure or pod.files.lacks_config_map():
            self._doubted.update(groups)

    def doubt(self, span: Span) -> None:
        """Note that nobody knows what is needed in the document of a pod."""
        self._doubted.add(self._document_of(span))

    def _document_of(self, span: Span) -> _Group:
        ignores = ignores_of(span.source)
        start, directives = ignores.of_document(span.start) if ignores is not None else (0, ())
        self._met.setdefault((span.source.path, start), directives)
        return (span.source.path, start)

    def _texts_of(self, config_map: ConfigMap) -> _Group:
        group = (config_map.path, config_map.namespace, config_map.name)
        if group not in self._met:
            spans = [text.span() for text in config_map.data.values() if _MENTION in text.value]
            self._met[group] = tuple(one for span in spans for one in _within(span))
            self._roots[group] = [config_map.node] if config_map.node is not None else []
        return group

    def uses(self) -> Iterator[IgnoreUse]:
        """What is to be said of all that was met, and what is needed."""
        doubtful = [one for group in self._doubted for one in self._met[group]]
        needed = self._needed | {_place(name.span) for one in doubtful for name in one.names}
        yield from (IgnoreUse(*place) for place in sorted(needed))
        seen: set[_Place] = set()
        for group, directives in self._met.items():
            roots = self._roots.get(group, [])
            for directive in directives:
                place = _place(directive.span)
                if place not in seen:
                    seen.add(place)
                    before = bisect_right(roots, directive.span.start, key=lambda root: root.start)
                    places = Places(roots[max(before - 1, 0)] if roots else None)
                    yield from self._said_of(directive, places, needed)

    def _said_of(self, directive: Directive, places: Places, needed: set[_Place]) -> Iterator[IgnoreUse]:
        for rule, span, problem in self._faults(directive):
            yield IgnoreUse(*_place(span), self._finding(Claimed(rule, problem), span, places), sure=True)
        for name in directive.names if directive.counts(self._terms) else ():
            if _place(name.span) not in needed and self._was_run(name.rule):
                one = Claimed(UNUSED_IGNORE, _unused(name))
                yield IgnoreUse(*_place(name.span), self._finding(one, name.span, places))

    def _faults(self, directive: Directive) -> Iterator[tuple[str, Span, Problem]]:
        """What is wrong with a directive by itself."""
        if directive.fault:
            yield INVALID_IGNORE, directive.span, _invalid(directive, directive.fault)
            return
        for name in directive.names:
            if name.rule not in GROUPS and name.rule not in heads():
                yield UNKNOWN_RULE_IN_IGNORE, name.span, _unknown(name)
        if self._terms.require_reason and not directive.reason:
            yield INVALID_IGNORE, directive.span, _invalid(directive, "it gives no reason")
        elif self._terms.is_over(directive.until):
            yield EXPIRED_IGNORE, directive.span, _expired(directive)

    def _was_run(self, name: str) -> bool:
        """Whether the rule, or one of the group, was asked for: else nobody knows what it would say."""
        if name not in self._run:
            rules = [rule for rule, page in heads().items() if name in (rule, page.group)]
            self._run[name] = any(map(self._options.wants, rules))
        return self._run[name]

    def _finding(self, one: Claimed, span: Span, places: Places) -> Finding | Suppressed | Omitted | None:
        """A finding about an ignore; those that are beyond what is listed are only counted."""
        path = span.source.path
        entries = _entries_for(path, self._options)
        if self._told[one.rule] >= MAX_LISTED and not entries and self._options.wants(one.rule):
            return Omitted(path, one.rule, self._options.severity_of(one.rule), 1)
        report = settle([one], self._options, places, suppresses=lambda one: _configured(one, entries))
        self._told[one.rule] += len(report.findings)
        for finding in report.findings:
            return finding
        return report.suppressed[0] if report.suppressed else None


def _entries_for(path: str, options: Options) -> tuple[ConfiguredIgnore, ...]:
    """What the configuration says about an input."""
    return tuple(one for one in options.ignores if one.counts(options.terms) and one.reaches(path))


def _configured(
    one: Claimed, entries: Iterable[ConfiguredIgnore], pod: PodView | None = None
) -> Suppression | None:
    workload, container = pod.title if pod is not None else "", one.problem.container
    for entry in entries:
        if entry.fits(one.rule, head_of(one.rule).group, workload, container.name if container else ""):
            return Suppression(CONFIGURATION, entry.reason)
    return None


def settled(report: Report, listed: int = MAX_LISTED) -> Report:
    """The report of a run with what is to be told of its ignores, now that all inputs were looked at."""
    needed = {(use.path, use.offset) for use in report.ignores if use.told is None}
    seen: set[tuple[str, int, str]] = set()
    told = Report()
    for use in report.ignores:
        if use.told is None or (not use.sure and (use.path, use.offset) in needed):
            continue
        rule = use.told.finding.rule if isinstance(use.told, Suppressed) else use.told.rule
        key = (use.path, use.offset, rule)
        if key in seen:
            continue
        seen.add(key)
        if isinstance(use.told, Finding):
            told.findings.append(use.told)
        elif isinstance(use.told, Suppressed):
            told.suppressed.append(use.told)
        else:
            told.omitted.append(use.told)
    report.ignores = []
    return Report.merged([report, told], listed)


def _place(span: Span) -> _Place:
    return span.source.place(span.start)


def _with_values(span: Span) -> Iterator[Span]:
    """A span, the key in values.yaml that it was rendered from, and what that was itself built from."""
    at: Span | None = span
    while at is not None:
        yield at
        at = at.source.origin.second(at.start) if at.source.origin is not None else None


def _within(span: Span) -> Iterator[Directive]:
    ignores = ignores_of(span.source)
    return ignores.within(span) if ignores is not None else iter(())


def _unused(name: Name) -> Problem:
    return Problem(
        f'"{name.text}" is ignored here, but there is nothing to ignore',
        Note(name.span, "reports nothing here"),
        outcome="the next finding here would be ignored, and nobody would have seen it",
        help="remove it",
    )


def _unknown(name: Name) -> Problem:
    from difflib import get_close_matches

    close = get_close_matches(name.rule, [*heads(), *GROUPS], n=1, cutoff=0.5)
    return Problem(
        f'no rule or group is called "{name.rule}"',
        Note(name.span, f'did you mean "{close[0]}"?' if close else "not known"),
        outcome="nothing is ignored by this name",
        help=f'write "{close[0]}"' if close else "'podlint rules' lists the rules and their groups",
    )


def _invalid(directive: Directive, reason: str) -> Problem:
    form = FORM if directive.by == COMMENT else ANNOTATION_FORM
    return Problem(
        f"this ignore does not count: {reason}",
        Note(directive.span, "ignores nothing"),
        outcome="what it is meant for is reported",
        help=f"write it as `{form}`",
    )


def _expired(directive: Directive) -> Problem:
    return Problem(
        f"this ignore expired after {directive.until}",
        Note(directive.span, "ignores nothing any more"),
        outcome="what it was for is reported again",
        help="remove it, or give it another day",
    )
