"""The hook, as pre-commit runs it: in a repository with one good and one bad manifest."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from tests.packaging.conftest import ROOT, commit_all

GOOD = """\
apiVersion: v1
kind: Pod
metadata:
  name: good
spec:
  containers:
  - name: web
    image: nginx:1.27
"""


def test_try_repo_names_the_bad_manifest_and_not_the_good_one(
    clone: Path, obtain: Callable[..., None], tmp_path: Path
) -> None:
    # Fails early, with a reason, where pre-commit or the packages that the hook installs are out of reach.
    probe = ["-m", "pip", "download", "--quiet", "--no-deps", "--dest", str(tmp_path / "probe"), "click"]
    obtain([sys.executable, *probe])
    manifests = tmp_path / "manifests"
    manifests.mkdir()
    (manifests / "good.yaml").write_text(GOOD)
    (manifests / "bad.yml").write_text((ROOT / "fixtures" / "seed" / "stage-2.yaml").read_text())
    (manifests / "notes.txt").write_text("containers: [\n")
    commit_all(manifests)
    done = subprocess.run(
        [sys.executable, "-m", "pre_commit", "try-repo", clone, "podlint", "--all-files", "--color", "never"],
        capture_output=True,
        text=True,
        encoding="utf-8",
        cwd=manifests,
        env=os.environ | {"PRE_COMMIT_HOME": str(tmp_path / "home"), "GIT_CONFIG_GLOBAL": os.devnull},
        check=False,
    )
    shown = done.stdout + done.stderr
    assert done.returncode == 1, shown
    assert "- exit code: 1" in shown
    assert " --> bad.yml:13:48" in shown
    assert "good.yaml" not in shown
    assert "of 2 files · 2 pods" in shown or "in 1 of 2 pods" in shown
    assert "Traceback" not in shown


POD = """\
apiVersion: v1
kind: Pod
metadata: {name: scripted}
spec:
  containers:
  - name: writer
    image: busybox:1.36
    command: ["sh", "/scripts/run.sh"]
    volumeMounts: [{name: scripts, mountPath: /scripts}]
  volumes: [{name: scripts, configMap: {name: scripts}}]
"""
CONFIG_MAP = """\
apiVersion: v1
kind: ConfigMap
metadata: {name: scripts}
data:
  run.sh: |
    while true; do echo '$(date)' >> /tmp/out.log; sleep 1; done
"""


def hook(directory: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run what the hook runs, with files as pre-commit names them."""
    return subprocess.run(
        [sys.executable, "-P", "-m", "podlint", "hook", "--context", ".", *arguments],
        cwd=directory,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )


def test_a_changed_config_map_alone_reports_what_it_breaks(tmp_path: Path) -> None:
    (tmp_path / "pod.yaml").write_text(POD)
    (tmp_path / "cm.yaml").write_text(CONFIG_MAP)
    for changed in ("cm.yaml", "pod.yaml"):
        done = hook(tmp_path, changed)
        assert (done.returncode, "quoted-substitution" in done.stdout) == (1, True), done.stdout


def test_the_name_of_a_file_is_never_an_option(tmp_path: Path) -> None:
    name = "--report=text=x.yaml"
    (tmp_path / name).write_text(GOOD)
    done = hook(tmp_path, "--strict", name)
    assert (done.returncode, [path.name for path in tmp_path.iterdir()]) == (0, [name]), done.stderr
    assert "1 file · 1 pod" in done.stdout
