"""Fixtures for all tests."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

# What takes long on a busy machine is not wrong: no property is bounded by a clock.
settings.register_profile("podlint", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("podlint")

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def corpus() -> Path:
    """A directory of real manifests that is kept beside the checkout, not in it."""
    path = ROOT.parent / "shared" / "corpus" / "manifests"
    if not path.is_dir():
        pytest.skip(f"no corpus of manifests at {path}")
    return path
