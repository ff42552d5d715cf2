"""The examples of the rule pages are true: each bad one yields the finding, each good one does not."""

from __future__ import annotations

import pytest

from podlint import lint_text
from podlint.pages import Example, heads
from tests.days import every_rule_for


def examples(kind: str) -> list[object]:
    """The examples of one kind of all pages, as parameters named after where they stand."""
    return [
        pytest.param(name, example, id=f"{name}.md:{example.line}")
        for name, page in heads().items()
        for example in page.examples(kind)
    ]


@pytest.mark.parametrize(("rule", "example"), examples("bad"))
def test_bad_examples_yield_the_finding(rule: str, example: Example) -> None:
    assert rule in {
        finding.rule for finding in lint_text(example.text, options=every_rule_for(rule)).findings
    }


@pytest.mark.parametrize(("rule", "example"), examples("good"))
def test_good_examples_yield_none_and_are_read_in_full(rule: str, example: Example) -> None:
    report = lint_text(example.text, options=every_rule_for(rule))
    assert [finding for finding in report.findings if finding.rule == rule] == []
    # An example may leave out the ConfigMap of a configuration.
    unknown = [
        one for one in report.not_understood if "in a ConfigMap that is not in the run" not in one.reason
    ]
    assert (report.unread, report.skipped, unknown) == ([], [], [])
    assert report.pods > 0
