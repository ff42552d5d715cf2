"""What is reported of all that the rules say about a pod: the only place where findings are chosen."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator
from typing import TYPE_CHECKING

from msgspec import Struct

from podlint.engine.options import Options
from podlint.findings import Finding, Label, Severity
from podlint.pages import severity_of
from podlint.problem import Note, Problem
from podlint.source.secrets import without_secrets

if TYPE_CHECKING:
    from podlint.storage.view import ContainerView


class Claimed(Struct, frozen=True, eq=False):
    """A problem with the name of the rule that sees it."""

    rule: str
    problem: Problem


def settle(claimed: Iterable[Claimed], options: Options, pod: str = "") -> list[Finding]:
    """The findings that are reported of one pod (`pod` is its title), or of a document.

    In this order: rules that are not asked for are left out; a problem that yields to one which is reported
    is left out; of those of one rule with one cause the first is kept; places become regions.
    """
    wanted = [one for one in claimed if options.wants(one.rule)]
    arbitration = _Arbitration(wanted)
    reported = [one for index, one in enumerate(wanted) if arbitration.is_reported(index)]
    return [_finding(one, pod) for one in _once(reported)]


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


def _finding(one: Claimed, pod: str) -> Finding:
    problem = one.problem
    notes = (*problem.notes, *_script_note(problem))
    return Finding(
        rule=one.rule,
        severity=_severity(one),
        message=problem.message,
        outcome=problem.outcome,
        primary=_label(problem.at),
        related=tuple(_label(note) for note in notes),
        route=tuple(_label(note) for note in problem.route),
        help=problem.help,
        pod=pod,
        container=problem.container.name if problem.container is not None else "",
    )


def _severity(one: Claimed) -> Severity:
    if one.problem.minor:
        return Severity.INFO
    severity = severity_of(one.rule)
    if one.problem.certain:
        return severity
    return Severity.WARNING if severity is Severity.ERROR else Severity.INFO


def _label(note: Note) -> Label:
    text = f"{note.text} ({note.see})" if note.see else note.text
    return Label(without_secrets(note.at.span).region(), text)


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
