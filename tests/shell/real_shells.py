"""The real shells as judges: what a word, an expression or a script means to dash and bash."""

from __future__ import annotations

import shutil
import subprocess

import pytest

SHELLS = ("dash", "bash")


def require(shell: str) -> None:
    """Skip a test where a shell is not installed."""
    if shutil.which(shell) is None:
        pytest.skip(f"no {shell}")


def run(shell: str, script: str, **environment: str) -> subprocess.CompletedProcess[bytes]:
    """Run a script of this test suite in an empty environment but for the given variables."""
    return subprocess.run(
        [shutil.which(shell) or shell, "-c", script],
        env={"LC_ALL": "C.UTF-8", "PATH": "/usr/bin:/bin", **environment},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        cwd="/",
        timeout=20,
        check=False,
    )


def accepts(shell: str, script: str) -> bool:
    """Whether a shell finds no syntax error in a script; it runs nothing of it."""
    read = subprocess.run(
        [shutil.which(shell) or shell, "-n"],
        input=script.encode("utf-8", "replace"),
        capture_output=True,
        timeout=20,
        check=False,
    )
    return read.returncode == 0 and not read.stderr
