"""From plain data to records: what fits is converted at once, and of what does not every fault is told."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec

from podlint.config.errors import ConfigurationError, Fault, Route, nearest
from podlint.config.reading import Table

if TYPE_CHECKING:
    from jsonschema import ValidationError

SCHEMA = os.path.join(os.path.dirname(__file__), "podlint.schema.json")
"""The published schema: made from `model.py` by `python3 dev.py data`."""

_T = TypeVar("_T", bound=msgspec.Struct)
_TYPES = {
    "array": "a list",
    "boolean": "true or false",
    "integer": "a whole number",
    "null": "nothing",
    "object": "a mapping",
    "string": "text",
}


def converted(table: Table, kind: type[_T]) -> _T:
    """The data of a table as a record. Raises `ConfigurationError` with all that does not fit."""
    try:
        return msgspec.convert(table.data, kind)
    except msgspec.ValidationError as error:
        faults = list(_faults(table)) or [Fault(table.path, str(error))]
        raise ConfigurationError(faults) from None


def _faults(table: Table) -> Iterator[Fault]:
    """What the schema says is wrong. jsonschema takes longer to import than all the rest of a run."""
    from jsonschema import Draft202012Validator

    with open(SCHEMA, "rb") as file:
        validator = Draft202012Validator(msgspec.json.decode(file.read()))
    for error in sorted(validator.iter_errors(table.data), key=lambda one: [str(step) for step in one.path]):
        yield from _told(error, table, tuple(error.absolute_path))


def _told(error: ValidationError, table: Table, route: Route) -> Iterator[Fault]:
    rule: Any = error.validator_value
    schema: Any = error.schema
    instance: Any = error.instance
    if error.validator == "additionalProperties":
        known = schema.get("properties", {})
        for key in instance:
            if key not in known:
                yield table.fault(f"there is no such key{nearest(key, known)}", (*route, key))
    elif error.validator == "required":
        missing = ", ".join(repr(key) for key in rule if key not in instance)
        yield table.fault(f"{missing} is missing", route)
    elif error.validator == "type":
        yield table.fault(f"must be {_TYPES.get(rule, rule)}, not {_name(instance)}", route)
    elif error.validator == "enum":
        known = list(map(str, rule))
        if len(known) > 5:
            yield table.fault(f"{instance!r} is not known here{nearest(str(instance), known)}", route)
        else:
            yield table.fault(f"must be one of {', '.join(known)}, not {instance!r}", route)
    else:
        yield table.fault(error.message, route)


def _name(value: object) -> str:
    if value is None:
        return "nothing"
    kinds = {bool: "boolean", int: "integer", float: "a number", str: "string", list: "array", dict: "object"}
    name = kinds.get(type(value), type(value).__name__)
    return _TYPES.get(name, name)
