"""Every format of the real program, over the seed and over hostile names, before those who read it."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path
from xml.etree import ElementTree

import pytest
from junitparser import JUnitXml

from podlint.report import RENDERERS
from tests.cli.conftest import MALFORMED_POD, ROOT, Podlint
from tests.report.readers import GITLAB, Command, github_markdown, reviewdog, runner
from tests.report.sarif_validation import schema_validator

HOSTILE = {
    b"::error::x.yaml",
    b"##[error]x.yaml",
    b"a,b:c%0A=100%.yaml",
    b"\xff\xfe.yaml",
    b"line\nbreak\x1b[31m.yaml",
    b"]]>&<x y='\">.yaml",
    b"@octocat #1 `x` [a](b).yaml",
    "\u202e\u200b字.yaml".encode(),
}
FOUND = 3
"""Findings of the seed's second stage."""


@pytest.fixture
def seed(tmp_path: Path) -> str:
    """The seed's second stage in a directory of a repository."""
    (tmp_path / ".git").mkdir()
    (tmp_path / "deploy").mkdir()
    shutil.copy(ROOT / "fixtures" / "seed" / "stage-2.yaml", tmp_path / "deploy" / "pod.yaml")
    return "deploy"


@pytest.fixture
def hostile(tmp_path: Path) -> str:
    """A malformed pod under each hostile name, and a file that cannot be read under one more."""
    directory = tmp_path / "hostile"
    directory.mkdir()
    try:
        for name in HOSTILE:
            (directory / os.fsdecode(name)).write_text(MALFORMED_POD)
    except OSError:
        pytest.skip("this file system does not take such names")
    (directory / "::stop-commands::z.yaml").write_bytes(b"\xffapiVersion: v1\nkind: \xff\n")
    return "hostile"


@pytest.mark.parametrize("format_", [name for name in RENDERERS if name != "statistics"])
@pytest.mark.parametrize("where", ["seed", "hostile"])
def test_what_is_printed_is_read(
    podlint: Podlint, request: pytest.FixtureRequest, format_: str, where: str
) -> None:
    ended = podlint("check", "--format", format_, request.getfixturevalue(where))
    assert (ended.code, ended.err) == ((1, "") if where == "seed" else (3, ""))
    assert all(char == "\n" or char.isprintable() for char in ended.out)
    commands = [one for one in runner(ended.out) if isinstance(one, Command)]
    number = FOUND if where == "seed" else len(HOSTILE)
    unread = 0 if where == "seed" else 1
    assert len(commands) == (number + unread if format_ == "github" else 0)
    count = COUNTS.get(format_)
    assert count is None or count(ended.out) == number + unread


COUNTS = {
    "json": lambda text: len(json.loads(text)["findings"]) + len(json.loads(text)["unread"]),
    "jsonl": lambda text: sum(
        json.loads(line)["type"] in ("finding", "unread") for line in text.splitlines()
    ),
    "sarif": lambda text: _sarif(json.loads(text)),
    "gitlab": lambda text: len(_valid(json.loads(text))),
    "junit": lambda text: sum(suite.failures + suite.errors for suite in JUnitXml.fromstring(text.encode())),
    "checkstyle": lambda text: len(ElementTree.fromstring(text).findall("file/error")),
    "rdjson": lambda text: len(json.loads(text)["diagnostics"]),
    "markdown": lambda text: text.count("\n- line ") + text.count("\n- not read: "),
}
"""How many findings and unread files those see who read a format."""


def _sarif(log: dict) -> int:
    schema_validator().validate(log)
    (run,) = log["runs"]
    return len(run["results"]) + len(run["invocations"][0].get("toolExecutionNotifications", []))


def _valid(issues: list) -> list:
    GITLAB.validate(issues)
    assert len({issue["fingerprint"] for issue in issues}) == len(issues)
    return issues


@pytest.mark.parametrize(
    ("format_", "where", "number"),
    [
        ("rdjson", "seed", FOUND),
        ("rdjson", "hostile", len(HOSTILE) + 1),
        ("checkstyle", "seed", FOUND),
        ("checkstyle", "hostile", len(HOSTILE) + 1),
        # Not with hostile names: reviewdog refuses those that are no UTF-8, which a URI can carry.
        ("sarif", "seed", FOUND),
    ],
)
def test_reviewdog_reads_all_of_it(
    podlint: Podlint, request: pytest.FixtureRequest, format_: str, where: str, number: int
) -> None:
    ended = podlint("check", "--format", format_, request.getfixturevalue(where))
    assert len(reviewdog(format_, ended.out)) == number


def test_markdown_of_hostile_names_is_harmless(podlint: Podlint, hostile: str) -> None:
    page = github_markdown(podlint("check", "--format", "markdown", hostile).out)
    assert page.tags == {"h3", "p", "ul", "li", "strong", "code"}
    assert "octocat" not in page.plain
    assert "hostile/@octocat #1 `x` [a](b).yaml" in page.code


def test_what_a_comment_ignores_is_a_suppression_with_its_reason(podlint: Podlint, tmp_path: Path) -> None:
    text = (ROOT / "fixtures" / "seed" / "stage-2.yaml").read_text()
    line = next(line for line in text.splitlines() if "Sidecar: $(date)" in line)
    (tmp_path / "pod.yaml").write_text(
        text.replace(line, f"{line} # podlint: ignore[quoted-substitution] it is meant")
    )
    (run,) = json.loads(podlint("check", "--format", "sarif", "pod.yaml").out)["runs"]
    suppressed = {one["ruleId"]: one["suppressions"] for one in run["results"] if "suppressions" in one}
    assert suppressed == {"quoted-substitution": [{"kind": "inSource", "justification": "it is meant"}]}
    assert len(run["results"]) == FOUND
    for format_ in ("github", "gitlab", "junit", "checkstyle", "rdjson", "markdown", "concise"):
        assert "quoted-substitution" not in podlint("check", "--format", format_, "pod.yaml").out


@pytest.mark.parametrize("format_", ["sarif", "gitlab", "github"])
def test_servers_know_files_from_the_top_of_the_repository(
    podlint: Podlint, seed: str, tmp_path: Path, format_: str
) -> None:
    ended = podlint("check", "--format", format_, "pod.yaml", directory=tmp_path / seed)
    assert ended.code == 1
    assert "deploy/pod.yaml" in ended.out
    assert str(tmp_path) not in ended.out


def test_the_text_annotates_by_itself_in_github_actions(podlint: Podlint, seed: str) -> None:
    plain = podlint("check", seed)
    assert not [one for one in runner(plain.out) if isinstance(one, Command)]
    for arguments in (["check", seed], ["check", "--min-severity", "warning", seed]):
        ended = podlint(*arguments, env={"GITHUB_ACTIONS": "true"})
        read = runner(ended.out)
        names = [one.name for one in read if isinstance(one, Command)]
        assert names == ["group", "error", "warning", "warning", "endgroup"]
        assert "\n".join(one for one in read if isinstance(one, str)) == plain.out
    without = podlint("check", "--no-annotations", seed, env={"GITHUB_ACTIONS": "true"})
    assert without == plain
    concise = podlint("check", "--format", "concise", seed, env={"GITHUB_ACTIONS": "true"})
    assert "::" not in concise.out


def test_statistics(podlint: Podlint, seed: str) -> None:
    ended = podlint("check", "--statistics", seed)
    assert (ended.code, ended.err) == (1, "")
    assert ended.out.startswith("by rule\n  1  error    quoted-substitution\n")
    assert "\nby directory\n  3  deploy\n" in ended.out
    refused = podlint("check", "--statistics", "--format", "json", seed)
    assert (refused.code, refused.out) == (2, "")
    assert "--statistics is a form of text, not of json" in refused.err


def test_colours_come_when_they_are_asked_for(podlint: Podlint, seed: str) -> None:
    assert "\x1b[" in podlint("check", "--color", "always", seed, env={"NO_COLOR": "1"}).out
    assert "\x1b[" not in podlint("check", "--color=never", seed, env={"FORCE_COLOR": "1"}).out
