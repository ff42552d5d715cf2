"""The object model of SARIF as JSON has it."""

from __future__ import annotations

from typing import Any

import attr

_known: dict[type[Any], list[tuple[str, str, Any]]] = {}
"""The properties of the classes that were met so far; `_properties` fills it."""


def plain(value: Any) -> Any:
    """A value of the object model: properties by their names in SARIF, those at their default left out.

    A level is always written: what its absence means depends on the rule (SARIF 2.1.0 3.27.10).
    """
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [plain(item) for item in value]
    if isinstance(value, str | int):
        return value
    return {
        sarif_name: plain(found)
        for name, sarif_name, default in _properties(type(value))
        if (found := getattr(value, name)) is not None and (name == "level" or found != default)
    }


def _properties(kind: type[Any]) -> list[tuple[str, str, Any]]:
    """The properties of a class of the object model: name in Python, name in SARIF, default value."""
    if kind not in _known:
        _known[kind] = [
            (
                field.name,
                field.metadata["schema_property_name"],
                default.factory() if hasattr(default := field.default, "factory") else default,
            )
            for field in attr.fields(kind)
        ]
    return _known[kind]
