"""The page of figures can be written by the bench, and holds what it measures."""

from __future__ import annotations

import pytest

from bench.page import Row, filled, table
from tests.conftest import ROOT

PAGE = (ROOT / "docs" / "performance.md").read_text(encoding="utf-8")


def test_the_page_has_a_place_for_every_section() -> None:
    page = filled(
        PAGE,
        {"setting": "Here.", "budgets": table([Row("a", "1 ms", 1.26, 1.25)]), "imports": "-", "audits": "-"},
    )
    assert "<!-- bench: setting -->\nHere.\n<!-- bench end -->" in page
    assert "| a | 1 ms | 1.3 | 1.25 | exceeded |\n<!-- bench end -->" in page
    assert filled(page, {"setting": "Here."}) == page


def test_a_section_without_a_place_is_an_error() -> None:
    with pytest.raises(ValueError, match="no marks for 'memory'"):
        filled(PAGE, {"memory": ""})
