"""What a mesh puts into a pod of a cluster changes nothing that is said of the rest."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from podlint import lint_text

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures"
PODS = [
    document
    for directory in ("seed", "rotator-race", "two-writers", "user-mismatch", "nobody-listens")
    for path in sorted((FIXTURES / directory).glob("*.yaml"))
    for document in yaml.safe_load_all(path.read_text(encoding="utf-8"))
    if document and document["kind"] == "Pod"
]
MESHES = {
    "istio": ("sidecar.istio.io/status", "istio-proxy", "istio-init"),
    "linkerd": ("linkerd.io/proxy-version", "linkerd-proxy", "linkerd-init"),
}


def injected(pod: dict[str, Any], annotation: str, proxy: str, init: str) -> dict[str, Any]:
    """A pod with the proxy of a mesh."""
    found = copy.deepcopy(pod)
    found["metadata"].setdefault("annotations", {})[annotation] = "put in"
    spec = found["spec"]
    mount = {"name": "proxy-data", "mountPath": "/var/lib/proxy"}
    spec["containers"].append({"name": proxy, "image": "registry.example/proxy:1", "volumeMounts": [mount]})
    spec["initContainers"] = [
        {"name": init, "image": "registry.example/proxy:1"},
        *spec.get("initContainers", []),
    ]
    spec["volumes"] = [*spec.get("volumes", []), {"name": "proxy-data", "emptyDir": {}}]
    return found


def told(pod: dict[str, Any]) -> list[tuple[str, str, str]]:
    findings = lint_text(json.dumps(pod), "pod.json").findings
    return sorted((one.rule, one.container, one.message) for one in findings)


@pytest.mark.parametrize("mesh", MESHES)
def test_a_proxy_changes_no_finding(mesh: str) -> None:
    assert len(PODS) > 20
    for pod in PODS:
        assert told(injected(pod, *MESHES[mesh])) == told(pod), pod["metadata"]["name"]


def test_a_container_of_that_name_is_read_where_nothing_says_that_it_was_put_in() -> None:
    spec = {
        "containers": [
            {"name": "istio-proxy", "image": "busybox", "command": ["sh", "-c", "echo '$(date)' >> /x"]}
        ]
    }
    pod = {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "web"}, "spec": spec}
    assert {container for _, container, _ in told(pod)} == {"istio-proxy"}
