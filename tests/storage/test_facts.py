"""The facts have the form that their schema describes."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest

from podlint.storage.facts import facts_of
from tests.views import pods_of

ROOT = Path(__file__).resolve().parents[2]
SCHEMA = json.loads((ROOT / "podlint" / "storage" / "podlint-facts.schema.json").read_text(encoding="utf-8"))
FOLDERS = sorted(path for path in (ROOT / "fixtures").iterdir() if path.is_dir() and path.name != "oracle")


def closed(schema: object) -> object:
    """The schema with no keys allowed but those it names: what it does not describe is a mistake here."""
    if isinstance(schema, list):
        return [closed(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    inner = {key: closed(value) for key, value in schema.items()}
    return inner | {"additionalProperties": False} if "required" in inner else inner


VALIDATOR = jsonschema.Draft202012Validator(closed(SCHEMA))


@pytest.mark.parametrize("folder", FOLDERS, ids=[folder.name for folder in FOLDERS])
def test_facts_of_fixtures_fit_the_schema(folder: Path) -> None:
    pods = [facts_of(view) for view in pods_of([str(folder)], anything_else=True)]
    VALIDATOR.validate(json.loads(json.dumps({"version": "podlint-facts/1", "pods": pods})))


def test_the_schema_itself_is_one() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
