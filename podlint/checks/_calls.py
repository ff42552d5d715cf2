"""The command that an effect belongs to."""

from __future__ import annotations

from podlint.shell.effects import Call
from podlint.storage.view import Placed


def call_of(placed: Placed) -> Call | None:
    """The innermost command around an effect; None for a redirection, and where the image does it."""
    effect = placed.effect
    around = [
        call
        for call in placed.process.calls
        if call.name == effect.by and call.text is effect.text and call.start <= effect.start < call.end
    ]
    return min(around, key=lambda call: call.end - call.start, default=None)
