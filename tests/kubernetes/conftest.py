"""The judge for all tests here: one process."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.kubernetes.client import Judge, program


@pytest.fixture(scope="session")
def judge() -> Iterator[Judge]:
    """The judge of Kubernetes."""
    running = Judge(program())
    yield running
    running.close()
