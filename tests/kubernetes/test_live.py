"""What the API server makes of a manifest changes no finding: defaults, the token, status, and what kubectl
and controllers leave in the metadata."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from typing import Any

import pytest
import yaml

from podlint import lint_text
from podlint.findings import Report
from tests.kubernetes.cases import Case, cases
from tests.kubernetes.client import JsonObject, Judge
from tests.kubernetes.completion import api_objects

CASES = cases()
RANGE = 40
"""Documents of one test: each is quick, and a name for each would say nothing."""

TOKEN = "/var/run/secrets/kubernetes.io/serviceaccount"
# plugin/pkg/admission/serviceaccount, TokenVolumeSource.
ACCESS = {
    "name": "kube-api-access-x7k2p",
    "projected": {
        "defaultMode": 420,
        "sources": [
            {"serviceAccountToken": {"expirationSeconds": 3607, "path": "token"}},
            {"configMap": {"items": [{"key": "ca.crt", "path": "ca.crt"}], "name": "kube-root-ca.crt"}},
            {
                "downwardAPI": {
                    "items": [
                        {
                            "fieldRef": {"apiVersion": "v1", "fieldPath": "metadata.namespace"},
                            "path": "namespace",
                        }
                    ]
                }
            },
        ],
    },
}
TOLERATIONS = [
    {"effect": "NoExecute", "key": f"node.kubernetes.io/{one}", "operator": "Exists"}
    for one in ("not-ready", "unreachable")
]
CONDITION = {"type": "Ready", "status": "True", "lastTransitionTime": "2027-01-01T00:00:00Z"}


def as_in_a_cluster(given: JsonObject, sent: JsonObject) -> JsonObject:
    """A defaulted object with what admission, kubectl, the scheduler and the kubelet add."""
    live = copy.deepcopy(given)
    metadata = live["metadata"]
    metadata |= {
        "uid": "5b0f6d0e-0000-4000-8000-000000000000",
        "resourceVersion": "4711",
        "creationTimestamp": "2027-01-01T00:00:00Z",
        "generation": 1,
        "managedFields": [{"manager": "kubectl", "fieldsV1": {"f:spec": {"f:containers": {}}}}],
    }
    annotations = dict(metadata.get("annotations") or {})
    annotations["kubectl.kubernetes.io/last-applied-configuration"] = json.dumps(sent) + "\n"
    metadata["annotations"] = annotations
    if live["kind"] == "Pod":
        _run(live)
    return live


def _run(pod: JsonObject) -> None:
    spec = pod["spec"]
    spec |= {"nodeName": "node-1", "priority": 0, "preemptionPolicy": "PreemptLowerPriority"}
    spec["tolerations"] = [*(spec.get("tolerations") or []), *TOLERATIONS]
    if spec.get("automountServiceAccountToken") is not False:
        spec["volumes"] = [*(spec.get("volumes") or []), ACCESS]
        for container in (*(spec.get("initContainers") or []), *spec["containers"]):
            mounts = container.get("volumeMounts") or []
            if all(one.get("mountPath") != TOKEN for one in mounts):
                mount = {"mountPath": TOKEN, "name": ACCESS["name"], "readOnly": True}
                container["volumeMounts"] = [*mounts, mount]
    pod["status"] = {
        "phase": "Running",
        "podIP": "10.1.2.3",
        "conditions": [CONDITION],
        "containerStatuses": [
            {"name": one["name"], "image": one.get("image", ""), "ready": True, "restartCount": 3}
            for one in spec["containers"]
        ],
    }


def told(report: Report) -> list[tuple[str, str, str]]:
    """The findings as rule, container and severity."""
    assert not report.unread
    every = [*report.findings, *(one.finding for one in report.suppressed)]
    return sorted((one.rule, one.container, one.severity.value) for one in every)


def _read(case: Case, judge: Judge) -> list[Any]:
    try:
        return judge.objects(case.text)
    except AssertionError:
        return []  # kubectl cannot read it either.


def differences(case: Case, judge: Judge) -> Iterator[str]:
    """Where the findings of the objects of a document differ from those of the live ones."""
    for document in _read(case, judge):
        for sent, foreign in api_objects(document):
            if foreign or judge.complaints(copy.deepcopy(sent)):
                continue
            live = as_in_a_cluster(judge.live(sent), sent)
            plain = told(lint_text(yaml.safe_dump(sent, sort_keys=False), "sent.yaml"))
            listed = {"apiVersion": "v1", "items": [live], "kind": "List", "metadata": {}}
            for form, text in (
                ("json", json.dumps(listed, indent=4)),
                ("yaml", yaml.safe_dump(listed)),
            ):
                found = told(lint_text(text, f"live.{form}"))
                if found != plain:
                    gone = [one for one in plain if one not in found]
                    new = [one for one in found if one not in plain]
                    yield f"{case.name} as {form}: gone {gone}, new {new}"


@pytest.mark.parametrize("start", range(0, len(CASES), RANGE))
def test_a_live_object_has_the_findings_of_its_manifest(judge: Judge, start: int) -> None:
    found = [one for case in CASES[start : start + RANGE] for one in differences(case, judge)]
    assert not found, "\n".join(found)
