"""Versions as people and tools write them."""

from __future__ import annotations

import pytest

from podlint.manifest.versions import KubeVersion, parse_version, shown

WRITTEN = {
    "1.29": (1, 29),
    "v1.29": (1, 29),
    "1.29.3": (1, 29),
    "v1.29.3-eks-036c24b": (1, 29),
    "1.29+": (1, 29),
    "1": None,
    "": None,
    "newest": None,
    "1.29\n": None,
    "٣.٢": None,
    "1.2900": None,
}


@pytest.mark.parametrize(("written", "version"), WRITTEN.items())
def test_a_version_is_read(written: str, version: KubeVersion | None) -> None:
    assert parse_version(written) == version


def test_a_version_is_shown_as_it_can_be_given() -> None:
    assert parse_version(shown((1, 9))) == (1, 9)
