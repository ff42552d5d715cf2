"""The inputs that broke podlint when it was first attacked, where they lie beside the checkout."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

from tests.hostile.case import MAX_CALLS, MAX_MEMORY, MAX_REPORT, ROOT, run
from tests.hostile.known import SHARED

DIRECTORY = ROOT.parent / "shared" / "cases" / "hostile"
HOLDING_NO_POD = {"invalid-secret.yaml": "a Secret, which is not read: nothing of it may be shown"}
"""Of all others something must be said: what was found or not read, what is a template, or how many pods."""
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
    outcome = run(tmp_path, ["check", str(path)])
    assert outcome.code in (0, 1, 3), f"ended with {outcome.code}: {outcome.said[-500:]}"
    told = outcome.code != 0 or re.search(r"^skipped: 1 template: \S+:\d+$", outcome.shown, re.MULTILINE)
    assert told or re.search(r"\b[1-9]\d* pods?\b", outcome.shown) or path.name in HOLDING_NO_POD
    assert outcome.calls < MAX_CALLS, f"{outcome.calls} calls"
    assert "internal error" not in outcome.shown
    assert outcome.peak < MAX_MEMORY, f"{outcome.peak / 1e6:.0f} MB"
    assert len(outcome.shown.encode()) < MAX_REPORT
    assert "S3CR3T" not in outcome.shown
    assert "##[" not in outcome.shown and "##vso[" not in outcome.shown
