"""Memory: the peak of a whole run, and what it becomes when there are more files of the same size."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

COPIES = 3

# A process between this one and podlint: Linux counts the size of the forking process in its child's peak.
_MEASURE = """
import resource, subprocess, sys
subprocess.run([sys.executable, *sys.argv[1:]], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""


def measure_memory(directory: Path) -> dict[str, float]:
    """Peak memory in MB (10^6 bytes) of a bare interpreter (`bare`), of a run over `directory` (`once`) and
    of a run over `COPIES` copies of it (`copies`)."""
    check = ["-m", "podlint", "check", "--exit-zero", "--no-cache"]
    with tempfile.TemporaryDirectory() as scratch:
        for number in range(COPIES):
            shutil.copytree(directory, Path(scratch, str(number)))
        return {
            "bare": _peak(["-c", "pass"]),
            "once": _peak([*check, str(Path(scratch, "0"))]),
            "copies": _peak([*check, scratch]),
        }


def _peak(command: list[str]) -> float:
    measure = [sys.executable, "-c", _MEASURE, *command]
    done = subprocess.run(measure, capture_output=True, text=True, check=True)
    # Linux counts in units of 1024 bytes, macOS in bytes.
    unit = 1 if sys.platform == "darwin" else 1024
    return int(done.stdout) * unit / 1e6
