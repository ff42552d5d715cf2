"""`python -m tools.schema [--check]`: write the published schema of the configuration, made from its records.

Exits with 1 where (`--check`) the one that is there is stale.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import msgspec

from podlint.config.model import Config
from podlint.config.validation import SCHEMA
from podlint.knowledge.rows import CommandRow, ImageRow
from podlint.pages import GROUPS, heads
from tools.generated import keep

Json = dict[str, Any]


def schema() -> Json:
    """The schema of `.podlint.yaml`, with the names of rules and groups, and rows of commands and images."""
    (whole, command, image), parts = msgspec.json.schema_components(
        [Config, CommandRow, ImageRow], ref_template="#/$defs/{name}"
    )
    parts["RuleOrGroup"] = {"enum": [*GROUPS, *heads()]}
    parts["Commands"] = {"type": "object", "additionalProperties": command}
    parts["Images"] = {"type": "object", "additionalProperties": image}
    # A port may be a number alone, and a team's own image is known to the team.
    parts["ImageRow"]["properties"]["ports"]["items"] = {
        "anyOf": [{"type": "integer"}, parts["ImageRow"]["properties"]["ports"]["items"]]
    }
    made: Json = _tidy({"$schema": "https://json-schema.org/draft/2020-12/schema", **whole, "$defs": parts})
    return made


def _tidy(value: Any) -> Any:
    """A schema without what only Python says: defaults, and `null` for a key that is not there."""
    if isinstance(value, list):
        return [_tidy(one) for one in value]
    if not isinstance(value, dict):
        return value
    options = [one for one in value.get("anyOf", []) if one != {"type": "null"}]
    if len(options) == 1:
        value = {key: one for key, one in value.items() if key != "anyOf"} | options[0]
    if "$ref" in value:
        value = {key: one for key, one in value.items() if key in ("$schema", "$ref", "$defs", "description")}
    if isinstance(value.get("description"), str):
        value = value | {"description": " ".join(value["description"].split())}
    drop = () if "default" in value.get("properties", {}) else ("default", "title")
    return {key: _tidy(one) for key, one in value.items() if key not in drop}


def text() -> str:
    """The same as it is written into the file."""
    return msgspec.json.format(msgspec.json.encode(schema()), indent=2).decode() + "\n"


if __name__ == "__main__":
    sys.exit(keep(Path(SCHEMA), text(), sys.argv[1:]))
