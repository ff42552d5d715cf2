"""Autoscalers and LimitRanges in other files than the workload: which of them are meant."""

from __future__ import annotations

from pathlib import Path

import pytest

from podlint import lint_text
from tests.engine.reporting import reported

RULE = "unmeasurable-hpa"
DEPLOYMENT = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers: [{name: web, image: registry.example/web:1}]
"""
MEASURED = DEPLOYMENT.replace("web:1}", "web:1, resources: {limits: {cpu: 1}}}")
IN_SHOP = DEPLOYMENT.replace("{name: web}\n", "{name: web, namespace: shop}\n", 1)
AUTOSCALER = """\
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {name: web}
spec:
  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}
  maxReplicas: 3
"""
LIMIT_RANGE = """\
apiVersion: v1
kind: LimitRange
metadata: {name: defaults}
spec: {limits: [{type: Container, max: {cpu: "1"}}]}
"""
OVERLAY = "resources: [../base]\npatches: [{path: patch.yaml}]\n"
PATCH = "kind: Deployment\nmetadata: {name: web}\nspec: {template: {spec: {resources: {}}}}\n"


MEANT = {
    "beside it": {"a/web.yaml": DEPLOYMENT, "a/hpa.yaml": AUTOSCALER},
    "in a List beside it": {
        "a/web.yaml": DEPLOYMENT,
        "a/hpa.yaml": "kind: List\nitems:\n- " + AUTOSCALER.replace("\n", "\n  ").strip() + "\n",
    },
    "a LimitRange of another directory": {
        "a/web.yaml": DEPLOYMENT,
        "a/hpa.yaml": AUTOSCALER,
        "b/limits.yaml": LIMIT_RANGE,
    },
    "a LimitRange of another namespace": {
        "a/web.yaml": IN_SHOP,
        "a/hpa.yaml": AUTOSCALER,
        "a/limits.yaml": LIMIT_RANGE.replace("defaults", "defaults, namespace: other"),
    },
    "a patch of something else": {
        "base/web.yaml": DEPLOYMENT,
        "base/hpa.yaml": AUTOSCALER,
        "prod/kustomization.yaml": OVERLAY,
        "prod/patch.yaml": "metadata: {name: web}\n",
    },
}
NOT_MEANT = {
    "in another directory": {"a/web.yaml": DEPLOYMENT, "b/hpa.yaml": AUTOSCALER},
    "beside a workload of that name": {
        "a/web.yaml": DEPLOYMENT,
        "a/other.yaml": f"{MEASURED}---\n{AUTOSCALER}",
    },
    "in another namespace": {
        "a/web.yaml": IN_SHOP,
        "a/hpa.yaml": AUTOSCALER.replace("{name: web}", "{name: web, namespace: other}", 1),
    },
    "of a kind that is called the same": {
        "a/web.yaml": DEPLOYMENT,
        "a/hpa.yaml": AUTOSCALER.replace("autoscaling/v2", "example.com/v1"),
    },
    "a LimitRange above it": {
        "a/b/web.yaml": DEPLOYMENT,
        "a/b/hpa.yaml": AUTOSCALER,
        "a/limits.yaml": LIMIT_RANGE,
    },
    "a LimitRange of its namespace": {
        "a/web.yaml": IN_SHOP,
        "a/hpa.yaml": AUTOSCALER,
        "b/limits.yaml": LIMIT_RANGE.replace("defaults", "defaults, namespace: shop"),
    },
    "a patch that adds resources": {
        "base/web.yaml": DEPLOYMENT,
        "base/hpa.yaml": AUTOSCALER,
        "prod/kustomization.yaml": OVERLAY,
        "prod/patch.yaml": PATCH,
    },
    "that cannot be read": {"a/web.yaml": DEPLOYMENT, "a/hpa.yaml": AUTOSCALER + "]"},
}


@pytest.mark.parametrize("files", MEANT.values(), ids=MEANT)
def test_it_measures_the_workload(files: dict[str, str], tmp_path: Path) -> None:
    assert reported(RULE, tmp_path, files) == [next(iter(files))]


@pytest.mark.parametrize("files", NOT_MEANT.values(), ids=NOT_MEANT)
def test_it_does_not(files: dict[str, str], tmp_path: Path) -> None:
    assert reported(RULE, tmp_path, files) == []


def test_the_autoscaler_of_its_own_file_is_nearer(tmp_path: Path) -> None:
    by_value = AUTOSCALER + "  metrics: [{type: Pods}]\n"
    assert (
        reported(RULE, tmp_path, {"web.yaml": f"{DEPLOYMENT}---\n{by_value}", "hpa.yaml": AUTOSCALER}) == []
    )


def test_the_context_counts(tmp_path: Path) -> None:
    files = {"web.yaml": DEPLOYMENT, "hpa.yaml": AUTOSCALER, "limits.yaml": LIMIT_RANGE}
    assert reported(RULE, tmp_path, files, context=("hpa.yaml", "limits.yaml")) == []
    del files["limits.yaml"]
    assert reported(RULE, tmp_path, files, context=("hpa.yaml",)) == ["web.yaml"]


def test_a_text_has_its_own() -> None:
    (finding,) = lint_text(f"{DEPLOYMENT}---\n{AUTOSCALER}").findings
    assert (finding.rule, finding.container) == ("unmeasurable-hpa", "web")


def test_many_autoscalers_of_one_workload_are_not_all_looked_at() -> None:
    each = "---\n".join(AUTOSCALER.replace("{name: web}", f"{{name: web-{n}}}", 1) for n in range(50))
    report = lint_text(f"{DEPLOYMENT}---\n{each}")
    assert len(report.findings) == 8
