"""What controllers have made is told once: at the owner, or for it by the first of its objects."""

from __future__ import annotations

import json
from typing import Any

import pytest
import yaml

from podlint import lint_text
from podlint.findings import Report

SPEC = {
    "containers": [
        {
            "name": "a",
            "image": "busybox",
            "command": ["sh", "-c", "date >> /log/x; sleep 9"],
            "volumeMounts": [{"name": "log", "mountPath": "/log"}],
        },
        {
            "name": "b",
            "image": "busybox",
            "command": ["tail", "-f", "/in/x"],
            "volumeMounts": [{"name": "log", "mountPath": "/in"}],
        },
    ],
    "volumes": [{"name": "log", "emptyDir": {}}],
}
"""A pod spec in which "b" may read before "a" has written."""
RULE = "read-before-created"
VERSIONS = {"Pod": "v1", "Job": "batch/v1", "CronJob": "batch/v1", "ReplicationController": "v1"}


def made(kind: str, name: str, owner: str = "", namespace: str = "shop", **more: Any) -> dict[str, Any]:
    """An object with that pod spec; `owner` is `Kind/name`, or `group/version/Kind/name`."""
    metadata: dict[str, Any] = {"name": name, "namespace": namespace}
    if owner:
        version, _, rest = owner.rpartition("/")[0].rpartition("/")
        reference = {"apiVersion": version or VERSIONS.get(rest, "apps/v1"), "kind": rest}
        reference |= {"name": owner.rpartition("/")[2], "uid": "1", "controller": True}
        metadata["ownerReferences"] = [reference]
        if "-5d4f" in name:
            metadata["labels"] = {"pod-template-hash": "5d4f"}
    spec: dict[str, Any] = SPEC if kind == "Pod" else {"template": {"spec": SPEC}, **more}
    if kind == "CronJob":
        spec = {"jobTemplate": {"spec": spec}}
    return {"apiVersion": VERSIONS.get(kind, "apps/v1"), "kind": kind, "metadata": metadata, "spec": spec}


def listed(items: list[dict[str, Any]], form: str) -> Report:
    """The report of a list as kubectl prints it, in a form."""
    items = json.loads(json.dumps(items))  # Without what would be written as aliases.
    whole = {"apiVersion": "v1", "items": items, "kind": "List", "metadata": {"resourceVersion": ""}}
    if form == "documents":
        return lint_text(yaml.safe_dump_all(items), "list.yaml")
    if form == "yaml":
        return lint_text(yaml.safe_dump(whole), "list.yaml")
    return lint_text(json.dumps(whole, indent=4 if form == "json" else None), "list.json")


def told(report: Report) -> list[str]:
    """The pods of the findings of that one rule."""
    assert not report.unread
    return [finding.pod for finding in report.findings if finding.rule == RULE]


FORMS = pytest.mark.parametrize("form", ["json", "one line", "yaml", "documents"])


@FORMS
def test_pods_are_told_at_their_deployment(form: str) -> None:
    pods = [made("Pod", f"web-5d4f-{one}", "ReplicaSet/web-5d4f") for one in "abc"]
    report = listed([*pods, made("Deployment", "web")], form)
    assert told(report) == ["Deployment/web"]
    assert (report.pods, report.controlled, report.documents) == (1, 3, 4)


@FORMS
def test_pods_stand_once_for_an_owner_that_is_not_there(form: str) -> None:
    pods = [made("Pod", f"web-5d4f-{one}", "ReplicaSet/web-5d4f") for one in "abc"]
    sets = [made("Pod", f"db-{one}", "StatefulSet/db") for one in range(2)]
    report = listed([*pods, *sets, made("Pod", "alone")], form)
    assert sorted(told(report)) == ["Deployment/web", "Pod/alone", "StatefulSet/db"]
    assert report.controlled == 3
    finding = next(one for one in report.findings if one.pod == "Deployment/web" and one.rule == RULE)
    assert finding.object == "Deployment/web", "the name of a pod is another one tomorrow"


def test_the_identity_outlives_a_pod() -> None:
    old, new = (
        listed([made("Pod", f"web-5d4f-{one}", "ReplicaSet/web-5d4f")], "json").findings for one in "xy"
    )
    assert [one.identity for one in old] == [one.identity for one in new]


def test_old_replica_sets_are_not_told() -> None:
    old = made("ReplicaSet", "web-1111", "Deployment/web", replicas=0)
    new = made("ReplicaSet", "web-5d4f", "Deployment/web", replicas=2)
    report = listed([old, new, made("Pod", "web-5d4f-x", "ReplicaSet/web-5d4f")], "json")
    assert told(report) == ["Deployment/web"]
    for form in ("json", "yaml"):
        assert listed([old, made("Deployment", "web")], form).controlled == 1


@FORMS
def test_jobs_of_a_cron_job(form: str) -> None:
    jobs = [made("Job", f"night-2939{one}234", "CronJob/night") for one in range(3)]
    pods = [made("Pod", f"{job['metadata']['name']}-x", f"Job/{job['metadata']['name']}") for job in jobs]
    assert told(listed([*pods, *jobs, made("CronJob", "night")], form)) == ["CronJob/night"]
    assert told(listed([*pods, *jobs], form)) == ["CronJob/night"]
    assert told(listed(pods, form)) == ["CronJob/night"]


def test_the_same_name_in_another_namespace_is_another_owner() -> None:
    pods = [made("Pod", "web-5d4f-a", "ReplicaSet/web-5d4f", namespace) for namespace in ("one", "two")]
    assert told(listed([*pods, made("Deployment", "web", namespace="one")], "json")) == ["Deployment/web"] * 2


@pytest.mark.parametrize(
    "owner", ["v1/Node/node-1", "argoproj.io/v1alpha1/Workflow/w", "batch.volcano.sh/v1/Job/j"]
)
def test_pods_that_have_nothing_in_common_are_all_told(owner: str) -> None:
    pods = [made("Pod", name, owner) for name in ("etcd", "scheduler")]
    assert told(listed(pods, "json")) == ["Pod/etcd", "Pod/scheduler"]


def test_an_owner_that_does_not_control_counts_for_nothing() -> None:
    pods = [made("Pod", name, "ReplicaSet/web-5d4f") for name in ("a", "b")]
    for pod in pods:
        del pod["metadata"]["ownerReferences"][0]["controller"]
    assert told(listed(pods, "json")) == ["Pod/a", "Pod/b"]


def test_who_owns_one_another_is_told() -> None:
    """Nobody can make such objects, but somebody may write them."""
    ring = [made("ReplicaSet", "a", "ReplicaSet/b"), made("ReplicaSet", "b", "ReplicaSet/a")]
    report = listed(ring, "json")
    assert len(told(report)) + report.controlled == 2
    assert told(report)
