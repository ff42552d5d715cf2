"""The words of a finding, put together."""

from __future__ import annotations

from podlint.display.escape import escape
from podlint.findings import Finding


def sentences(finding: Finding) -> list[str]:
    """What is wrong; where the finding has them, what will happen and what to do about it."""
    return [
        sentence(capital(escape(part))) if index else sentence(escape(part))
        for index, part in enumerate((finding.message, finding.outcome, finding.help))
        if part or not index
    ]


def sentence(text: str) -> str:
    """Ours end without a full stop; those of reports that put several in a row end with one."""
    return text if text.endswith((".", "!", "?")) else f"{text}."


def capital(text: str) -> str:
    """With a capital letter, unless it begins with a quoted name or a command."""
    return text[:1].upper() + text[1:]
