"""The pods of `fixtures/oracle` are what they should be: readable, one thing each, certain in effect."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from .corpus import fixtures, observe_fixtures
from .pods import shown

_CANNOT_START = 128


@pytest.mark.parametrize("path", fixtures(), ids=lambda path: path.stem)
def test_fixture_is_named_by_what_it_shows_and_says_so(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    first, _ = text.split("\n", 1)
    assert re.fullmatch(r"# \S.+", first)
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", path.stem)
    *objects, pod = yaml.safe_load_all(text)
    assert {document["kind"] for document in objects} <= {"ConfigMap", "Secret"}
    assert (pod["apiVersion"], pod["kind"], pod["metadata"]["name"]) == ("v1", "Pod", path.stem)
    containers = pod["spec"].get("initContainers", []) + pod["spec"]["containers"]
    assert {container["image"] for container in containers} <= {"busybox", "debian"}


def test_there_are_enough_of_them() -> None:
    assert len(fixtures()) >= 150


@pytest.mark.thorough
@pytest.mark.oracle
def test_every_fixture_runs_and_none_does_what_it_says_it_never_does() -> None:
    silent, started, never = [], [], []
    for stem, seen in observe_fixtures().items():
        lines = shown(seen.intents)
        silent += [stem] if not lines else []
        started += [stem] if _CANNOT_START in seen.exits.values() else []
        never += [f"{stem}: {line}" for line in lines if "never" in line]
    assert silent == ["rm-force-missing-busybox"]
    assert started == []
    assert never == []
