"""Which problems are reported: rules asked for, problems that yield, one finding for each cause."""

from __future__ import annotations

import pytest

from podlint.engine.options import Options
from podlint.engine.settle import Claimed, Suppresses, Suppression, settle
from podlint.findings import MAX_LISTED, Report, Severity
from podlint.problem import Claim, Note, Problem
from podlint.source.span import Source, Span

SOURCE = Source("pod.yaml", "0123456789")
# Rules whose pages say: error, error, warning.
SIGNAL, ROTATOR, GROWTH = "unreachable-signal", "rotator-race", "unbounded-growth"


def problem(
    at: int, *causes: str, to: tuple[tuple[str, str], ...] = (), certain: bool = True, minor: bool = False
) -> Problem:
    """A problem at one character that yields to others (rule, cause)."""
    return Problem(
        "wrong",
        Note(Span(SOURCE, at, at + 1), "here"),
        causes=causes,
        yields_to=tuple(Claim(*claim) for claim in to),
        certain=certain,
        minor=minor,
    )


def reported(*claimed: tuple[str, Problem], **options: frozenset[str]) -> list[tuple[str, int]]:
    """Rule and offset of what is reported."""
    findings = settle([Claimed(*one) for one in claimed], Options(**options)).findings  # type: ignore[arg-type]
    return [(finding.rule, finding.primary.region.offset) for finding in findings]


LOST_SIGNAL = (SIGNAL, problem(1, "signal"))
LOST_LINES = (ROTATOR, problem(2, "file", to=((SIGNAL, "signal"),)))


def test_a_problem_yields_to_one_that_is_reported_whatever_their_order() -> None:
    assert reported(LOST_SIGNAL, LOST_LINES) == [(SIGNAL, 1)]
    assert reported(LOST_LINES, LOST_SIGNAL) == [(SIGNAL, 1)]


@pytest.mark.parametrize(
    "options", [{"ignore": frozenset({SIGNAL})}, {"select": frozenset({ROTATOR})}], ids=["ignore", "select"]
)
def test_it_does_not_yield_to_one_that_is_not_asked_for(options: dict[str, frozenset[str]]) -> None:
    assert reported(LOST_SIGNAL, LOST_LINES, **options) == [(ROTATOR, 2)]


def test_it_yields_only_to_the_same_cause() -> None:
    assert reported((SIGNAL, problem(1, "another")), LOST_LINES) == [(SIGNAL, 1), (ROTATOR, 2)]


def test_what_yields_itself_silences_nobody() -> None:
    growth = (GROWTH, problem(3, "growth", to=((ROTATOR, "file"),)))
    assert reported(LOST_SIGNAL, LOST_LINES, growth) == [(SIGNAL, 1), (GROWTH, 3)]
    assert reported(LOST_LINES, growth) == [(ROTATOR, 2)]


def test_of_two_that_yield_to_each_other_one_is_reported() -> None:
    first = (SIGNAL, problem(1, "a", to=((ROTATOR, "b"),)))
    second = (ROTATOR, problem(2, "b", to=((SIGNAL, "a"),)))
    assert reported(first, second) == [(ROTATOR, 2)]
    assert reported(second, first) == [(SIGNAL, 1)]


def test_one_cause_is_one_finding_of_a_rule() -> None:
    assert reported((SIGNAL, problem(1, "a")), (SIGNAL, problem(2, "a", "b")), (SIGNAL, problem(3, "b"))) == [
        (SIGNAL, 1),
        (SIGNAL, 3),
    ]
    assert reported((SIGNAL, problem(1, "a")), (ROTATOR, problem(2, "a"))) == [(SIGNAL, 1), (ROTATOR, 2)]


def test_without_a_cause_the_place_is_the_cause() -> None:
    assert reported((SIGNAL, problem(1)), (SIGNAL, problem(1)), (SIGNAL, problem(2))) == [
        (SIGNAL, 1),
        (SIGNAL, 2),
    ]


def test_a_claim_is_looked_at_before_causes_are_counted() -> None:
    """The second place of a cause is not reported, and still what yields to it is silent."""
    second = (SIGNAL, problem(4, "target", "second"))
    yielding = (ROTATOR, problem(5, to=((SIGNAL, "second"),)))
    assert reported((SIGNAL, problem(1, "target")), second, yielding) == [(SIGNAL, 1)]


def suppressing(*offsets: int) -> Suppresses:
    """Suppresses the problems at some offsets."""
    return lambda one: Suppression("comment", "") if one.problem.at.at.span.start in offsets else None


def both(suppresses: Suppresses, *claimed: tuple[str, Problem]) -> tuple[list[int], list[int]]:
    """The offsets of what is reported, and of what is suppressed."""
    report = settle([Claimed(*one) for one in claimed], Options(), suppresses=suppresses)
    suppressed = [one.finding.primary.region.offset for one in report.suppressed]
    return [one.primary.region.offset for one in report.findings], suppressed


def test_what_is_silent_for_the_sake_of_a_suppressed_problem_speaks() -> None:
    assert both(suppressing(1), LOST_SIGNAL, LOST_LINES) == ([2], [1])
    assert both(suppressing(1), LOST_LINES, LOST_SIGNAL) == ([2], [1])


def test_what_speaks_then_may_be_suppressed_in_turn() -> None:
    growth = (GROWTH, problem(3, "growth", to=((ROTATOR, "file"),)))
    assert both(suppressing(), LOST_SIGNAL, LOST_LINES, growth) == ([1, 3], [])
    assert both(suppressing(1), LOST_SIGNAL, LOST_LINES, growth) == ([2], [1])
    assert both(suppressing(1, 2), LOST_SIGNAL, LOST_LINES, growth) == ([3], [1, 2])


def test_what_is_not_reported_is_not_suppressed() -> None:
    assert both(suppressing(2), LOST_SIGNAL, LOST_LINES) == ([1], [])
    assert both(suppressing(2), (SIGNAL, problem(1, "a")), (SIGNAL, problem(2, "a"))) == ([1], [])


def test_of_a_suppressed_cause_no_other_place_is_reported() -> None:
    assert both(suppressing(1), (SIGNAL, problem(1, "a")), (SIGNAL, problem(2, "a", "b"))) == ([], [1])
    third = (SIGNAL, problem(3, "b"))
    assert both(suppressing(1), (SIGNAL, problem(1, "a")), (SIGNAL, problem(2, "a", "b")), third) == (
        [3],
        [1],
    )


def test_nobody_yields_to_another_place_of_a_suppressed_cause() -> None:
    second = (SIGNAL, problem(4, "target", "second"))
    yielding = (ROTATOR, problem(5, to=((SIGNAL, "second"),)))
    assert both(suppressing(1), (SIGNAL, problem(1, "target")), second, yielding) == ([5], [1])


def test_of_many_that_are_suppressed_some_are_listed() -> None:
    many = [(SIGNAL, problem(at % 9, str(at))) for at in range(MAX_LISTED + 5)]
    report = settle([Claimed(*one) for one in many], Options(), suppresses=suppressing(*range(9)))
    assert (len(report.suppressed), report.suppressed_unlisted) == (MAX_LISTED, 5)
    twice = Report.merged([report, report])
    assert (len(twice.suppressed), twice.suppressed_unlisted) == (MAX_LISTED, MAX_LISTED + 10)


SEVERITIES = {
    "certain": (SIGNAL, {}, Severity.ERROR),
    "not certain": (SIGNAL, {"certain": False}, Severity.WARNING),
    "minor": (SIGNAL, {"minor": True}, Severity.INFO),
    "a warning by its page": (GROWTH, {}, Severity.WARNING),
    "a warning by its page, not certain": (GROWTH, {"certain": False}, Severity.INFO),
}


@pytest.mark.parametrize(("rule", "how", "severity"), SEVERITIES.values(), ids=SEVERITIES)
def test_the_severity_comes_from_the_page(rule: str, how: dict[str, bool], severity: Severity) -> None:
    (finding,) = settle([Claimed(rule, problem(1, **how))], Options()).findings  # type: ignore[arg-type]
    assert finding.severity is severity


def test_a_note_names_the_rule_that_says_more() -> None:
    at = Note(Span(SOURCE, 1, 2), "never ends", see=GROWTH)
    (finding,) = settle([Claimed(SIGNAL, Problem("wrong", at))], Options()).findings
    assert finding.primary.text == "never ends (unbounded-growth)"
