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
    assert "of 2 pods · 2 files" in shown or "in 1 of 2 pods" in shown
    assert "Traceback" not in shown
