"""Pictures as text, in which a report carries them."""

from __future__ import annotations

import json

import msgspec

from podlint.picture.model import Picture


def packed(picture: Picture) -> str:
    """A picture as JSON in ASCII, surrogates that stand alone included: names of files may hold them."""
    return json.dumps(msgspec.to_builtins(picture), separators=(",", ":"))


def unpacked(text: str) -> Picture:
    """The picture that was `packed`. Raises `msgspec.ValidationError` for another text."""
    return msgspec.convert(json.loads(text), Picture)
