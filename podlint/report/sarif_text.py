"""Words in SARIF: messages that may quote a manifest, and names."""

from __future__ import annotations

import re

import sarif_om as om

from podlint.display.escape import escape, replace_surrogates
from podlint.report.sentences import sentence

_BRACKET = re.compile(r"[\\\[\]]")
"""What is escaped in the text of a link (SARIF 2.1.0 3.11.6)."""


def words(text: str) -> om.MultiformatMessageString:
    """Text of our own as SARIF wants it in descriptors."""
    return om.MultiformatMessageString(text=text)


def message(*sentences: str) -> om.Message:
    """Text that may quote a manifest: visible, and none of it a link (SARIF 2.1.0 3.11.6)."""
    text = " ".join(sentence(escape(part)) for part in sentences if part)
    # Where no bracket can close the text of a link, brackets may stand as they are.
    return om.Message(text=literal(text) if "](" in text else text)


def literal(text: str) -> str:
    """Text in which no character is part of a link (SARIF 2.1.0 3.11.6)."""
    return _BRACKET.sub(r"\\\g<0>", text)


def pascal(name: str) -> str | None:
    """`quoted-substitution` as `QuotedSubstitution`, the form that SARIF tools expect of a name.

    None for a single word, whose name would say no more than its id.
    """
    parts = name.split("-")
    return replace_surrogates("".join(part.capitalize() for part in parts)) if len(parts) > 1 else None
