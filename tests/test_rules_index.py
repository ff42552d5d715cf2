"""`rules/README.md` is what `podlint rules --format markdown` prints; `PODLINT_UPDATE=1` writes it."""

from __future__ import annotations

import os
from pathlib import Path

from click.testing import CliRunner

from podlint.cli.rules import rules

INDEX = Path(__file__).resolve().parents[1] / "rules" / "README.md"


def test_the_index_lists_the_pages() -> None:
    printed = CliRunner().invoke(rules, ["--format", "markdown"]).output
    if os.environ.get("PODLINT_UPDATE") == "1":
        INDEX.write_text(printed, encoding="utf-8")
    assert INDEX.read_text(encoding="utf-8") == printed
