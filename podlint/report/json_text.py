"""JSON as it is printed: ASCII, indented by two spaces, and no command to a CI runner in it."""

from __future__ import annotations

import json

from podlint.report.escape import COMMAND


def json_text(document: object) -> str:
    """A document as JSON. What runners take for commands stands only in strings, where an escape means the
    same character."""
    return COMMAND.sub("\\\\u0023", json.dumps(document, indent=2)) + "\n"
