"""The most memory that podlint takes, measured in a process of its own."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
HANGS = 120
"""Seconds after which a run counts as one that never ends; what is measured takes about one."""

# What getrusage tells of a process begins with what its parent had taken when it was forked.
_PROGRAM = """\
import sys
from podlint.__main__ import main
code = main()
try:
    peak = next(int(line.split()[1]) for line in open("/proc/self/status") if line.startswith("VmHWM"))
except OSError:
    import resource
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // (1024 if sys.platform == "darwin" else 1)
print(code, peak, file=sys.stderr)
"""


def check_measured(manifest: bytes) -> tuple[int, int]:
    """Check a manifest from standard input: the exit code, and the bytes of memory taken at most.

    Raises `subprocess.TimeoutExpired` where it does not come to an end.
    """
    done = subprocess.run(
        [sys.executable, "-c", _PROGRAM, "check", "-"],
        input=manifest,
        capture_output=True,
        cwd=ROOT,
        timeout=HANGS,
        check=False,
    )
    assert b"internal error" not in done.stdout, done.stdout[:2000]
    code, kilobytes = done.stderr.split()
    return int(code), int(kilobytes) * 1024
