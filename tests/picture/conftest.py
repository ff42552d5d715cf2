"""What the tests of pictures in a real browser share."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.report.browser import chromium


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """A browser; skips the test where there is none."""
    yield from chromium()
