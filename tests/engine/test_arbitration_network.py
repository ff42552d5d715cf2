"""Which of two rules about ports and probes is reported, and that the other speaks without it."""

from __future__ import annotations

import pytest

from tests.engine.arbitration import assert_one_is_reported

PAIRS = [
    ("unknown-probe-port", "loopback-only-server", "good-told-by-loopback-only-server"),
    ("unknown-probe-port", "nobody-listens", "good-told-by-nobody-listens"),
    ("unknown-scrape-port", "loopback-only-server", "good-told-by-loopback-only-server"),
    ("unknown-scrape-port", "nobody-listens", "good-told-by-nobody-listens"),
    ("nobody-listens", "unknown-scrape-port", "good-told-by-unknown-scrape-port"),
]
"""Rules that yield: to which other rule, and in which of their fixtures."""


@pytest.mark.parametrize(("yielding", "speaking", "fixture"), PAIRS)
def test_a_rule_is_silent_only_where_the_other_one_is_reported(
    yielding: str, speaking: str, fixture: str
) -> None:
    assert_one_is_reported(yielding, speaking, fixture)
