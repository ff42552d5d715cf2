"""Tools that reach outside the checkout: they skip where they cannot, and fail where they must not skip."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

BAD = (ROOT / "fixtures" / "seed" / "stage-2.yaml").read_text(encoding="utf-8")
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
HOSTILE = ("venv.py", "pip.py", "json.py", "podlint.py", "click.py")
"""Modules of a repository that Python would import, were it to look there."""


@pytest.fixture(scope="session")
def obtain() -> Callable[..., None]:
    """Run a command that may need tools or a network that are not there."""

    def run(command: Sequence[str | Path], **environ: str) -> None:
        try:
            done = subprocess.run(
                command, capture_output=True, text=True, cwd=ROOT, env=os.environ | environ, check=False
            )
            reason = "" if done.returncode == 0 else (done.stdout + done.stderr)[-2000:]
        except FileNotFoundError as error:
            reason = str(error)
        if reason and os.environ.get("PODLINT_REQUIRE_TOOLS") == "1":
            pytest.fail(f"{command[0]}: {reason}", pytrace=False)
        if reason:
            pytest.skip(f"{command[0]}: {reason}")

    return run


@pytest.fixture(scope="session")
def registry(obtain: Callable[..., None], tmp_path_factory: pytest.TempPathFactory) -> None:
    """The registry with the packages that podlint needs; skips, with a reason, where it is out of reach."""
    downloads = tmp_path_factory.mktemp("probe")
    obtain([sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", downloads, "click"])


@pytest.fixture(scope="session")
def tool() -> Callable[[str], str]:
    """Find a program by name."""

    def find(name: str) -> str:
        program = shutil.which(name)
        if program is None and os.environ.get("PODLINT_REQUIRE_TOOLS") == "1":
            pytest.fail(f"{name} is not installed", pytrace=False)
        return program or pytest.skip(f"{name} is not installed")

    return find


@pytest.fixture(scope="session")
def shellcheck(tool: Callable[[str], str]) -> Callable[[str, str], str]:
    """What shellcheck says of a script for a shell that ends at the first error."""

    def check(shell: str, script: str) -> str:
        done = subprocess.run(
            [tool("shellcheck"), "--norc", "--color=never", "--shell", shell, "-"],
            input=f"set -e\n{script}",
            capture_output=True,
            text=True,
            check=False,
        )
        return done.stdout + done.stderr

    return check


@pytest.fixture(scope="session")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository of its own with the files of the working tree, committed or not."""
    listed = subprocess.run(
        ["git", "ls-files", "-coz", "--exclude-standard"], capture_output=True, cwd=ROOT, check=True
    )
    copy = tmp_path_factory.mktemp("clone") / "podlint"
    for name in filter(None, os.fsdecode(listed.stdout).split("\0")):
        if (ROOT / name).is_file():
            (copy / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, copy / name)
    commit_all(copy)
    return copy


@pytest.fixture(scope="session")
def wheel(clone: Path, obtain: Callable[..., None], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of the working tree."""
    out = tmp_path_factory.mktemp("dist")
    obtain([sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", out, clone])
    (built,) = out.glob("*.whl")
    return built


def commit_all(directory: Path) -> None:
    """Make a repository of a directory, with one commit that holds everything in it."""
    identity = ["-c", "user.name=test", "-c", "user.email=test@localhost", "-c", "commit.gpgsign=false"]
    for arguments in (
        ["init", "-q"],
        ["add", "-A"],
        [*identity, "commit", "-qm", "everything", "--no-verify"],
    ):
        subprocess.run(["git", *arguments], cwd=directory, check=True)
