"""What the analyser predicts of generated scripts is what they do.

Every script follows from its seed: `python -m tests.oracle.scripts SEED` prints it.
"""

from __future__ import annotations

import subprocess
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from .batches import compare_batch, in_batches
from .scripts import SHELLS, script

SCRIPTS = 300


@pytest.mark.thorough
@pytest.mark.oracle
def test_generated_scripts_do_what_is_predicted(capsys: pytest.CaptureFixture[str]) -> None:
    started = time.monotonic()
    batches = in_batches([script(seed) for seed in range(SCRIPTS)])
    with ThreadPoolExecutor(2) as pool:
        results = list(pool.map(compare_batch, batches))
    missed = [intent for comparison, _ in results for intent in comparison.missed]
    not_seen = [effect for comparison, _ in results for effect in comparison.not_seen]
    troubles = [trouble for _, troubles in results for trouble in troubles]
    with capsys.disabled():
        print(
            f"\noracle: {SCRIPTS} generated scripts, "
            f"{sum(comparison.effects for comparison, _ in results)} effects predicted, "
            f"{len(missed)} missed, {len(not_seen)} not seen, "
            f"{time.monotonic() - started:.0f} seconds"
        )
    assert troubles == []
    assert missed == []
    assert not_seen == []


def test_a_seed_makes_one_script_and_different_seeds_different_ones() -> None:
    texts = [script(seed).text for seed in range(60)]
    assert texts == [script(seed).text for seed in range(60)]
    assert len(set(texts)) == 60


@pytest.mark.parametrize("shell", SHELLS)
def test_the_shells_accept_what_is_generated_for_them(shell: str) -> None:
    command = ["busybox", "sh"] if shell == "busybox" else [shell]
    scripts = [one for one in map(script, range(90)) if one.shell == shell]
    assert len(scripts) == 30
    for one in scripts:
        read = subprocess.run([*command, "-n"], input=one.text, text=True, capture_output=True, check=False)
        assert read.returncode == 0, (one, read.stderr)
