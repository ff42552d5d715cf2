"""The three commands of the README that bring a repository to a green gate, run as they stand there."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
FINDINGS = 50


def commands() -> str:
    """The script below the heading."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    found = re.search(r"^### Adopt it$.*?^```sh\n(.*?)^```$", readme, re.MULTILINE | re.DOTALL)
    assert found
    script = found[1]
    assert len(script.splitlines()) == 3
    return script


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A git repository with at least fifty findings, and `podlint` on its PATH."""
    (tmp_path / "bin").mkdir()
    program = tmp_path / "bin" / "podlint"
    program.write_text(f'#!/bin/sh\nPYTHONPATH={ROOT} exec {sys.executable} -m podlint "$@"\n')
    program.chmod(0o755)
    where = tmp_path / "repository"
    (where / "deploy").mkdir(parents=True)
    subprocess.run(["git", "init", "-q", "."], cwd=where, check=True)
    for path in sorted((ROOT / "fixtures").glob("[p-u]*/bad-*.yaml")):
        (where / "deploy" / f"{path.parent.name}-{path.name}").write_bytes(path.read_bytes())
    return where


def run(repository: Path, script: str) -> subprocess.CompletedProcess[str]:
    """Run a script in the repository."""
    path = f"{repository.parent / 'bin'}{os.pathsep}{os.environ['PATH']}"
    return subprocess.run(
        ["sh", "-c", script],
        cwd=repository,
        env={**os.environ, "PATH": path},
        capture_output=True,
        text=True,
        check=False,
    )


def reformat(manifest: Path) -> None:
    """Write a manifest anew, in flow style, below a comment, to another file."""
    documents = list(yaml.safe_load_all(manifest.read_text()))
    text = yaml.safe_dump_all(documents, default_flow_style=True, width=200, explicit_start=True)
    manifest.with_name(f"moved-{manifest.name}").write_text(f"# moved\n\n\n{text}")
    manifest.unlink()


@pytest.mark.skipif(os.name == "nt", reason="runs a script of sh")
def test_fifty_findings_become_a_green_gate(repository: Path) -> None:
    before = run(repository, "podlint check")
    found = re.search(r"^(\d+) findings", before.stdout, re.MULTILINE)
    assert found
    assert (before.returncode, int(found[1]) >= FINDINGS) == (1, True)

    adopted = run(repository, f"set -e\n{commands()}")
    assert (adopted.returncode, adopted.stderr) == (0, "")
    assert f"{found[1]} in the baseline" in adopted.stdout

    for manifest in sorted((repository / "deploy").glob("*.yaml"))[::5]:
        reformat(manifest)
    moved = run(repository, "podlint check")
    assert (moved.returncode, "stale" in moved.stdout) == (0, False), moved.stdout

    seed = (ROOT / "fixtures" / "seed" / "stage-2.yaml").read_text()
    (repository / "deploy" / "new.yaml").write_text(seed)
    after = run(repository, "podlint check")
    assert after.returncode == 1
    assert set(re.findall(r"^ +--> ([^:]+)", after.stdout, re.MULTILINE)) == {"deploy/new.yaml"}
