"""What still breaks podlint. Each line is a test that must fail: whoever mends it takes the line away, as the
test fails otherwise."""

from __future__ import annotations

KNOWN: dict[str, str] = {}
"""By `Case.id`: what is wrong."""

SHARED: dict[str, str] = {}
"""The same of the inputs that lie beside the checkout, by the name of the file."""
