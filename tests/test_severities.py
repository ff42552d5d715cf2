"""The severity in the head of a rule's page is one that the rule has, and its highest."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest
from msgspec.structs import replace

from podlint import lint_paths, lint_text
from podlint.findings import Severity
from podlint.manifest.versions import NEWEST
from podlint.pages import heads
from tests.days import options_for

ROOT = Path(__file__).resolve().parents[1]


@cache
def severities(rule: str) -> frozenset[Severity]:
    """What is found in the rule's bad fixtures and in the bad examples of its page."""
    # Some rules say more of clusters that are older than the newest release.
    versions = [replace(options_for(rule), kube_version=version) for version in (NEWEST, (1, 28))]
    fixtures = [str(path) for path in (ROOT / "fixtures" / rule).glob("bad-*.yaml")]
    examples = [example.text for example in heads()[rule].examples("bad")]
    reports = [lint_paths([path], options) for path in fixtures for options in versions]
    reports += [lint_text(text, options=options) for text in examples for options in versions]
    findings = (finding for report in reports for finding in report.findings)
    return frozenset(finding.severity for finding in findings if finding.rule == rule)


@pytest.mark.parametrize("rule", heads())
def test_the_severity_of_a_page_is_the_highest_that_its_rule_has(rule: str) -> None:
    assert max(severities(rule), key=lambda severity: severity.rank) is heads()[rule].severity
