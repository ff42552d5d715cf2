"""`podlint rules`: the rules by group, for people and for programs."""

from __future__ import annotations

import json
import re

import pytest

from podlint.pages import GROUPS, heads
from tests.cli.conftest import ROOT, Podlint


def test_the_text_lists_every_rule_under_its_group(podlint: Podlint) -> None:
    ended = podlint("rules")
    assert (ended.code, ended.err) == (0, "")
    group, listed = "", {}
    for line in ended.out.splitlines():
        if line and not line.startswith(" "):
            group = line
        elif line:
            name, severity, title = line.split(maxsplit=2)
            listed[name] = (group, severity, title)
    assert listed == {p.name: (GROUPS[p.group], p.severity.value, p.title) for p in heads().values()}


def test_the_json_has_a_version_and_the_same_rules(podlint: Podlint) -> None:
    ended = podlint("rules", "--format", "json")
    told = json.loads(ended.out)
    assert told["version"] == "podlint-rules/1"
    assert {rule["name"] for rule in told["rules"]} == set(heads())
    assert next(rule for rule in told["rules"] if rule["name"] == "invalid-yaml") == {
        "name": "invalid-yaml",
        "title": "A manifest that is not YAML",
        "severity": "error",
        "group": "manifest",
        "fix": "none",
        "since": "0.1.0",
    }


@pytest.mark.parametrize(
    "arguments", [("rules",), ("facts", str(ROOT / "fixtures" / "seed"))], ids=lambda one: one[0]
)
def test_colours_are_for_a_terminal_and_change_no_word(podlint: Podlint, arguments: tuple[str, ...]) -> None:
    plain, coloured = podlint(*arguments), podlint(*arguments, env={"FORCE_COLOR": "1"})
    assert "\x1b" not in plain.out
    assert "\x1b[1m" in coloured.out
    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured.out).split() == plain.out.split()
