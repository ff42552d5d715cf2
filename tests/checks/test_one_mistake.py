"""One mistake is one finding: which of two rules speaks where both see the same cause, and when both do."""

from __future__ import annotations

import json

import pytest

from podlint import Options, lint_text
from podlint.findings import Finding
from podlint.manifest.versions import NEWEST, KubeVersion


def findings(
    kind: str, containers: list[object], *rules: str, version: KubeVersion = NEWEST, **spec: object
) -> list[Finding]:
    """What some rules report of a workload with these containers."""
    pod = {"containers": containers, **spec}
    whole = {
        "apiVersion": "batch/v1" if kind == "Job" else "v1",
        "kind": kind,
        "metadata": {"name": "one"},
        "spec": {"template": {"spec": pod}} if kind == "Job" else pod,
    }
    options = Options(select=frozenset(rules), kube_version=version)
    return lint_text(json.dumps(whole), options=options).findings


def told(found: list[Finding]) -> list[tuple[str, str, list[str]]]:
    """The rule, the severity and the other rules that its labels name."""
    return [
        (
            one.rule,
            one.severity.value,
            [label.text.rpartition("(")[2].rstrip(")") for label in one.related if label.text.endswith(")")],
        )
        for one in found
    ]


WORK = {"name": "work", "image": "registry.example/work:1"}
TAIL = {
    "name": "logs",
    "image": "busybox:1.36",
    "command": ["tail", "-F", "/logs/a"],
    "restartPolicy": "Always",
}
MISPLACED, ENDLESS = "misplaced-restart-policy", "endless-sidecar-in-job"
SIDECARS: dict[str, tuple[str, KubeVersion, dict[str, object], tuple[str, str, list[str]]]] = {
    "a job never completes": ("Job", NEWEST, {"restartPolicy": "Never"}, (ENDLESS, "error", [MISPLACED])),
    "a job is never created": (
        "Job",
        (1, 33),
        {"restartPolicy": "Never"},
        (MISPLACED, "error", [ENDLESS]),
    ),
    "a deadline ends the job": (
        "Job",
        NEWEST,
        {"restartPolicy": "Never", "activeDeadlineSeconds": 60},
        (ENDLESS, "warning", [MISPLACED]),
    ),
    "a pod runs on": ("Pod", NEWEST, {"restartPolicy": "Never"}, (MISPLACED, "warning", [ENDLESS])),
    "a pod is restarted": ("Pod", NEWEST, {}, (MISPLACED, "warning", [])),
}


@pytest.mark.parametrize(("kind", "version", "spec", "expected"), SIDECARS.values(), ids=SIDECARS)
def test_a_sidecar_in_the_wrong_list(
    kind: str, version: KubeVersion, spec: dict[str, object], expected: tuple[str, str, list[str]]
) -> None:
    found = findings(kind, [WORK, TAIL], MISPLACED, ENDLESS, version=version, **spec)
    assert told(found) == [expected]


def test_another_policy_in_the_wrong_list_is_another_mistake() -> None:
    tail = {**TAIL, "restartPolicy": "Never"}
    found = findings("Job", [WORK, tail], MISPLACED, ENDLESS, version=(1, 33), restartPolicy="Never")
    assert told(found) == [(ENDLESS, "error", []), (MISPLACED, "error", [])]


NAMES, PORTS = "duplicate-container-name", "port-conflict"


def web(name: str, port: int) -> object:
    """A container that declares a port; all of them are made of one image."""
    return {"name": name, "image": "registry.example/web:1", "ports": [{"containerPort": port}]}


COPIES: dict[str, tuple[list[object], list[tuple[str, str, list[str]]]]] = {
    "one name and one port": (
        [web("a", 80), web("a", 80)],
        [(NAMES, "error", []), (PORTS, "error", [NAMES])],
    ),
    "one name and two ports": ([web("a", 80), web("a", 81)], [(NAMES, "error", [])]),
    "two names and one port": ([web("a", 80), web("b", 80)], [(PORTS, "error", [])]),
}


@pytest.mark.parametrize(("containers", "expected"), COPIES.values(), ids=COPIES)
def test_another_name_for_a_copy_does_not_give_it_another_port(
    containers: list[object], expected: list[tuple[str, str, list[str]]]
) -> None:
    assert told(findings("Pod", containers, NAMES, PORTS)) == expected
