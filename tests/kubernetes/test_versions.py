"""The versions of features that podlint knows are those of Kubernetes' feature gates."""

from __future__ import annotations

import pytest

from podlint.manifest.versions import (
    CONTAINER_RESTART_POLICY_DROPPED,
    FEATURES,
    NEWEST,
    KubeVersion,
    parse_version,
    shown,
)
from tests.kubernetes.client import JsonObject, Judge
from tests.kubernetes.completion import api_objects

FOR_GOOD = {"SidecarContainers"}
"""Features whose gates are gone, because nobody can turn them off any more."""

CONTAINER = {"name": "app", "image": "nginx:1.27"}
WHEN = {"exitCodes": {"operator": "In", "values": [42]}}
FILE = {"volumeName": "run", "path": "a.env", "key": "A"}

REJECTED_BEFORE: dict[str, tuple[JsonObject, str]] = {
    "RestartAllContainersOnContainerExits": (
        {
            "containers": [
                {
                    **CONTAINER,
                    "restartPolicy": "Never",
                    "restartPolicyRules": [{"action": "RestartAllContainers", **WHEN}],
                }
            ]
        },
        "restartPolicyRules[0].action: Unsupported value",
    ),
    "EnvFiles": (
        {
            "containers": [{**CONTAINER, "env": [{"name": "A", "valueFrom": {"fileKeyRef": FILE}}]}],
            "volumes": [{"name": "run", "emptyDir": {}}],
        },
        "env[0].valueFrom: Invalid value",
    ),
}
"""Pods that use a feature, and why the API server rejects them in the version before."""

DROPPED_BEFORE: dict[str, tuple[JsonObject, str]] = {
    "ContainerRestartRules": (
        {"containers": [{**CONTAINER, "restartPolicy": "Sometimes"}]},
        "restartPolicy: Unsupported value",
    ),
    "ImageVolume": (
        {
            "containers": [CONTAINER],
            "volumes": [{"name": "model", "image": {"pullPolicy": "Sometimes", "reference": "a/b:1"}}],
        },
        "image.pullPolicy: Unsupported value",
    ),
}
"""Pods that make a mistake with a feature, and why the API server rejects them; in the version before, it
drops the field and sees no mistake."""


def complaints(judge: Judge, spec: JsonObject, version: KubeVersion) -> list[str]:
    (pod,) = api_objects({"kind": "Pod", "spec": spec})
    return judge.complaints(pod.value, shown(version))


def before(version: KubeVersion) -> KubeVersion:
    return version[0], version[1] - 1


def test_features_are_on_from_the_version_that_podlint_knows(judge: Judge) -> None:
    known = judge.features(list(FEATURES))
    assert FEATURES.keys() - known.keys() == FOR_GOOD
    for gate, changes in known.items():
        since = next(change["since"] for change in changes if change["on"])
        assert parse_version(since) == FEATURES[gate], gate
        assert all(change["on"] for change in changes if parse_version(change["since"]) > FEATURES[gate])
    first = known["ContainerRestartRules"][0]
    assert (parse_version(first["since"]), first["on"]) == (CONTAINER_RESTART_POLICY_DROPPED, False)


def test_the_newest_version_is_that_of_the_judge(judge: Judge) -> None:
    assert judge.version() == shown(NEWEST)


@pytest.mark.parametrize("gate", REJECTED_BEFORE)
def test_the_version_before_rejects_a_pod(judge: Judge, gate: str) -> None:
    spec, words = REJECTED_BEFORE[gate]
    assert complaints(judge, spec, FEATURES[gate]) == []
    assert [one for one in complaints(judge, spec, before(FEATURES[gate])) if words in one]


@pytest.mark.parametrize("gate", DROPPED_BEFORE)
def test_the_version_before_drops_a_field(judge: Judge, gate: str) -> None:
    spec, words = DROPPED_BEFORE[gate]
    (said,) = complaints(judge, spec, FEATURES[gate])
    assert words in said
    assert complaints(judge, spec, before(FEATURES[gate])) == []


def test_every_feature_is_tried() -> None:
    assert REJECTED_BEFORE.keys() | DROPPED_BEFORE.keys() | FOR_GOOD == FEATURES.keys()


def test_a_sidecar_is_more_than_an_init_container(judge: Judge) -> None:
    probe = {"readinessProbe": {"httpGet": {"port": 80}}}
    app = {"containers": [CONTAINER]}
    sidecar = {"name": "side", "image": "nginx:1.27", "restartPolicy": "Always", **probe}
    assert complaints(judge, {**app, "initContainers": [sidecar]}, NEWEST) == []
    (said,) = complaints(judge, {**app, "initContainers": [{**sidecar, "restartPolicy": "Never"}]}, NEWEST)
    assert "readinessProbe: Forbidden" in said
