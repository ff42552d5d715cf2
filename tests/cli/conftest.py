"""Runs podlint as people do: a process of its own, somewhere else than in the checkout."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

CLEAN_POD = """\
apiVersion: v1
kind: Pod
metadata:
  name: clean
spec:
  containers:
  - name: web
    image: nginx:1.27
"""

MALFORMED_POD = """\
apiVersion: v1
kind: Pod
metadata:
  name: malformed
spec:
  containers:
  - name: web
    image: nginx:1.27
    env:
    - name: PORT
      value: 8080
"""

DUPLICATE_KEY_POD = CLEAN_POD + "    image: nginx:1.28\n"

INVALID_YAML = """\
kind: Pod
spec:
  containers: 'unclosed
"""

TEMPLATE = """\
kind: Pod
spec:
  containers:
  {{- range .Values.containers }}
  - name: {{ .name }}
  {{- end }}
"""


@dataclass(frozen=True, slots=True)
class Ended:
    """A process that has ended."""

    code: int
    out: str
    err: str


Podlint = Callable[..., Ended]


@pytest.fixture
def podlint(tmp_path: Path) -> Podlint:
    """Run `podlint ARGUMENTS…` in the test's own directory."""

    def run(
        *arguments: str,
        stdin: str | bytes = b"",
        env: Mapping[str, str] | None = None,
        directory: Path = tmp_path,
    ) -> Ended:
        environ = {
            k: v
            for k, v in os.environ.items()
            if not k.startswith(("PODLINT_", "NO_COLOR", "FORCE_COLOR", "GITHUB_"))
        }
        environ |= {"PYTHONPATH": str(ROOT), "COLUMNS": "80"} | dict(env or {})
        done = subprocess.run(
            [sys.executable, "-m", "podlint", *arguments],
            input=stdin.encode() if isinstance(stdin, str) else stdin,
            capture_output=True,
            cwd=directory,
            env=environ,
            timeout=60,
            check=False,
        )
        return Ended(done.returncode, done.stdout.decode(), done.stderr.decode())

    return run
