"""Helm for tests: the real program, and charts written for it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from pathlib import Path

import pytest

CHART = "apiVersion: v2\nname: web\nversion: 1.0.0\n"


def require_helm() -> None:
    """Skip the test where there is no helm; fail it under PODLINT_REQUIRE_TOOLS=1."""
    if shutil.which("helm") is None:
        if os.environ.get("PODLINT_REQUIRE_TOOLS") == "1":
            pytest.fail("helm is not on PATH")
        pytest.skip("needs helm")


def write_chart(directory: Path, files: Mapping[str, str]) -> Path:
    """A chart with these files; a Chart.yaml where they have none."""
    for name, text in {"Chart.yaml": CHART, **files}.items():
        path = directory / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode())
    return directory
