"""The inputs that broke podlint when it was first attacked, where they lie beside the checkout."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.hostile.case import MAX_MEMORY, MAX_REPORT, ROOT, run
from tests.hostile.known import SHARED

DIRECTORY = ROOT.parent / "shared" / "cases" / "hostile"
HANGS = 5
"""These are small; three seconds are what they may take, and calls are counted meanwhile."""
pytestmark = [
    pytest.mark.thorough,
    pytest.mark.skipif(not sys.platform.startswith("linux"), reason="memory is read from /proc"),
    pytest.mark.skipif(not DIRECTORY.is_dir(), reason=f"no inputs at {DIRECTORY}"),
]


def inputs() -> list[object]:
    """All files, those that are known to fail marked."""
    return [
        pytest.param(
            path,
            id=path.name,
            marks=[pytest.mark.xfail(strict=True, reason=SHARED[path.name])] if path.name in SHARED else [],
        )
        for path in (sorted(DIRECTORY.iterdir()) if DIRECTORY.is_dir() else [])
    ]


@pytest.mark.parametrize("path", inputs())
def test_it_ends_within_bounds(path: Path, tmp_path: Path) -> None:
    outcome = run(tmp_path, ["check", str(path)], hangs=HANGS)
    assert outcome.code in (1, 3) or (outcome.code == 0 and "0 pods" not in outcome.shown)
    assert "internal error" not in outcome.shown
    assert outcome.peak < MAX_MEMORY, f"{outcome.peak / 1e6:.0f} MB"
    assert len(outcome.shown.encode()) < MAX_REPORT
    assert "S3CR3T" not in outcome.shown
    assert "##[" not in outcome.shown and "##vso[" not in outcome.shown
