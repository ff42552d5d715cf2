"""PodMonitors in other files than the pod: which of them are meant, and which other pods they find."""

from __future__ import annotations

from pathlib import Path

import pytest

from podlint import lint_paths, lint_text
from podlint.facts.build import facts_of
from podlint.facts.tree import lines_of
from tests.engine.reporting import reported
from tests.views import pods_of

RULE = "unknown-scrape-port"
POD = """\
apiVersion: v1
kind: Pod
metadata: {name: web, labels: {app: web}}
spec:
  containers: [{name: web, image: "registry.example/web:1", ports: [{name: http, containerPort: 8080}]}]
"""
IN_SHOP = POD.replace("{name: web,", "{name: web, namespace: shop,", 1)
OTHER = POD.replace("{name: web,", "{name: metrics,", 1).replace("name: http", "name: metrics")
MONITOR = """\
apiVersion: monitoring.coreos.com/v1
kind: PodMonitor
metadata: {name: web}
spec:
  selector: {matchLabels: {app: web}}
  podMetricsEndpoints: [{port: metrics}]
"""
OVERLAY = "resources: [../base]\npatches: [{path: patch.yaml}]\n"
PATCH = "kind: Pod\nmetadata: {name: web}\nspec: {containers: [{name: web, ports: []}]}\n"


MEANT = {
    "beside it": {"a/web.yaml": POD, "a/monitor.yaml": MONITOR},
    "in a List beside it": {
        "a/web.yaml": POD,
        "a/monitor.yaml": "kind: List\nitems:\n- " + MONITOR.replace("\n", "\n  ").strip() + "\n",
    },
    "another pod with other labels": {
        "a/web.yaml": POD,
        "a/monitor.yaml": MONITOR,
        "a/other.yaml": OTHER.replace("app: web", "app: other"),
    },
    "another pod of another namespace": {
        "a/web.yaml": IN_SHOP,
        "a/monitor.yaml": MONITOR.replace("{name: web}", "{name: web, namespace: shop}"),
        "a/other.yaml": OTHER.replace("{name: metrics,", "{name: metrics, namespace: other,"),
    },
    "a patch of something else": {
        "base/web.yaml": POD,
        "base/monitor.yaml": MONITOR,
        "prod/kustomization.yaml": OVERLAY,
        "prod/patch.yaml": "metadata: {name: web}\n",
    },
}
NOT_MEANT = {
    "in another directory": {"a/web.yaml": POD, "b/monitor.yaml": MONITOR},
    "in another namespace": {
        "a/web.yaml": IN_SHOP,
        "a/monitor.yaml": MONITOR.replace("{name: web}", "{name: web, namespace: other}", 1),
    },
    "of a kind that is called the same": {
        "a/web.yaml": POD,
        "a/monitor.yaml": MONITOR.replace("monitoring.coreos.com/v1", "example.com/v1"),
    },
    "of no valid selector": {
        "a/web.yaml": POD,
        "a/monitor.yaml": MONITOR.replace("{app: web}", "{app: [web]}"),
    },
    "of a number in the place of a name": {
        "a/web.yaml": POD,
        "a/monitor.yaml": MONITOR.replace("port: metrics", "port: 9090"),
    },
    "another pod beside it": {"a/web.yaml": POD, "a/monitor.yaml": MONITOR, "a/other.yaml": OTHER},
    "another pod in its file": {"a/web.yaml": f"{POD}---\n{OTHER}", "a/monitor.yaml": MONITOR},
    "another pod far away": {"a/web.yaml": POD, "a/monitor.yaml": MONITOR, "b/c/other.yaml": OTHER},
    "a patch that adds ports": {
        "base/web.yaml": POD,
        "base/monitor.yaml": MONITOR,
        "prod/kustomization.yaml": OVERLAY,
        "prod/patch.yaml": PATCH,
    },
    "a port that is filled in later": {
        "a/web.yaml": POD.replace("name: http", "name: '${PORT}'"),
        "a/monitor.yaml": MONITOR,
    },
    "a number that is filled in later": {
        "a/web.yaml": POD.replace("8080", "'${PORT}'"),
        "a/monitor.yaml": MONITOR.replace("port: metrics", "portNumber: 9090"),
    },
    "a pod of which the rest is elsewhere": {
        "a/web.yaml": POD.replace('image: "registry.example/web:1", ', ""),
        "a/monitor.yaml": MONITOR,
    },
    "that cannot be read": {"a/web.yaml": POD, "a/monitor.yaml": MONITOR + "]"},
}


@pytest.mark.parametrize("files", MEANT.values(), ids=MEANT)
def test_it_looks_for_the_pod(files: dict[str, str], tmp_path: Path) -> None:
    assert reported(RULE, tmp_path, files) == [next(iter(files))]


@pytest.mark.parametrize("files", NOT_MEANT.values(), ids=NOT_MEANT)
def test_it_does_not(files: dict[str, str], tmp_path: Path) -> None:
    assert reported(RULE, tmp_path, files) == []


def test_the_context_counts(tmp_path: Path) -> None:
    files = {"web.yaml": POD, "monitor.yaml": MONITOR, "other.yaml": OTHER}
    assert reported(RULE, tmp_path, files, context=("monitor.yaml", "other.yaml")) == []
    del files["other.yaml"]
    assert reported(RULE, tmp_path, files, context=("monitor.yaml",)) == ["web.yaml"]


def test_a_text_has_its_own() -> None:
    (finding,) = lint_text(f"{POD}---\n{MONITOR}").findings
    assert finding.rule == "unknown-scrape-port"
    assert "port: metrics" in finding.related[0].region.lines[0]


def test_many_pod_monitors_of_one_label_are_not_all_looked_at() -> None:
    each = "---\n".join(MONITOR.replace("{name: web}", f"{{name: web-{n}}}", 1) for n in range(100))
    report = lint_text(f"{POD}---\n{each}")
    assert len(report.findings) == 64


def test_however_many_work_the_report_is_the_same(tmp_path: Path) -> None:
    for number in range(30):
        (tmp_path / f"pod-{number}.yaml").write_text(POD.replace("app: web", f"app: web-{number}"))
        monitor = MONITOR.replace("app: web", f"app: web-{number}")
        (tmp_path / f"monitor-{number}.yaml").write_text(
            monitor.replace("metrics", "http" if number % 3 else "x")
        )
    (tmp_path / "other.yaml").write_text(
        OTHER.replace("app: web", "app: web-0").replace("name: metrics", "name: x")
    )
    report = lint_paths([str(tmp_path)], jobs=2)
    assert report == lint_paths([str(tmp_path)])
    assert len(report.findings) == 9


def test_facts_tell_who_scrapes_a_pod(tmp_path: Path) -> None:
    (tmp_path / "pod.yaml").write_text(f"{POD}---\n{MONITOR}")
    (view,) = pods_of([str(tmp_path)])
    lines = [line for line in lines_of(facts_of(view)) if "scraped" in line]
    assert lines == [f"  scraped by web: metrics  {tmp_path}/pod.yaml:12:32"]
