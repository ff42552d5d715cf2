"""What the analyser predicts of the oracle's pods is what they do."""

from __future__ import annotations

import functools
import time

import pytest

from .comparison import compare_longer, view_of
from .corpus import SECONDS, fixtures, observe, observe_fixtures


@pytest.mark.thorough
@pytest.mark.oracle
def test_every_pod_does_what_is_predicted(capsys: pytest.CaptureFixture[str]) -> None:
    started = time.monotonic()
    observed = observe_fixtures()
    compared = {
        path.stem: compare_longer(view_of(path), SECONDS, functools.partial(observe, path))
        for path in fixtures()
        if path.stem in observed
    }
    missed = {name: one.missed for name, one in compared.items() if one.missed}
    not_seen = {name: one.not_seen for name, one in compared.items() if one.not_seen}
    with capsys.disabled():
        print(
            f"\noracle: {len(compared)} pods, "
            f"{sum(one.effects for one in compared.values())} effects predicted, "
            f"{sum(map(len, missed.values()))} missed, {sum(map(len, not_seen.values()))} not seen, "
            f"{time.monotonic() - started:.0f} seconds"
        )
    assert len(compared) >= 150
    assert missed == {}
    assert not_seen == {}


def test_every_pod_is_understood() -> None:
    """Pods that are not understood are not compared; all are."""
    doubtful = [
        path.stem
        for path in fixtures()
        if any(process.doubts for one in view_of(path).containers for process in one.processes)
    ]
    assert doubtful == []
