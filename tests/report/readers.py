"""Those who read the reports: real programs where there are any, else what their sources or manuals say."""

from __future__ import annotations

import json
import os
import re
import subprocess
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import cmarkgfm
import jsonschema
import pytest
from cmarkgfm.cmark import Options

ROOT = Path(__file__).resolve().parents[2]
REVIEWDOG = ROOT / "build" / "reviewdog-reader"
BUILD = f"go build -C tests/report/reviewdog -buildvcs=false -o {REVIEWDOG} ."

GITLAB = jsonschema.Draft202012Validator(
    {
        "type": "array",
        "items": {
            "type": "object",
            "required": ["description", "check_name", "fingerprint", "severity", "location"],
            "properties": {
                "description": {"type": "string", "minLength": 1},
                "check_name": {"type": "string"},
                "fingerprint": {"type": "string", "minLength": 1},
                "severity": {"enum": ["info", "minor", "major", "critical", "blocker"]},
                "location": {
                    "type": "object",
                    "required": ["path", "lines"],
                    "properties": {
                        "path": {"type": "string", "minLength": 1, "pattern": "^(?!\\./)"},
                        "lines": {
                            "type": "object",
                            "required": ["begin"],
                            "properties": {
                                "begin": {"type": "integer", "minimum": 1},
                                "end": {"type": "integer", "minimum": 1},
                            },
                        },
                    },
                },
            },
        },
    }
)
"""GitLab's manual, "Code Quality report format": it has no published schema, and its parser asks for less."""


def reviewdog(format_: str, report: str) -> list[dict[str, Any]]:
    """What reviewdog's parser understands of a report; skips the test where its reader was not built, fails
    it under PODLINT_REQUIRE_TOOLS=1."""
    named = os.environ.get("PODLINT_REVIEWDOG_READER")
    program = Path(named) if named else REVIEWDOG
    if not program.is_file():
        reason = f"no reader of reviewdog at {program}: {BUILD}"
        if os.environ.get("PODLINT_REQUIRE_TOOLS") == "1":
            pytest.fail(reason, pytrace=False)
        pytest.skip(reason)
    done = subprocess.run(
        [program, format_], input=report.encode(), capture_output=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr.decode()
    found: list[dict[str, Any]] = json.loads(done.stdout)
    return found


@dataclass(frozen=True, slots=True)
class Command:
    """A workflow command as the runner of GitHub Actions takes it."""

    name: str
    properties: dict[str, str] = field(default_factory=dict)
    data: str = ""


RUNNER_COMMANDS = {
    "error", "warning", "notice", "debug", "group", "endgroup", "add-mask", "add-path", "set-env",
    "set-output", "save-state", "stop-commands", "echo", "add-matcher", "remove-matcher",
}  # fmt: skip


def runner(log: str) -> list[Command | str]:
    """The lines of a log, those that the runner obeys as commands (actions/runner, ActionCommand.cs): first
    those that begin with `::`, then those that have `##[…]` anywhere."""
    read: list[Command | str] = []
    for line in log.split("\n"):
        read.append(_command(line.lstrip()) or _old_command(line) or line)
    return read


def _command(line: str) -> Command | None:
    end = line.find("::", 2)
    if not line.startswith("::") or end < 0:
        return None
    name, _, written = line[2:end].partition(" ")
    if name not in RUNNER_COMMANDS:
        return None
    pairs = [one.split("=", 1) for one in written.strip().split(",") if one]
    properties = {
        pair[0]: _decoded(pair[1], {"%0D": "\r", "%0A": "\n", "%3A": ":", "%2C": ",", "%25": "%"})
        for pair in pairs
        if len(pair) == 2
    }
    return Command(name, properties, _decoded(line[end + 2 :], {"%0D": "\r", "%0A": "\n", "%25": "%"}))


def _old_command(line: str) -> Command | None:
    found = re.search(r"##\[([^ \]]*)[^\]]*\](.*)", line)
    return Command(found[1], {}, found[2]) if found and found[1] in RUNNER_COMMANDS else None


def _decoded(text: str, escapes: dict[str, str]) -> str:
    for written, char in escapes.items():
        text = text.replace(written, char)
    return text


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.open: list[str] = []
        self.plain: list[str] = []
        self.code: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.open.append(tag)
        if tag == "code":
            self.code.append("")

    def handle_endtag(self, tag: str) -> None:
        while self.open and self.open.pop() != tag:
            pass

    def handle_data(self, data: str) -> None:
        if "code" in self.open:
            self.code[-1] += data
        else:
            self.plain.append(data)


@dataclass(frozen=True, slots=True)
class Rendered:
    """Markdown as GitHub's own renderer shows it: the tags of the page, its text outside of code, and each
    piece of code."""

    tags: set[str]
    plain: str
    code: list[str]


def github_markdown(text: str) -> Rendered:
    """Render with cmark-gfm, with raw HTML let through and links made of bare addresses."""
    page = _Page()
    page.feed(cmarkgfm.github_flavored_markdown_to_html(text, Options.CMARK_OPT_UNSAFE))
    return Rendered(set(page.tags), "".join(page.plain), page.code)
