"""The fields that podlint knows are those of Kubernetes' own types."""

from __future__ import annotations

import pytest

from podlint.manifest.fields import CONTAINER, MOUNT, POD, POD_SECURITY, SECURITY, VARIABLE, VOLUME_SOURCES
from tests.kubernetes.client import Judge

FORMER = {"workloadRef"}
"""Fields that only other versions of a pod have."""


def test_the_fields_of_a_pod(judge: Judge) -> None:
    assert judge.fields("PodSpec") | FORMER == POD


def test_the_fields_of_a_container(judge: Judge) -> None:
    assert judge.fields("Container") | judge.fields("EphemeralContainer") == CONTAINER


def test_the_sources_of_a_volume(judge: Judge) -> None:
    assert judge.fields("Volume") - {"name"} == VOLUME_SOURCES


@pytest.mark.parametrize(
    ("kind", "known"),
    [
        ("PodSecurityContext", POD_SECURITY),
        ("SecurityContext", SECURITY),
        ("VolumeMount", MOUNT),
        ("EnvVar", VARIABLE),
    ],
)
def test_the_fields_of_their_parts(judge: Judge, kind: str, known: frozenset[str]) -> None:
    assert judge.fields(kind) == known
