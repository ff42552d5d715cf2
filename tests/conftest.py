"""Fixtures for all tests."""

from __future__ import annotations

from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def corpus() -> Path:
    """A directory of real manifests that is kept beside the checkout, not in it."""
    path = ROOT.parent / "shared" / "corpus" / "manifests"
    if not path.is_dir():
        pytest.skip(f"no corpus of manifests at {path}")
    return path
