"""The traps: each `good-*` fixture is silent for the reason that it names, for without that the rule speaks.

The tables beside this file hold, for each fixture, one or more edits that take the reason away. An edit is a
list of pairs, a text and what it is replaced by; each is made once, in this order.
"""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from podlint import lint_paths
from tests.days import every_rule_for

ROOT = Path(__file__).resolve().parents[2]
TABLES = sorted(Path(__file__).parent.glob("*.yaml"))

# Rules that read the manifest as such: what they must not report is simply right.
PLAIN = {"invalid-yaml", "malformed-pod"}
# Fixtures that are silent for a second reason, which no edit of a line takes away.
TWICE_GOOD = {
    "port-conflict/good-flags": "an option of an unknown program may be meant otherwise",
    "port-conflict/good-served-by-the-proxy": "an option of an unknown program may be meant otherwise",
    "port-conflict/good-sql-proxy": "an option of an unknown program may be meant otherwise",
    "rotator-race/good-nginx-reopen": "the rule is about the rotation by another container",
    "undeclared-volume/good-workflow-volumes": "workflows may take volumes from elsewhere",
}


def _edits() -> list[tuple[str, list[list[str]]]]:
    tables = [yaml.safe_load(table.read_text(encoding="utf-8")) for table in TABLES]
    return [(name, edit) for table in tables for name, edits in table.items() for edit in edits]


EDITS = _edits()


@pytest.mark.parametrize(("name", "edit"), EDITS, ids=[name for name, _ in EDITS])
def test_a_rule_speaks_where_the_reason_is_taken_away(
    name: str, edit: list[list[str]], tmp_path: Path
) -> None:
    head, body = _parts((ROOT / "fixtures" / f"{name}.yaml").read_text(encoding="utf-8"))
    for old, new in edit:
        assert old in body, f"{name} has no {old!r}"
        body = body.replace(old, new, 1)
    path = tmp_path / "edited.yaml"
    path.write_text(head + body, encoding="utf-8")
    rule = name.partition("/")[0]
    # With all rules: the reason may be that another one is reported instead.
    report = lint_paths([str(path)], every_rule_for(rule))
    assert report.unread == []
    assert rule in {finding.rule for finding in report.findings}, f"{rule} is still silent"


def _parts(text: str) -> tuple[str, str]:
    """The comment that names the trap, which no edit is to meet, and the rest."""
    end = text.index("\n") + 1 if text.startswith("#") else 0
    return text[:end], text[end:]


def test_every_good_fixture_has_an_edit() -> None:
    fixtures = {
        f"{path.parent.name}/{path.stem}"
        for path in (ROOT / "fixtures").glob("*/good-*.yaml")
        if path.parent.name not in PLAIN
    }
    assert fixtures == {name for name, _ in EDITS} | TWICE_GOOD.keys()
