"""What is reported of all that the rules say about a pod: the only place where findings are chosen."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator
from typing import TYPE_CHECKING, TypeAlias

from msgspec import Struct

from podlint.engine.identity import NO_PLACES, Places
from podlint.engine.options import Options
from podlint.engine.shortening import MAX_NAME, MAX_WORDS, shortened
from podlint.findings import MAX_LISTED, Finding, Label, Omitted, Report, Severity, Suppressed
from podlint.problem import Note, Problem
from podlint.source.secrets import without_secrets

if TYPE_CHECKING:
    from podlint.manifest.model import Pod
    from podlint.storage.veil import Veil
    from podlint.storage.view import ContainerView


class Claimed(Struct, frozen=True, eq=False):
    """A problem with the name of the rule that sees it."""

    rule: str
    problem: Problem


class Suppression(Struct, frozen=True):
    """Why a problem is not to be reported: see `Suppressed`."""

    by: str
    reason: str


Suppresses: TypeAlias = Callable[[Claimed], Suppression | None]
"""Says whether somebody wants a problem not to be reported."""


def nothing_suppressed(_: Claimed) -> Suppression | None:
    """What is suppressed where nobody says anything."""
    return None


def settle(
    claimed: Iterable[Claimed],
    options: Options,
    places: Places = NO_PLACES,
    pod: Pod | None = None,
    *,
    suppresses: Suppresses = nothing_suppressed,
    veil: Veil | None = None,
) -> Report:
    """What is reported of one pod, or of a document: findings, those that are suppressed, and how many are
    not listed.

    In this order: rules that are not asked for are left out; what is suppressed is put aside; a problem that
    yields to one which is reported is left out; of those of one rule with one cause the first is kept; the
    first `options.listed` of each rule and severity in a file are listed; places become regions, and `veil`
    masks what Secrets have told.
    """
    wanted = [one for one in claimed if options.wants(one.rule)]
    suppressed = {id(one): why for one in wanted if (why := suppresses(one)) is not None}
    told = _told(wanted)
    aside: list[Claimed] = []
    while hits := [one for one in told if id(one) in suppressed]:
        # Only what would be reported is suppressed, with all that its rule says about the same causes; then
        # what was silent for its sake speaks, and may be suppressed in turn.
        aside += hits
        causes = {cause for one in hits for cause in _causes(one)}
        wanted = [one for one in wanted if causes.isdisjoint(_causes(one))]
        told = _told(wanted)
    report = Report()
    for kind, members in _by_kind(told, options):
        report.findings += [_finding(one, kind[-1], places, pod, veil) for one in members[: options.listed]]
        if len(members) > options.listed:
            report.omitted.append(Omitted(*kind, len(members) - options.listed))
    for kind, members in _by_kind(aside, options):
        for one in members[:MAX_LISTED]:
            why = suppressed[id(one)]
            report.suppressed.append(
                Suppressed(_finding(one, kind[-1], places, pod, veil), why.by, why.reason)
            )
        report.suppressed_unlisted += max(len(members) - MAX_LISTED, 0)
    return report


def _told(wanted: list[Claimed]) -> list[Claimed]:
    """What is reported of some problems: of those that do not yield the first about each cause."""
    arbitration = _Arbitration(wanted)
    return list(_once(one for index, one in enumerate(wanted) if arbitration.is_reported(index)))


def _by_kind(
    claimed: Iterable[Claimed], options: Options
) -> Iterable[tuple[tuple[str, str, Severity], list[Claimed]]]:
    """Problems by file, rule and severity, in the order of their places."""
    kinds: dict[tuple[str, str, Severity], list[Claimed]] = {}
    for one in claimed:
        kind = (one.problem.at.at.span.source.path, one.rule, _severity(one, options))
        kinds.setdefault(kind, []).append(one)
    for members in kinds.values():
        members.sort(key=lambda one: one.problem.at.at.span.start)
    return kinds.items()


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


def _once(claimed: Iterable[Claimed]) -> Iterator[Claimed]:
    seen: set[tuple[str, Hashable]] = set()
    for one in claimed:
        causes = _causes(one)
        if seen.isdisjoint(causes):
            seen |= causes
            yield one


def _causes(one: Claimed) -> set[tuple[str, Hashable]]:
    """The causes of a problem, as its rule sees them."""
    return {(one.rule, cause) for cause in one.problem.all_causes}


def labels_of(problem: Problem) -> Iterator[Note]:
    """All that a finding about a problem points at."""
    yield problem.at
    yield from _notes(problem)
    yield from problem.route


def _notes(problem: Problem) -> tuple[Note, ...]:
    return (*problem.notes, *_script_note(problem))


def _finding(one: Claimed, severity: Severity, places: Places, pod: Pod | None, veil: Veil | None) -> Finding:
    problem = one.problem
    say = _speech(problem, veil)
    place = places.of(problem.at.at.span)
    return Finding(
        rule=one.rule,
        severity=severity,
        message=say(problem.message),
        outcome=say(problem.outcome),
        primary=_label(problem.at, say),
        related=tuple(_label(note, say) for note in _notes(problem)),
        route=tuple(_label(note, say) for note in problem.route),
        help=say(problem.help),
        pod=shortened(pod.title, MAX_NAME) if pod is not None else "",
        container=shortened(problem.container.name, MAX_NAME) if problem.container is not None else "",
        namespace=shortened(pod.namespace, MAX_NAME) if pod is not None else place.namespace,
        object=pod.owner if pod is not None and place.object == _own_title(pod) else place.object,
        object_path=place.object_path,
        statement=place.statement,
        certain=problem.certain,
    )


def _own_title(pod: Pod) -> str:
    return shortened(pod.own_title, MAX_NAME) if pod.owner else ""


def _severity(one: Claimed, options: Options) -> Severity:
    if one.problem.minor:
        return Severity.INFO
    severity = options.severity_of(one.rule)
    if one.problem.certain:
        return severity
    return Severity.WARNING if severity is Severity.ERROR else Severity.INFO


def _speech(problem: Problem, veil: Veil | None) -> Callable[[str], str]:
    """How the words of a problem are reported."""
    if veil is None:
        return lambda text: shortened(text, MAX_WORDS)
    told = any(veil.hides(note.at.span) for note in labels_of(problem))
    return lambda text: shortened(veil.sentence(shortened(text, MAX_WORDS), told), MAX_WORDS)


def _label(note: Note, say: Callable[[str], str]) -> Label:
    text = f"{say(note.text)} ({note.see})" if note.see else say(note.text)
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
