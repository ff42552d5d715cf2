"""The hooks, as pre-commit runs them. It builds one environment for both, in which all tests run."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.packaging.conftest import BAD, GOOD, commit_all

pytestmark = pytest.mark.thorough

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


class PreCommit:
    """pre-commit in one repository, with one hook of the working tree and an environment that is shared."""

    def __init__(self, directory: Path, home: Path, source: Path) -> None:
        self.directory = directory
        self.environ = os.environ | {"PRE_COMMIT_HOME": str(home), "GIT_CONFIG_GLOBAL": os.devnull}
        self.source = source

    def commit(self, files: dict[str, str], hook: str) -> None:
        """Commit files, with a configuration that asks for a hook: `id: podlint`, and more keys."""
        revision = subprocess.run(
            ["git", "rev-parse", "HEAD"], cwd=self.source, capture_output=True, text=True, check=True
        ).stdout.strip()
        asked = f"repos: [{{repo: '{self.source}', rev: {revision}, hooks: [{{{hook}}}]}}]\n"
        for name, text in (files | {".pre-commit-config.yaml": asked}).items():
            (self.directory / name).write_text(text)
        commit_all(self.directory)

    def run(self, *arguments: str) -> tuple[int, str]:
        """`pre-commit run`; returns its exit code and all that it says."""
        done = subprocess.run(
            [sys.executable, "-m", "pre_commit", "run", "--color", "never", *arguments],
            capture_output=True,
            text=True,
            encoding="utf-8",
            cwd=self.directory,
            env=self.environ,
            check=False,
        )
        return done.returncode, done.stdout + done.stderr


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where pre-commit keeps what it has built."""
    return tmp_path_factory.mktemp("pre-commit")


@pytest.fixture
def pre_commit(clone: Path, registry: None, home: Path, tmp_path: Path) -> PreCommit:
    """pre-commit in an empty repository."""
    return PreCommit(tmp_path, home, clone)


def test_the_hook_names_the_bad_manifest_and_not_the_good_one(pre_commit: PreCommit) -> None:
    pre_commit.commit({"good.yaml": GOOD, "bad.yml": BAD, "notes.txt": "containers: [\n"}, "id: podlint")
    code, said = pre_commit.run("--all-files")
    assert (code, "- exit code: 1" in said) == (1, True), said
    assert " --> bad.yml:13:48" in said
    assert "good.yaml" not in said
    # The third is the configuration of pre-commit.
    assert "in 1 of 3 files · 2 pods" in said
    assert "Traceback" not in said


def test_a_changed_file_alone_reports_what_it_breaks(pre_commit: PreCommit) -> None:
    pre_commit.commit({"pod.yaml": POD, "cm.yaml": CONFIG_MAP}, "id: podlint")
    for changed in ("cm.yaml", "pod.yaml"):
        code, said = pre_commit.run("--files", changed)
        assert (code, "[quoted-substitution]" in said) == (1, True), said


def test_the_name_of_a_file_is_never_an_option(pre_commit: PreCommit) -> None:
    pre_commit.commit({"--report=json=x.yaml": GOOD}, "id: podlint, args: [--fail-on=error], verbose: true")
    code, said = pre_commit.run("--all-files")
    assert (code, "2 files · 1 pod" in said) == (0, True), said
    assert not (pre_commit.directory / "x.yaml").exists()


def test_the_whole_repository_is_checked_whatever_has_changed(pre_commit: PreCommit) -> None:
    pre_commit.commit({"bad.yaml": BAD, "notes.txt": "nothing\n"}, "id: podlint-all, args: [--fail-on=error]")
    code, said = pre_commit.run("--files", "notes.txt")
    assert (code, " --> bad.yaml:13:48" in said) == (1, True), said


def test_a_commit_that_only_deletes_is_checked(pre_commit: PreCommit) -> None:
    pre_commit.commit({"pod.yaml": POD, "cm.yaml": CONFIG_MAP, "bad.yaml": BAD}, "id: podlint-all")
    (pre_commit.directory / "pod.yaml").unlink()
    subprocess.run(["git", "add", "-A"], cwd=pre_commit.directory, check=True)
    code, said = pre_commit.run()
    assert (code, " --> bad.yaml:13:48" in said) == (1, True), said
