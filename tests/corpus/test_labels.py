"""Labels that a careful reader gave real manifests: look-alikes stay silent, mistakes are found in place."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path

import pytest

from podlint import Options, lint_paths
from podlint.engine.registry import checked_rules

LABELS = "labels.jsonl"
DISPUTED = re.compile(r"^- `(?P<file>\S+):(?P<line>\d+)` `(?P<rule>[-a-z0-9]+)`:", re.MULTILINE)
"""A label that is held to be wrong, as the README beside this file lists it with the reason."""


@dataclass(frozen=True)
class Judgement:
    """One label: whether there is a mistake that `rule` must find on `line` of a file or beside it."""

    file: str
    line: int
    rule: str
    bug: bool
    note: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line} {self.rule}: {self.note}"


def read_labels(corpus: Path) -> list[Judgement]:
    """The labels that belong to rules which have a check, without those that the README disputes and those of
    files that the corpus does not hold."""
    path = corpus.parent / LABELS
    if not path.is_file():
        pytest.skip(f"no labels at {path}")
    labels = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    judgements = [
        Judgement(f"{one['repo']}/{one['path']}", one["line"], one["rule"], one["bug"], one["note"])
        for one in labels
        if one["rule"] in checked_rules() and (corpus / one["repo"] / one["path"]).is_file()
    ]
    disputed = read_disputed()
    return [one for one in judgements if (one.file, one.line, one.rule) not in disputed]


def read_disputed() -> set[tuple[str, int, str]]:
    """File, line and rule of the labels that the README disputes."""
    text = (Path(__file__).parent / "README.md").read_text(encoding="utf-8")
    return {(one["file"], int(one["line"]), one["rule"]) for one in DISPUTED.finditer(text)}


@pytest.fixture(scope="module")
def labels(corpus: Path) -> list[Judgement]:
    """The judgements of this run's rules."""
    return read_labels(corpus)


@pytest.fixture(scope="module")
def found(corpus: Path, labels: list[Judgement]) -> set[tuple[str, int, str]]:
    """File, line and rule of all findings about the labelled files."""
    files = sorted({one.file for one in labels})
    report = lint_paths([str(corpus / file) for file in files], Options(select=frozenset(checked_rules())))
    assert report.unread == []
    return {
        (Path(one.primary.region.path).resolve().relative_to(corpus.resolve()).as_posix(), line, one.rule)
        for one in report.findings
        for line in [one.primary.region.start.line]
    }


def test_there_are_labels_of_both_kinds(labels: list[Judgement]) -> None:
    assert {one.bug for one in labels} == {True, False}


def test_no_look_alike_is_reported(labels: list[Judgement], found: set[tuple[str, int, str]]) -> None:
    wrong = [str(one) for one in labels if not one.bug and (one.file, one.line, one.rule) in found]
    assert wrong == []


def test_every_mistake_is_found(labels: list[Judgement], found: set[tuple[str, int, str]]) -> None:
    missed = [
        str(one)
        for one in labels
        if one.bug and not any((one.file, one.line + by, one.rule) in found for by in (0, -1, 1))
    ]
    assert missed == []
