"""`podlint explain`: the page of a rule, with its facts and the report of its example."""

from __future__ import annotations

import re

import pytest

from podlint.pages import heads
from tests.cli.conftest import ROOT, Podlint


@pytest.mark.parametrize("rule", ["invalid-yaml", "unshared-path", "swallowed-sigterm"])
def test_the_page_is_printed_with_what_the_rule_is_and_reports(podlint: Podlint, rule: str) -> None:
    ended = podlint("explain", rule)
    assert (ended.code, ended.err) == (0, "")
    page = heads()[rule]
    shown = ended.out.splitlines()
    assert shown[0] == f"# {page.title}"
    assert shown[2] == f"`{rule}` · {page.severity.value} · {page.group} · since {page.since}"
    report = re.search(r"\npodlint reports:\n\n```text\n(.*?)```\n", ended.out, re.DOTALL)
    assert report is not None
    assert report[1].startswith((f"error[{rule}]: ", f"warning[{rule}]: ", f"info[{rule}]: "))
    assert "findings" not in report[1]
    # Without what is added it is the page as it is written.
    rest = ended.out.replace(report[0], "", 1).split("\n", 3)[3]
    assert (ROOT / "rules" / f"{rule}.md").read_text().endswith(rest)


def test_a_terminal_gets_no_markdown(podlint: Podlint) -> None:
    shown = podlint("explain", "quoted-substitution", env={"FORCE_COLOR": "1"}).out
    plain = re.sub(r"\x1b\[[0-9;]*m", "", shown)
    assert shown != plain
    assert "```" not in plain and "`$(date)`" not in plain
    assert "A command in single quotes that the shell never runs" in plain
    assert "error[quoted-substitution]" in plain


def test_an_unknown_rule_is_a_usage_error_that_suggests(podlint: Podlint) -> None:
    ended = podlint("explain", "invalid-yml")
    assert (ended.code, ended.out) == (2, "")
    # What comes before the last colon is click's.
    assert ended.err.startswith("podlint: ")
    assert ended.err.endswith(
        ": no rule is called 'invalid-yml'; did you mean 'invalid-yaml'?\n"
        "  help: 'podlint explain --help' says how to use it\n"
    )


def test_a_group_is_told_from_a_rule(podlint: Podlint) -> None:
    ended = podlint("explain", "logging")
    assert (ended.code, ended.out) == (2, "")
    assert ": 'logging' is a group of rules; 'podlint rules' lists them\n" in ended.err
