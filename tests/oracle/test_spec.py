"""What the specification of the shell calls certain is done by ash, dash and bash, and nothing else is."""

from __future__ import annotations

import functools
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from podlint.storage.view import PlacedEffect
from tests.shell.specification import PATHS, SEEDS, Case, cases_of, manifest_of

from .comparison import compare_longer, view_of
from .oracle import run

SECONDS = 4.0
"""How long the scripts of one file are watched at first; they start together."""


def _runs(path: Path) -> dict[str, tuple[Case, str]]:
    """What is run of a file, in which shells, by names for their containers."""
    return {
        f"c{case.line}-{shell}": (case, shell)
        for case in cases_of(path)
        if case.right is None and "unseen" not in case.attributes
        for shell in case.shells
    }


RUN = [path for path in PATHS if _runs(path)]


@pytest.mark.oracle
@pytest.mark.parametrize("path", RUN, ids=lambda path: path.stem)
def test_the_shells_do_what_is_specified(path: Path) -> None:
    missed, not_seen = _differences()[path]
    assert missed == []
    assert not_seen == []


@functools.cache
def _differences() -> dict[Path, tuple[list[str], list[str]]]:
    """What was done and is not specified, and what is certain and was not done. Most of it is waiting."""
    with ThreadPoolExecutor(2) as pool:
        return dict(zip(RUN, pool.map(_compare, RUN), strict=True))


def _compare(path: Path) -> tuple[list[str], list[str]]:
    runs = _runs(path)
    manifest = manifest_of(runs)
    seeds = dict.fromkeys(runs, SEEDS)
    comparison = compare_longer(
        view_of(manifest), SECONDS, lambda seconds: run(manifest, seconds=seconds, clock="skip", seeds=seeds)
    )
    # A container is called after the line of its case and its shell.
    missed = [f"{one.container}: {one.operation} {one.path} {one.other or ''}" for one in comparison.missed]
    return missed, [
        f"{one.place.path} {one.action.value}" if isinstance(one, PlacedEffect) else str(one)
        for one in comparison.not_seen
    ]
