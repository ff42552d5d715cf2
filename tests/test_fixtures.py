"""The fixtures of the rules: `bad-*` gives exactly the report beside it, `good-*` no finding of its rule.

With PODLINT_UPDATE=1 the reports are written instead of compared.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from podlint import lint_paths
from podlint.findings import Severity
from podlint.report import RENDERERS, RenderOptions
from tests.days import every_rule_for, options_for

ROOT = Path(__file__).resolve().parents[1]
RULES = sorted(path.stem for path in (ROOT / "rules").glob("*.md") if path.stem != "README")


def fixtures(kind: str) -> list[object]:
    """The fixtures of one kind of all rules, as parameters named after their paths."""
    return [
        pytest.param(rule, path, id=f"{rule}/{path.name}")
        for rule in RULES
        for path in sorted((ROOT / "fixtures" / rule).glob(f"{kind}-*.yaml"))
    ]


@pytest.mark.parametrize(("rule", "path"), fixtures("bad"))
def test_bad_fixtures_give_the_report_beside_them(
    rule: str, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)
    report = lint_paths([path.relative_to(ROOT).as_posix()], options_for(rule))
    assert rule in {finding.rule for finding in report.findings}, f"no finding of {rule}"
    shown = RENDERERS["text"](report, RenderOptions(least=Severity.INFO))
    expected = path.with_suffix(".txt")
    if os.environ.get("PODLINT_UPDATE") == "1":
        expected.write_text(shown, encoding="utf-8")
    assert shown == expected.read_text(encoding="utf-8")


@pytest.mark.parametrize(("rule", "path"), fixtures("good"))
def test_good_fixtures_give_no_finding_of_their_rule(rule: str, path: Path) -> None:
    # With all rules: some of these are mistakes that another rule reports.
    report = lint_paths([str(path)], every_rule_for(rule))
    assert [finding for finding in report.findings if finding.rule == rule] == []
    assert report.unread == []
