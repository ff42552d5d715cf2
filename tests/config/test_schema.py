"""The published schema says of a configuration what the program says, and presets are configurations."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from podlint.config.loading import preset_layer
from podlint.config.model import Config
from podlint.config.names import preset_names
from podlint.config.reading import read_table
from podlint.config.validation import SCHEMA
from podlint.engine.options import ASKED
from podlint.findings import Severity
from podlint.pages import GROUPS, heads

ROOT = Path(__file__).resolve().parents[2]
PUBLISHED: dict[str, Any] = json.loads(Path(SCHEMA).read_text(encoding="utf-8"))
VALIDATOR = Draft202012Validator(PUBLISHED)

NAMES = st.sampled_from(["storage", "unshared-path", "rotator-race"])
LEVELS = st.sampled_from(["error", "warning", "info", "fatal"])
VALUES = st.one_of(st.booleans(), st.integers(0, 9), NAMES, LEVELS, st.lists(NAMES, max_size=2))
KEYS = st.sampled_from([*PUBLISHED["$defs"]["Config"]["properties"], "ignroe"])
PARTS = st.dictionaries(
    st.sampled_from(["paths", "ignore", "severity", "rules", "reason", "x"]), VALUES, max_size=3
)
CONFIGS = st.dictionaries(
    KEYS, VALUES | st.lists(PARTS, max_size=2) | st.dictionaries(NAMES, LEVELS, max_size=2), max_size=4
)


def accepts(data: object) -> bool:
    """Whether the records take it."""
    try:
        msgspec.convert(data, Config)
    except msgspec.ValidationError:
        return False
    return True


@settings(max_examples=400)
@given(CONFIGS)
def test_the_schema_and_the_records_agree(data: dict[str, Any]) -> None:
    # Names of rules and rows of commands are checked behind the records, with the nearest name at hand.
    unnamed = {key: value for key, value in data.items() if key not in ("commands", "images")}
    faults = [
        error for error in VALIDATOR.iter_errors(unnamed) if "RuleOrGroup" not in str(error.schema_path)
    ]
    names = [one for one in faults if one.validator == "enum" and len(one.validator_value) > 5]
    names = [error for error in names if isinstance(error.instance, str)]
    assert accepts(unnamed) is (len(faults) == len(names))


def test_the_schema_is_one() -> None:
    Draft202012Validator.check_schema(PUBLISHED)
    assert VALIDATOR.is_valid({})


@pytest.mark.parametrize("name", preset_names())
def test_a_preset_names_rules_that_there_are(name: str) -> None:
    layer = preset_layer(name)
    assert (layer.select or frozenset()) | layer.ignore | layer.severities.keys() <= heads().keys()


def test_what_the_presets_say() -> None:
    recommended, strict, logging = map(preset_layer, ("recommended", "strict", "logging"))
    # It is in force without being read, where no other is chosen.
    assert (recommended.select, recommended.ignore, recommended.severities) == (None, ASKED, {})
    assert strict.severities == dict.fromkeys(heads(), Severity.ERROR)
    groups = {heads()[rule].group for rule in logging.select or ()}
    assert groups == {"logging", "storage"}


def test_the_page_names_every_key_and_group() -> None:
    page = (ROOT / "docs" / "configuration.md").read_text(encoding="utf-8")
    keys = PUBLISHED["$defs"]["Config"]["properties"]
    assert [key for key in keys if f"{key}:" not in page and f"`{key}`" not in page] == []
    assert [group for group in GROUPS if f"`{group}`" not in page] == []


def test_the_examples_of_the_page_are_configurations(tmp_path: Path) -> None:
    page = (ROOT / "docs" / "configuration.md").read_text(encoding="utf-8")
    blocks = [block.split("```")[0] for block in page.split("```yaml\n")[1:]]
    assert len(blocks) >= 2
    for block in blocks:
        (tmp_path / ".podlint.yaml").write_text(block)
        table = read_table(str(tmp_path / ".podlint.yaml"))
        assert table is not None
        assert accepts(table.data)
        assert VALIDATOR.is_valid(table.data)
