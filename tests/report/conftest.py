"""Pages for the rules of the built reports."""

import pytest

from podlint.pages import heads
from tests.report.building import PAGE


@pytest.fixture
def pages(tmp_path):
    """The pages of two rules."""
    rules = tmp_path / "rules"
    rules.mkdir()
    (rules / "unshared-path.md").write_text(PAGE, encoding="utf-8")
    quoted = PAGE.replace("unshared-path", "quoted-substitution").replace("storage", "shell")
    (rules / "quoted-substitution.md").write_text(quoted, encoding="utf-8")
    return heads(str(rules))
