"""Changes of a configuration that keep its comments and its form."""

from __future__ import annotations

import io
import os
from collections.abc import Sequence
from functools import partial
from typing import Any

from podlint.config.errors import ConfigurationError, Fault, nearest
from podlint.config.loading import load
from podlint.config.reading import NAME
from podlint.source.replacing import replace_file

LISTS = ("select", "ignore", "exclude", "context")
VALUES = (
    "preset",
    "kube-version",
    "fail-on",
    "min-severity",
    "strict",
    "render",
    "require-reason",
    "baseline",
    "cache",
    "cache-dir",
)
_MAPPING = "severity"


def add_to(path: str, key: str, values: Sequence[str]) -> None:
    """Add values to a list of a configuration, or set the one value of a key; the file is made where there is
    none.

    What comes out is checked before it takes the place of what was there. Raises `ConfigurationError` and
    `OSError`.
    """
    from ruamel.yaml import YAML

    if path.endswith(".toml"):
        raise ConfigurationError([Fault(path, f"only {NAME} can be changed; write this key by hand")])
    yaml = YAML()
    yaml.preserve_quotes = True
    yaml.width = 1_000_000
    exists = os.path.exists(path)
    if exists:
        # What cannot be used is not made worse, and what is wrong with it is told as always.
        load(path, os.curdir)
    with open(path, encoding="utf-8", newline="") if exists else io.StringIO() as file:
        text = file.read()
    document = yaml.load(text)
    if document is None:
        document = yaml.map()
    _put(document, path, key, values)
    made = io.StringIO(newline="")
    if text and document.keys() and yaml.load(text) is None:
        made.write(text if text.endswith("\n") else f"{text}\n")
    yaml.dump(document, made)
    replace_file(os.path.realpath(path), made.getvalue().encode(), partial(_check, path))


def _put(document: Any, path: str, key: str, values: Sequence[str]) -> None:
    head, _, name = key.partition(".")
    if key in LISTS:
        present = document.setdefault(key, [])
        if present is None:
            document[key] = present = []
        present += [value for value in values if value not in present]
    elif len(values) != 1:
        raise ConfigurationError([Fault(path, f"{key!r} takes one value")])
    elif head == _MAPPING and name:
        if document.get(head) is None:
            document[head] = {}
        document[head][name] = values[0]
    elif key in VALUES:
        document[key] = {"true": True, "false": False}.get(values[0], values[0])
    else:
        known = (*LISTS, *VALUES, f"{_MAPPING}.RULE")
        hint = nearest(key, known) or f"; there are {', '.join(known)}"
        raise ConfigurationError([Fault(path, f"{key!r} cannot be added to{hint}")])


def _check(path: str, beside: str) -> None:
    """Raise `ConfigurationError` where what was written cannot be used, with the name that it is to have."""
    try:
        load(beside, os.curdir)
    except ConfigurationError as error:
        name = os.path.relpath(beside)
        raise ConfigurationError(
            Fault(path, one.message, one.route) if one.path == name else one for one in error.faults
        ) from None
