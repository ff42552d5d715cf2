"""Each input that hurt once ends soon, in little memory, with a short report that says what is there and
hides what must be hidden."""

from __future__ import annotations

import json
import re
import sys
from html import unescape
from pathlib import Path

import pytest

from tests.hostile import text_cases
from tests.hostile.case import MAX_CALLS, MAX_MEMORY, MAX_REPORT, Case, Outcome, check, run
from tests.hostile.cases import ALL, LINKS, SIZED, TOLD
from tests.hostile.known import KNOWN

pytestmark = [
    pytest.mark.thorough,
    pytest.mark.skipif(not sys.platform.startswith("linux"), reason="memory is read from /proc"),
]

FORMATS = ("text", "json", "sarif", "html")
ROOM = 1.6
"""What calls may grow by more than bytes do."""
SPENT = 4_000_000
"""Calls below which growth does not matter: about a second."""
_NOT_SHOWN = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")


def cases(of: list[Case]) -> list[object]:
    """The cases as parameters; those that are known to fail must fail."""
    return [
        pytest.param(
            one,
            id=one.id,
            marks=[pytest.mark.xfail(strict=True, reason=KNOWN[one.id])] if one.id in KNOWN else [],
        )
        for one in of
    ]


def _assert_sound(case: Case, outcome: Outcome) -> None:
    """What holds of each run."""
    assert outcome.code in (0, 1, 3), f"ended with {outcome.code}: {outcome.said[-500:]}"
    assert "internal error" not in outcome.shown + outcome.said
    assert "Traceback" not in outcome.said and "Warning" not in outcome.said
    assert outcome.peak < MAX_MEMORY, f"{outcome.peak / 1e6:.0f} MB"
    assert outcome.calls < MAX_CALLS, f"{outcome.calls} calls"
    assert len(outcome.shown.encode()) < MAX_REPORT, f"{len(outcome.shown)} characters of report"
    for words in case.hidden:
        assert not words or words not in outcome.shown + outcome.said


def _work(case: Case, size: int, directory: Path) -> tuple[int, int]:
    """The bytes of a case, and the calls that it costs beyond those of an empty pod."""
    directory.mkdir()
    outcome = check(case, size, directory)
    _assert_sound(case, outcome)
    length = sum(path.stat().st_size for path in directory.rglob("*") if path.is_file())
    return length, outcome.calls


@pytest.mark.parametrize("case", cases(SIZED))
def test_it_ends_within_bounds(case: Case, tmp_path: Path) -> None:
    length, calls = _work(case, case.small, tmp_path / "small")
    if case.large == case.small:
        return
    larger, more = _work(case, case.large, tmp_path / "large")
    assert more <= max(SPENT, calls * larger / length * ROOM), f"{calls} calls became {more}"


@pytest.mark.parametrize("format_", FORMATS)
@pytest.mark.parametrize("case", cases(TOLD))
def test_it_says_what_it_should(case: Case, format_: str, tmp_path: Path) -> None:
    for size in (case.small, case.large):
        directory = tmp_path / str(size)
        directory.mkdir()
        outcome = check(case, size, directory, format_)
        _assert_sound(case, outcome)
        assert not _NOT_SHOWN.search(outcome.shown)
        shown = unescape(outcome.shown) if format_ == "html" else outcome.shown
        assert not case.seen or any(words in shown for words in case.seen), shown[:500]


@pytest.mark.parametrize("case", cases(LINKS))
def test_sarif_holds_no_link_of_a_manifest(case: Case, tmp_path: Path) -> None:
    outcome = check(case, case.small, tmp_path, "sarif")
    _assert_sound(case, outcome)
    texts = [result["message"]["text"] for result in json.loads(outcome.shown)["runs"][0]["results"]]
    assert any("http://forged" in text for text in texts)
    for text in texts:
        assert not _links(text), text


def _links(text: str) -> list[str]:
    """The targets of Markdown's links: a `]` that no backslash escapes, directly before a bracket."""
    return re.findall(r"(?<!\\)(?:\\\\)*\]\((?!\d+\))(.*?)\)", text)


@pytest.mark.parametrize(
    ("config", "text", "setting"),
    [
        (text_cases.vector, '[sinks.a]\ntype = "file"\npath = "/x/y.log"', "output /x/y.log"),
        (text_cases.nginx, "listen 81;", "listen :81"),
        (text_cases.fluentd, "<source>\n@type forward\nport 123\n</source>", "listen :123"),
        (text_cases.fluent_bit, "/a/b.log", "input /a/b.log"),
        (text_cases.filebeat, "http.enabled: true\nhttp.port: 77", "listen localhost:77"),
        (text_cases.promtail, "server:\n  http_listen_port: 99", "listen :99"),
        (text_cases.logrotate, "/a {\n}", "rotate /a"),
    ],
)
def test_the_configurations_of_cases_are_read(
    config: text_cases.Config, text: str, setting: str, tmp_path: Path
) -> None:
    (tmp_path / "x.yaml").write_bytes(config(lambda _: text + "\n")(1))
    assert setting in run(tmp_path, ["facts", "x.yaml"]).shown


def test_links_are_seen() -> None:
    assert _links("[a](http://x) \\[b](http://y) \\\\[c\\\\](http://z) [d](1)") == [
        "http://x",
        "http://y",
        "http://z",
    ]
    assert _links("\\[a\\](http://x)") == []


def test_each_case_has_a_name_of_its_own() -> None:
    assert len({one.id for one in ALL}) == len(ALL)
    assert set(KNOWN) <= {one.id for one in ALL}
