"""What a patch of a kustomization may add is not certainly missing in the manifest that it patches."""

from __future__ import annotations

from pathlib import Path

import pytest

from podlint import Severity, lint_paths

POD = """\
apiVersion: v1
kind: Pod
metadata: {name: app}
spec:
  containers:
  - name: app
    image: nginx:1.27
    volumeMounts: [{name: media, mountPath: /media}]
"""
INLINE = """\
resources: [pod.yaml]
patches:
- patch: |
    - op: add
      path: /spec/volumes
"""
VOLUMES = "kind: Pod\nmetadata: {name: app}\nspec: {volumes: [{name: media, emptyDir: {}}]}\n"
LABELS = "kind: Pod\nmetadata: {name: app, labels: {a: b}}\n"


def severity(directory: Path, files: dict[str, str]) -> Severity:
    """How bad it is that the pod of `base/pod.yaml` mounts a volume which it does not declare."""
    for name, text in {"base/pod.yaml": POD, **files}.items():
        path = directory / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    (finding,) = lint_paths([str(directory)]).findings
    assert finding.rule == "undeclared-volume"
    return finding.severity


MAY_ADD = {
    "a patch that is not in the run": {
        "base/kustomization.yaml": "resources: [./pod.yaml]\npatches:\n- path: env/patch.yaml\n",
    },
    "a patch that mentions volumes": {
        "base/kustomization.yaml": "resources: [pod.yaml]\npatches:\n- path: ./patch.yaml\n",
        "base/patch.yaml": VOLUMES,
    },
    "an old list of patches": {
        "base/kustomization.yml": "resources: [pod.yaml]\npatchesStrategicMerge: [patch.yaml]\n",
        "base/patch.yaml": VOLUMES,
    },
    "a patch in the kustomization itself": {"base/kustomization.yaml": INLINE},
    "a kustomization without a suffix": {"base/Kustomization": INLINE},
    "an overlay of the directory": {
        "base/kustomization.yaml": "resources: [pod.yaml]\n",
        "prod/kustomization.yaml": "resources: [../base]\npatches:\n- path: patch.yaml\n",
        "prod/patch.yaml": VOLUMES,
    },
}
ADDS_NOTHING = {
    "no kustomization": {},
    "no patches": {"base/kustomization.yaml": "resources: [pod.yaml]\n"},
    "a patch of labels": {
        "base/kustomization.yaml": "resources: [pod.yaml]\npatches:\n- path: patch.yaml\n",
        "base/patch.yaml": LABELS,
    },
    "another resource": {
        "base/kustomization.yaml": "resources: [service.yaml]\npatches:\n- path: patch.yaml\n",
    },
    "a kustomization that cannot be read": {"base/kustomization.yaml": "patches: [\n"},
    "another file": {"base/settings.yaml": "resources: [pod.yaml]\npatches:\n- path: env/patch.yaml\n"},
}


@pytest.mark.parametrize("files", MAY_ADD.values(), ids=MAY_ADD)
def test_what_a_patch_may_add_is_info(files: dict[str, str], tmp_path: Path) -> None:
    assert severity(tmp_path, files) is Severity.INFO


@pytest.mark.parametrize("files", ADDS_NOTHING.values(), ids=ADDS_NOTHING)
def test_what_no_patch_adds_is_missing(files: dict[str, str], tmp_path: Path) -> None:
    assert severity(tmp_path, files) is Severity.ERROR


DATABASE = (
    "apiVersion: v1\nkind: Pod\nmetadata: {name: db}\n"
    "spec: {containers: [{name: db, image: 'postgres:16'}]}\n"
)
WITH_PASSWORD = (
    "kind: Pod\nmetadata: {name: db}\nspec:\n  containers:\n  - name: db\n"
    "    envFrom: [{secretRef: {name: db}}]\n"
)


@pytest.mark.parametrize(("patch", "expected"), [(WITH_PASSWORD, Severity.INFO), (LABELS, Severity.ERROR)])
def test_a_patch_may_add_a_variable(patch: str, expected: Severity, tmp_path: Path) -> None:
    files = {
        "base/pod.yaml": DATABASE,
        "base/kustomization.yaml": "resources: [pod.yaml]\npatches: [{path: patch.yaml}]\n",
        "base/patch.yaml": patch,
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    findings = lint_paths([str(tmp_path)]).findings
    assert [(one.rule, one.severity) for one in findings] == [("missing-image-env", expected)]


IMAGES = {
    "no images": ("resources: [pod.yaml]\n", "", {"missing-command"}),
    "another image": (
        "resources: [pod.yaml]\nimages:\n- {name: debian, newName: registry.example/tools}\n", "", set(),
    ),
    "another tag": (
        "resources: [pod.yaml]\nimages:\n- {name: debian, newTag: '13'}\n", "", {"missing-command"},
    ),
    "an image of which nothing is said": (
        "resources: [pod.yaml]\nimages:\n- {name: nginx, newName: registry.example/web}\n", "",
        {"missing-command"},
    ),
    "one of the overlay": (
        "resources: [pod.yaml]\n",
        "resources: [../base]\nimages:\n- {name: debian, newName: registry.example/tools, newTag: '2'}\n",
        set(),
    ),
    "two that differ": (
        "resources: [pod.yaml]\nimages:\n- {name: debian, newTag: '11'}\n",
        "resources: [../base]\nimages:\n- {name: debian, newTag: '13'}\n",
        set(),
    ),
}  # fmt: skip


@pytest.mark.parametrize(("base", "overlay", "expected"), IMAGES.values(), ids=IMAGES)
def test_a_kustomization_changes_images(base: str, overlay: str, expected: set[str], tmp_path: Path) -> None:
    pod = POD.replace("nginx:1.27", "debian:12").replace(
        "volumeMounts: [{name: media, mountPath: /media}]", "command: [jq, .]"
    )
    files = {"base/pod.yaml": pod, "base/kustomization.yaml": base, "prod/kustomization.yaml": overlay}
    for name, text in files.items():
        if text:
            (tmp_path / name).parent.mkdir(exist_ok=True)
            (tmp_path / name).write_text(text, encoding="utf-8")
    found = {one.rule for one in lint_paths([str(tmp_path)]).findings if one.severity is Severity.ERROR}
    assert found == expected
