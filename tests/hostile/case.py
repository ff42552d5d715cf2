"""What a hostile input is: a generator with two sizes, and how podlint is run on it."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).resolve().parents[2]
MAX_MEMORY = 300_000_000
"""Bytes that a run may take at most."""
MAX_REPORT = 1_000_000
"""Bytes that a report may have at most."""
MAX_CALLS = 12_000_000
"""Calls of functions that a run may take: some three seconds of processor time."""
HANGS = 60
"""Seconds of processor time after which the child process is ended, so that a run that goes wrong has an end.
It measures nothing: calls are counted."""
_ADDRESS_SPACE = 1 << 30
"""So that a run that goes wrong ends before it takes the memory of the machine; what is taken is measured."""


class Files(NamedTuple):
    """What lies in the directory that is checked, by name."""

    files: dict[str, bytes]


class Case(NamedTuple):
    """An input that hurt once. `make` gets a size and returns a manifest, or all files of a directory.

    `seen` are words of which the report must hold one: where it may not be silent. `hidden` are words that no
    format may show.
    """

    number: str
    name: str
    make: Callable[[int], bytes | Files]
    small: int
    large: int
    file: str = "x.yaml"
    seen: tuple[str, ...] = ()
    hidden: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        """The number and the name."""
        return f"{self.number} {self.name}"


class Outcome(NamedTuple):
    """How a run of podlint ended. `calls` counts calls of functions, `peak` bytes of memory."""

    code: int
    shown: str
    said: str
    calls: int
    peak: int
    seconds: float


# The guards are set in the child itself, as a function to run before `exec` is not safe with threads.
_PROGRAM = """\
import cProfile, os, resource, sys, time
hard = resource.getrlimit(resource.RLIMIT_AS)[1]
resource.setrlimit(resource.RLIMIT_AS, (int(sys.argv[1]), hard))
resource.setrlimit(resource.RLIMIT_CPU, (int(sys.argv[2]), int(sys.argv[2]) + 5))
del sys.argv[1:3]
from podlint.__main__ import main
profile = cProfile.Profile()
code = profile.runcall(main)
calls = sum(entry.callcount for entry in profile.getstats())
peak = next(int(line.split()[1]) for line in open("/proc/self/status") if line.startswith("VmHWM"))
sys.stdout.flush()
print(code, calls, peak * 1024, time.process_time(), file=sys.stderr)
"""


def run(directory: Path, arguments: Iterable[str], hangs: int = HANGS) -> Outcome:
    """podlint in a process of its own, with its working directory there. The code is negative where a guard
    ended it, after `hangs` seconds of processor time."""
    done = subprocess.run(
        [sys.executable, "-X", "utf8", "-c", _PROGRAM, str(_ADDRESS_SPACE), str(hangs), *arguments],
        cwd=directory,
        capture_output=True,
        check=False,
        env={"PYTHONPATH": str(ROOT), "PATH": "", "PYTHONHASHSEED": "0"},
        timeout=60 * hangs,
    )
    shown, said = done.stdout.decode("utf-8", "replace"), done.stderr.decode("utf-8", "replace")
    if done.returncode:
        return Outcome(done.returncode, shown, said, 0, 0, hangs)
    *lines, figures = said.splitlines()
    code, calls, peak, seconds = figures.split()
    return Outcome(int(code), shown, "\n".join(lines), int(calls), int(peak), float(seconds))


def check(case: Case, size: int, directory: Path, format_: str = "text") -> Outcome:
    """`podlint check` on a case of that size, made in a directory that is empty."""
    made = case.make(size)
    files = made.files if isinstance(made, Files) else {case.file: made}
    for name, data in files.items():
        path = directory / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    # Calls are counted in this process alone.
    path = "." if isinstance(made, Files) else case.file
    return run(directory, ["check", "--jobs", "1", "--format", format_, path])


# --- manifests
# ----------------------------------------------------------------------------------------------------


def container(name: str, *command: str, **fields: Any) -> dict[str, Any]:
    """A busybox with a command and the volume `data` at /data."""
    mounts = [{"name": "data", "mountPath": "/data"}]
    return {"name": name, "image": "busybox", "command": list(command), "volumeMounts": mounts} | fields


def script(text: str, shell: str = "sh", name: str = "a", **fields: Any) -> dict[str, Any]:
    """A container with a script."""
    return container(name, shell, "-c", text, **fields)


def pod(*containers: dict[str, Any], name: str = "p", **fields: Any) -> dict[str, Any]:
    """A pod with an emptyDir `data`."""
    spec = {"containers": list(containers), "volumes": [{"name": "data", "emptyDir": {}}]} | fields
    return {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": name}, "spec": spec}


def config_map(name: str, **data: str) -> dict[str, Any]:
    """A ConfigMap."""
    return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name}, "data": data}


def listed(*objects: dict[str, Any]) -> bytes:
    """A list of objects, on one line."""
    return written({"apiVersion": "v1", "kind": "List", "items": list(objects)})


def written(value: object) -> bytes:
    """A manifest as JSON, on one line."""
    return json.dumps(value, ensure_ascii=False).encode("utf-8", "surrogatepass")


def of_script(make: Callable[[int], str], shell: str = "sh") -> Callable[[int], bytes]:
    """A pod that runs the script of that size."""
    return lambda size: written(pod(script(make(size), shell)))


def of_config(image: str, program: str, path: str, make: Callable[[int], str]) -> Callable[[int], bytes]:
    """A pod whose program reads the configuration of that size."""
    directory, _, file = path.rpartition("/")
    mounts = [{"name": "cm", "mountPath": directory}]
    one = {"name": "a", "image": image, "command": [program, "-c", path], "volumeMounts": mounts}
    volumes = [{"name": "cm", "configMap": {"name": "cm"}}]
    return lambda size: listed(config_map("cm", **{file: make(size)}), pod(one, volumes=volumes))
