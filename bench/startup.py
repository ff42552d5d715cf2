"""Start-up: whole processes against a bare interpreter."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROUNDS = 15

# What an installed console script runs.
PODLINT = ["-c", "from podlint.__main__ import run; run()"]

# Whatever else a program for YAML imports, and what podlint's own needs of other packages.
IMPORTS = {
    "`re`, `enum`, `typing`, `functools`, `contextlib`, `collections`": (
        "import re, enum, typing, functools, contextlib, collections"
    ),
    "`msgspec`, `yaml`, as anybody gets them": "import msgspec, yaml",
    "`msgspec`, `yaml`, as the program imports them (`podlint/startup.py`)": (
        "from podlint.startup import import_sparingly; import_sparingly()"
    ),
}

_SMALL_FILE = """\
apiVersion: v1
kind: Pod
metadata:
  name: small
spec:
  containers:
  - name: web
    image: nginx:1.27
    volumeMounts:
    - name: logs
      mountPath: /var/log/nginx
  - name: reader
    image: busybox:1.36
    command: ["sh", "-c", "tail -F /var/log/nginx/access.log"]
    volumeMounts:
    - name: logs
      mountPath: /var/log/nginx
  volumes:
  - name: logs
    emptyDir: {}
"""


def measure_startup() -> dict[str, float]:
    """Median seconds of a bare interpreter (`bare`), of `podlint --version` (`version`), of `podlint check`
    on one small file (`file`) and of one interpreter for each of `IMPORTS`. They take turns, so that a busy
    machine is busy for all of them."""
    with tempfile.TemporaryDirectory() as directory:
        small = Path(directory, "small.yaml")
        small.write_text(_SMALL_FILE)
        commands = {
            "bare": ["-c", "pass"],
            "version": [*PODLINT, "--version"],
            "file": [*PODLINT, "check", str(small)],
            **{what: ["-c", program] for what, program in IMPORTS.items()},
        }
        # An installed package has its byte code beside it; a checkout may be kept free of it.
        environ = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
        environ["PYTHONPYCACHEPREFIX"] = directory
        seconds: dict[str, list[float]] = {name: [] for name in commands}
        for _ in range(ROUNDS + 1):
            for name, command in commands.items():
                seconds[name].append(_run(command, environ))
    # The first round fills caches and is left out.
    return {name: statistics.median(taken[1:]) for name, taken in seconds.items()}


def _run(command: list[str], environ: dict[str, str]) -> float:
    start = time.perf_counter()
    subprocess.run([sys.executable, *command], stdout=subprocess.DEVNULL, env=environ, check=False)
    return time.perf_counter() - start
