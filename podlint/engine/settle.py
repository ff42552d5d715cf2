"""What is reported of all that the rules say about a pod: the only place where findings are chosen."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator
from typing import TYPE_CHECKING

from msgspec import Struct

from podlint.engine.identity import NO_PLACES, Places
from podlint.engine.options import Options
from podlint.engine.shortening import MAX_NAME, MAX_WORDS, shortened
from podlint.findings import MAX_LISTED, Finding, Label, Omitted, Report, Severity
from podlint.problem import Note, Problem
from podlint.source.secrets import without_secrets

if TYPE_CHECKING:
    from podlint.manifest.model import Pod
    from podlint.storage.view import ContainerView


class Claimed(Struct, frozen=True, eq=False):
    """A problem with the name of the rule that sees it."""

    rule: str
    problem: Problem


def settle(
    claimed: Iterable[Claimed], options: Options, places: Places = NO_PLACES, pod: Pod | None = None
) -> Report:
    """What is reported of one pod, or of a document: findings, and how many of them are not listed.

    In this order: rules that are not asked for are left out; a problem that yields to one which is reported
    is left out; of those of one rule with one cause the first is kept; the first `MAX_LISTED` of each rule
    and severity in a file are listed; places become regions.
    """
    wanted = [one for one in claimed if options.wants(one.rule)]
    arbitration = _Arbitration(wanted)
    reported = [one for index, one in enumerate(wanted) if arbitration.is_reported(index)]
    report = Report()
    kinds: dict[tuple[str, str, Severity], list[Claimed]] = {}
    for one in _once(reported):
        kinds.setdefault((one.problem.at.at.span.source.path, one.rule, _severity(one, options)), []).append(
            one
        )
    for kind, members in kinds.items():
        members.sort(key=lambda one: one.problem.at.at.span.start)
        report.findings += [_finding(one, kind[-1], places, pod) for one in members[:MAX_LISTED]]
        if len(members) > MAX_LISTED:
            report.omitted.append(Omitted(*kind, len(members) - MAX_LISTED))
    return report


class _Arbitration:
    """Which of some problems are reported, as each yields to those that are."""

    def __init__(self, claimed: list[Claimed]) -> None:
        self._claimed = claimed
        self._about: dict[tuple[str, Hashable], list[int]] = {}
        for index, one in enumerate(claimed):
            for cause in one.problem.all_causes:
                self._about.setdefault((one.rule, cause), []).append(index)
        self._reported: dict[int, bool] = {}

    def is_reported(self, index: int) -> bool:
        """Whether it yields to none that is reported.

        One that is being looked at counts as not reported, so that two that yield to each other do not both
        vanish.
        """
        if index not in self._reported:
            self._reported[index] = False
            self._reported[index] = not any(self.is_reported(other) for other in self._claims_of(index))
        return self._reported[index]

    def _claims_of(self, index: int) -> Iterator[int]:
        for claim in self._claimed[index].problem.yields_to:
            yield from self._about.get((claim.rule, claim.cause), ())


def _once(claimed: list[Claimed]) -> Iterator[Claimed]:
    seen: set[tuple[str, Hashable]] = set()
    for one in claimed:
        causes = {(one.rule, cause) for cause in one.problem.all_causes}
        if seen.isdisjoint(causes):
            seen |= causes
            yield one


def _finding(one: Claimed, severity: Severity, places: Places, pod: Pod | None) -> Finding:
    problem = one.problem
    place = places.of(problem.at.at.span)
    notes = (*problem.notes, *_script_note(problem))
    return Finding(
        rule=one.rule,
        severity=severity,
        message=shortened(problem.message, MAX_WORDS),
        outcome=shortened(problem.outcome, MAX_WORDS),
        primary=_label(problem.at),
        related=tuple(_label(note) for note in notes),
        route=tuple(_label(note) for note in problem.route),
        help=shortened(problem.help, MAX_WORDS),
        pod=shortened(pod.title, MAX_NAME) if pod is not None else "",
        container=shortened(problem.container.name, MAX_NAME) if problem.container is not None else "",
        namespace=shortened(pod.namespace, MAX_NAME) if pod is not None else place.namespace,
        object=place.object,
        object_path=place.object_path,
        statement=place.statement,
    )


def _severity(one: Claimed, options: Options) -> Severity:
    if one.problem.minor:
        return Severity.INFO
    severity = options.severity_of(one.rule)
    if one.problem.certain:
        return severity
    return Severity.WARNING if severity is Severity.ERROR else Severity.INFO


def _label(note: Note) -> Label:
    text = f"{note.text} ({note.see})" if note.see else note.text
    return Label(without_secrets(note.at.span).region(), shortened(text, MAX_WORDS))


def _script_note(problem: Problem) -> Iterator[Note]:
    """Where the problem stands in a file of a ConfigMap: what brings that file into the container."""
    container = problem.container
    if container is None:
        return
    span = problem.at.at.span
    path = container.files.path_of(span)
    if path is None:
        return
    note = _use_of(path, container)
    shown = {note.at.span for note in problem.notes}
    if note is not None and note.at.span not in shown:
        yield note


def _use_of(path: str, container: ContainerView) -> Note | None:
    """The command that runs a script or is given a file, else the mount that shows it."""
    for call in container.calls:
        if (
            any(field.value.literal == path for field in call.fields)
            and container.files.path_of(call.span) is None
        ):
            return Note(call, f'"{container.name}" runs it here')
    mount = container.files.mount_at(path)
    return Note(mount, f'"{container.name}" mounts it at "{path}"') if mount is not None else None
