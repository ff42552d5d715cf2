"""Makes of a document what a user would send: fixtures leave out what they are not about."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any, NamedTuple

from tests.kubernetes.client import JsonObject

API_VERSIONS = {
    "Pod": "v1",
    "PodTemplate": "v1",
    "ReplicationController": "v1",
    "Deployment": "apps/v1",
    "ReplicaSet": "apps/v1",
    "StatefulSet": "apps/v1",
    "DaemonSet": "apps/v1",
    "Job": "batch/v1",
    "CronJob": "batch/v1",
}
_GROUPS = frozenset(version.rpartition("/")[0] for version in API_VERSIONS.values()) | {"extensions"}
_SELECTING = frozenset(kind for kind, version in API_VERSIONS.items() if version == "apps/v1")


class ApiObject(NamedTuple):
    """An object with pods, complete. `foreign`: it is a Pod that the controller of a kind that is not
    Kubernetes' own would make, which may add to it."""

    value: JsonObject
    foreign: bool


def api_objects(document: Any) -> Iterator[ApiObject]:
    """The objects with pods in a document, as kubectl turned it into JSON."""
    if not isinstance(document, dict):
        return
    if _is_native(document):
        yield ApiObject(_completed(copy.deepcopy(document)), foreign=False)
    elif isinstance(document.get("items"), list):
        for item in document["items"]:
            yield from api_objects(item)
    else:
        for spec in _pod_specs(document):
            pod = {"kind": "Pod", "spec": _with_names(copy.deepcopy(spec))}
            yield ApiObject(_completed(pod), foreign=True)


def _is_native(document: JsonObject) -> bool:
    """Whether an object is of a kind of Kubernetes that carries pods."""
    group, _, _ = str(document.get("apiVersion", "")).rpartition("/")
    return document.get("kind") in API_VERSIONS and group in _GROUPS


def _pod_specs(value: Any) -> Iterator[JsonObject]:
    """Every mapping that looks like a pod spec."""
    if isinstance(value, list):
        for item in value:
            yield from _pod_specs(item)
    elif isinstance(value, dict):
        if isinstance(value.get("containers"), list):
            yield value
        else:
            for below in value.values():
                yield from _pod_specs(below)


def _with_names(spec: JsonObject) -> JsonObject:
    """Name the containers, as Knative and Prow do where the manifest does not."""
    for index, container in enumerate(spec["containers"]):
        container.setdefault("name", f"container-{index}")
    return spec


def _completed(given: JsonObject) -> JsonObject:
    kind = given["kind"]
    given["apiVersion"] = API_VERSIONS[kind]
    metadata = given["metadata"] = given.get("metadata") or {}
    if not metadata.get("generateName"):
        metadata.setdefault("name", "example")
    spec = given.get("spec")
    if isinstance(spec, dict):
        if kind == "Pod":
            # The admission plugin ServiceAccount, which runs before validation, does that.
            spec.setdefault("serviceAccountName", "default")
        elif kind == "CronJob":
            spec.setdefault("schedule", "0 0 * * *")
        elif kind in _SELECTING:
            _select(spec)
    return given


def _select(spec: JsonObject) -> None:
    """Give a workload a selector, and its pods the labels for it, where it has none."""
    if "selector" in spec or not isinstance(spec.get("template"), dict):
        return
    metadata = spec["template"]["metadata"] = spec["template"].get("metadata") or {}
    labels = metadata.setdefault("labels", {"app": "example"})
    spec["selector"] = {"matchLabels": labels}
