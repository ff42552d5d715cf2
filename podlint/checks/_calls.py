"""The command that an effect belongs to."""

from __future__ import annotations

from podlint.vocabulary import Call, Effect, PlacedEffect


def call_of(effect: PlacedEffect) -> Call | None:
    """The innermost command around an effect; None for a redirection, and where the image does it."""
    around = [call for call in effect.process.calls if call.name == effect.command and holds(call, effect)]
    return min(around, key=lambda call: call.end - call.start, default=None)


def holds(call: Call, effect: Effect | Call) -> bool:
    """Whether an effect, or another call, stands in a command's text, or (argv without a shell) in one of its
    arguments.

    True of the command itself and of those that run it (`exec`, `timeout`).
    """
    return call.holds(effect) or any(field.holds(effect) for field in call.fields)
