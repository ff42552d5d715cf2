"""JSON as it is printed: ASCII, and no command to a CI runner in it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from podlint.display.escape import COMMAND

Json = Mapping[str, "Json"] | Sequence["Json"] | str | int | bool


def json_text(document: object) -> str:
    """A document as JSON, indented by two spaces."""
    return _defused(json.dumps(document, indent=2)) + "\n"


def json_line(document: object) -> str:
    """A document as JSON on one line."""
    return _defused(json.dumps(document)) + "\n"


def _defused(text: str) -> str:
    """What runners take for commands stands only in strings, where an escape means the same character."""
    return COMMAND.sub("\\\\u0023", text)
