"""The judge itself: it takes each kind of workload, and tells why it does not take another."""

from __future__ import annotations

from typing import Any

import pytest

from tests.kubernetes.client import JsonObject, Judge
from tests.kubernetes.completion import API_VERSIONS, api_objects

CONTAINER = {"name": "app", "image": "nginx:1.27"}
RUN_ONCE = frozenset({"Job", "CronJob"})


def workload(kind: str, **spec: Any) -> JsonObject:
    """An object of a kind whose pod has one container."""
    pod = {"containers": [CONTAINER], **({"restartPolicy": "Never"} if kind in RUN_ONCE else {}), **spec}
    if kind == "Pod":
        document: JsonObject = {"spec": pod}
    elif kind == "PodTemplate":
        document = {"template": {"spec": pod}}
    elif kind == "CronJob":
        document = {"spec": {"jobTemplate": {"spec": {"template": {"spec": pod}}}}}
    else:
        labels = {"app": "web"}
        document = {"spec": {"template": {"metadata": {"labels": labels}, "spec": pod}}}
        if kind == "ReplicationController":
            document["spec"]["selector"] = labels
    (completed,) = api_objects({"kind": kind, **document})
    return completed.value


@pytest.mark.parametrize("kind", API_VERSIONS)
def test_takes_each_kind(judge: Judge, kind: str) -> None:
    assert judge.complaints(workload(kind)) == []


@pytest.mark.parametrize("kind", API_VERSIONS)
def test_looks_at_the_pods_of_each_kind(judge: Judge, kind: str) -> None:
    mounts = [{"name": "logs", "mountPath": "/logs"}]
    (said,) = judge.complaints(workload(kind, containers=[{**CONTAINER, "volumeMounts": mounts}]))
    assert said.endswith('containers[0].volumeMounts[0].name: Not found: "logs"')


def test_claim_templates_are_volumes(judge: Judge) -> None:
    mounts = [{"name": "data", "mountPath": "/data"}]
    stateful = workload("StatefulSet", containers=[{**CONTAINER, "volumeMounts": mounts}])
    claim = {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Gi"}}}
    stateful["spec"]["volumeClaimTemplates"] = [{"metadata": {"name": "data"}, "spec": claim}]
    assert judge.complaints(stateful) == []


def test_ephemeral_containers_are_those_of_a_live_pod(judge: Judge) -> None:
    debugger: JsonObject = {"name": "debugger", "image": "busybox:1.36"}
    assert judge.complaints(workload("Pod", ephemeralContainers=[debugger])) == []
    debugger["ports"] = [{"containerPort": 80}]
    (said,) = judge.complaints(workload("Pod", ephemeralContainers=[debugger]))
    assert said.startswith("spec.ephemeralContainers[0].ports: Forbidden")


def test_privileged_containers_are_taken(judge: Judge) -> None:
    container = {**CONTAINER, "securityContext": {"privileged": True}}
    assert judge.complaints(workload("Pod", containers=[container])) == []


def test_wrong_types_and_unknown_fields_are_told(judge: Judge) -> None:
    (said,) = judge.complaints(workload("Pod", hostNetwork="yes"))
    assert said.startswith("json: cannot unmarshal string")
    assert judge.complaints(workload("Pod", hostNetwrok=True)) == [
        'strict decoding error: unknown field "spec.hostNetwrok"'
    ]


def test_yaml_becomes_json_as_with_kubectl(judge: Judge) -> None:
    written = "---\n# nothing\n---\nmode: 0755\nport: 080\non: yes\nname: ~\n---\n[1e3, 1_000]\n"
    assert judge.objects(written) == [
        {"mode": 0o755, "port": 80, "true": True, "name": None},
        [1000, 1000],
    ]


def test_an_unknown_kind_cannot_be_judged(judge: Judge) -> None:
    with pytest.raises(AssertionError, match="no kind"):
        judge.complaints({"apiVersion": "example.com/v1", "kind": "Pod"})
