"""When a ConfigMap of the run is surely the one that a pod means, so that a key is missing for certain."""

from __future__ import annotations

from pathlib import Path

import pytest

from podlint import Options, lint_paths

RULE = "missing-config-key"
POD = """\
apiVersion: v1
kind: Pod
metadata: {name: app}
spec:
  containers:
  - name: app
    image: ghcr.io/example/app:1
    env:
    - name: COLOUR
      valueFrom: {configMapKeyRef: {name: app, key: colour}}
"""
CONFIG_MAP = "---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: app}\ndata: {shape: round}\n"
PATCH = "  - |\n    kind: ConfigMap\n    metadata: {name: app}\n    data: {colour: red}\n"
SURE = {
    "in the same file": {"app.yaml": POD + CONFIG_MAP},
    "in the same file, and another elsewhere": {
        "app.yaml": POD + CONFIG_MAP,
        "other/app.yaml": CONFIG_MAP,
    },
    "beside it": {"pod.yaml": POD, "config.yaml": CONFIG_MAP},
    "beside a kustomization that makes others": {
        "pod.yaml": POD,
        "config.yaml": CONFIG_MAP,
        "kustomization.yaml": "resources: [pod.yaml, config.yaml]\nconfigMapGenerator:\n- name: more\n"
        "secretGenerator:\n- name: app\n",
    },
}
NOT_SURE = {
    "not in the run": {"pod.yaml": POD},
    "in another directory": {"pod.yaml": POD, "config/app.yaml": CONFIG_MAP},
    "two in the file": {"app.yaml": POD + CONFIG_MAP + CONFIG_MAP},
    "beside it, and another elsewhere": {
        "pod.yaml": POD,
        "config.yaml": CONFIG_MAP,
        "other/config.yaml": CONFIG_MAP,
    },
    "generated": {
        "app.yaml": POD + CONFIG_MAP,
        "kustomization.yaml": "configMapGenerator:\n- {name: app, behavior: merge}\n",
    },
    "a target of patches": {
        "app.yaml": POD + CONFIG_MAP,
        "over/kustomization.yaml": "patches:\n- path: p.yaml\n  target: {kind: ConfigMap, name: app}\n",
    },
    "patched in the kustomization": {
        "app.yaml": POD + CONFIG_MAP,
        "over/kustomization.yml": f"patchesStrategicMerge:\n{PATCH}",
    },
}


def rules(directory: Path, files: dict[str, str]) -> list[str]:
    """The rules that report something in files of a directory."""
    for name, text in files.items():
        path = directory / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    report = lint_paths([str(directory)], Options(select=frozenset((RULE,))))
    return [finding.rule for finding in report.findings]


@pytest.mark.parametrize("files", SURE.values(), ids=SURE)
def test_what_is_surely_meant_lacks_a_key(files: dict[str, str], tmp_path: Path) -> None:
    assert rules(tmp_path, files) == [RULE]


@pytest.mark.parametrize("files", NOT_SURE.values(), ids=NOT_SURE)
def test_of_what_may_be_another_nothing_is_said(files: dict[str, str], tmp_path: Path) -> None:
    assert rules(tmp_path, files) == []
