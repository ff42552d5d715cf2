"""Which of two rules about how containers start and end is reported, and that the other speaks without it."""

from __future__ import annotations

import json

import pytest

from podlint import Options, lint_text
from podlint.findings import Finding
from podlint.manifest.versions import NEWEST, KubeVersion
from tests.engine.arbitration import assert_one_is_reported

MISPLACED, ENDLESS = "misplaced-restart-policy", "endless-sidecar-in-job"
PAIRS = [
    ("script-not-executable", "api-volume-write", "good-changed-in-place"),
    ("one-shot-container", "argv-needs-shell", "good-no-script"),
    ("one-shot-container", "script-not-executable", "good-told-by-script-not-executable"),
    (MISPLACED, ENDLESS, "good-endless-in-job"),
    (ENDLESS, MISPLACED, "good-misplaced-in-pod"),
    ("start-race", ENDLESS, "good-told-by-endless-sidecar"),
    ("shipper-stops-first", MISPLACED, "good-told-by-misplaced-policy"),
]
"""Rules that yield: to which other rule, and in which of their fixtures."""


@pytest.mark.parametrize(("yielding", "speaking", "fixture"), PAIRS)
def test_a_rule_is_silent_only_where_the_other_one_is_reported(
    yielding: str, speaking: str, fixture: str
) -> None:
    assert_one_is_reported(yielding, speaking, fixture)


WORK = {"name": "work", "image": "registry.example/work:1"}
TAIL = {
    "name": "logs",
    "image": "busybox:1.36",
    "command": ["tail", "-F", "/logs/a"],
    "restartPolicy": "Always",
}


def findings(kind: str, tail: object, options: Options, **spec: object) -> list[Finding]:
    """What is found in a workload that does some work beside this container."""
    pod = {"containers": [WORK, tail], **spec}
    whole = {
        "apiVersion": "batch/v1" if kind == "Job" else "v1",
        "kind": kind,
        "metadata": {"name": "one"},
        "spec": {"template": {"spec": pod}} if kind == "Job" else pod,
    }
    return lint_text(json.dumps(whole), options=options).findings


def both(version: KubeVersion) -> Options:
    """Both rules about sidecars, for a version of Kubernetes."""
    return Options(select=frozenset({MISPLACED, ENDLESS}), kube_version=version)


# The severity of the one that is reported, and that of the other one by itself.
SIDECARS: dict[str, tuple[str, KubeVersion, dict[str, object], str, str, str]] = {
    "a job never completes": ("Job", NEWEST, {"restartPolicy": "Never"}, ENDLESS, "error", "error"),
    "a job is never created": ("Job", (1, 33), {"restartPolicy": "Never"}, MISPLACED, "error", "error"),
    "a job whose sidecar is none, as its policy is dropped": (
        "Job",
        (1, 34),
        {"restartPolicy": "Never"},
        ENDLESS,
        "error",
        "warning",
    ),
    "a deadline ends the job": (
        "Job",
        NEWEST,
        {"restartPolicy": "Never", "activeDeadlineSeconds": 60},
        ENDLESS,
        "warning",
        "warning",
    ),
    "a pod runs on": ("Pod", NEWEST, {"restartPolicy": "Never"}, MISPLACED, "warning", "info"),
}


@pytest.mark.parametrize(
    ("kind", "version", "spec", "rule", "severity", "alone"), SIDECARS.values(), ids=SIDECARS
)
def test_of_a_sidecar_in_the_wrong_list_the_worse_outcome_is_reported(
    kind: str, version: KubeVersion, spec: dict[str, object], rule: str, severity: str, alone: str
) -> None:
    (finding,) = findings(kind, TAIL, both(version), **spec)
    (other,) = {MISPLACED, ENDLESS} - {rule}
    assert (finding.rule, finding.severity.value) == (rule, severity)
    assert [label.text.endswith(f"({other})") for label in finding.related].count(True) == 1
    (finding,) = findings(kind, TAIL, Options(select=frozenset({other}), kube_version=version), **spec)
    assert (finding.rule, finding.severity.value) == (other, alone)


def test_a_sidecar_of_a_pod_that_is_restarted_is_only_misplaced() -> None:
    (finding,) = findings("Pod", TAIL, both(NEWEST))
    assert (finding.rule, finding.severity.value) == (MISPLACED, "warning")
    assert not any(label.text.endswith(")") for label in finding.related)


def test_another_policy_in_the_wrong_list_is_another_mistake() -> None:
    tail = {**TAIL, "restartPolicy": "Never"}
    found = findings("Job", tail, both((1, 33)), restartPolicy="Never")
    assert [(one.rule, one.severity.value) for one in found] == [(ENDLESS, "error"), (MISPLACED, "error")]
    assert not any(label.text.endswith(")") for one in found for label in one.related)


DROPPED = {
    "the pod is restarted": ("Never", {}, "the restartPolicy of the pod counts, which is Always"),
    "the pod is not": (
        "OnFailure",
        {"restartPolicy": "Never"},
        "the restartPolicy of the pod counts, which is Never",
    ),
    "it is that of the pod": ("Never", {"restartPolicy": "Never"}, None),
}


@pytest.mark.parametrize(("own", "spec", "outcome"), DROPPED.values(), ids=DROPPED)
def test_a_policy_that_is_dropped_is_told_where_it_differs(
    own: str, spec: dict[str, object], outcome: str | None
) -> None:
    options = Options(select=frozenset({MISPLACED}), kube_version=(1, 34))
    found = findings("Pod", {**TAIL, "restartPolicy": own}, options, **spec)
    assert [(one.severity.value, one.outcome) for one in found] == ([("warning", outcome)] if outcome else [])
