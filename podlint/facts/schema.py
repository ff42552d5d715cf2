"""The JSON schema of the facts, made from their form."""

from __future__ import annotations

from typing import Any

from podlint.facts.model import Facts


def schema() -> dict[str, Any]:
    """The JSON schema (draft 2020-12) of `Facts`."""
    from msgspec.json import schema_components

    (root,), components = schema_components([Facts], ref_template="#/$defs/{name}")
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "What podlint believes about pods",
        **root,
        "$defs": {name: _sorted(components[name]) for name in sorted(components)},
    }


def _sorted(part: Any) -> Any:
    """A part of the schema with its alternatives in one order, whatever the version of msgspec."""
    if isinstance(part, list):
        return [_sorted(one) for one in part]
    if not isinstance(part, dict):
        return part
    sorted_part = {key: _sorted(value) for key, value in part.items()}
    if "anyOf" in sorted_part:
        sorted_part["anyOf"].sort(key=str)
    return sorted_part
