"""The published schema is that of the structs, and the facts of all fixtures have its form."""

from __future__ import annotations

import json
import os
from pathlib import Path

import jsonschema
import pytest
from msgspec import to_builtins

from podlint.facts.build import facts_of
from podlint.facts.model import VERSION, Facts
from podlint.facts.schema import schema
from tests.views import pods_of

ROOT = Path(__file__).resolve().parents[2]
PUBLISHED = ROOT / "podlint" / "facts" / "podlint-facts.schema.json"
FOLDERS = sorted(path for path in (ROOT / "fixtures").iterdir() if path.is_dir() and path.name != "oracle")
VALIDATOR = jsonschema.Draft202012Validator(schema())


def test_the_published_schema_is_that_of_the_structs() -> None:
    """With PODLINT_UPDATE=1 it is written."""
    text = json.dumps(schema(), indent=2, ensure_ascii=False) + "\n"
    if os.environ.get("PODLINT_UPDATE") == "1":
        PUBLISHED.write_text(text, encoding="utf-8")
    assert PUBLISHED.read_text(encoding="utf-8") == text


def test_the_schema_itself_is_one() -> None:
    jsonschema.Draft202012Validator.check_schema(schema())


@pytest.mark.parametrize("folder", FOLDERS, ids=[folder.name for folder in FOLDERS])
def test_facts_of_fixtures_fit_the_schema(folder: Path) -> None:
    pods = tuple(facts_of(view) for view in pods_of([str(folder)], anything_else=True))
    VALIDATOR.validate(json.loads(json.dumps(to_builtins(Facts(VERSION, pods)))))
