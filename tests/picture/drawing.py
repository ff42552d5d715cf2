"""Pods of fixtures with what is found in them, and their pictures."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from podlint.engine.analysis import Viewed
from podlint.engine.run import view_paths
from podlint.picture.build import picture_of
from podlint.picture.model import Picture
from podlint.storage.view import PodView

FIXTURES = Path(__file__).parents[2] / "fixtures"
SEED = str(FIXTURES / "seed" / "stage-2.yaml")


def some_fixtures() -> list[str]:
    """A few pods of each rule's fixtures."""
    found = [path for rule in sorted(FIXTURES.iterdir()) for path in sorted(rule.glob("*.yaml"))[::9]]
    return [str(path) for path in found]


def viewed(paths: Sequence[str]) -> Iterator[tuple[PodView, Viewed]]:
    """The pods at some paths, with what the rules find in them."""
    for one in view_paths(paths, checked=True):
        if one.pod is not None:
            yield one.pod, one


def pictures(paths: Sequence[str]) -> Iterator[Picture]:
    """The pictures of the pods at some paths, with all findings."""
    return (picture_of(pod, one.findings) for pod, one in viewed(paths))


def picture(path: str) -> Picture:
    """The picture of the one pod at a path."""
    [found] = pictures([path])
    return found
