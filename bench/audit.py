"""Audits: whole runs over directories, cold, by two workers, and again, beside kube-linter where it is."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.page import Row
from bench.startup import PODLINT

ROUNDS = 2
FEW, MANY = 1_000, 10_000
"""Documents of the generated directories."""

# What reading and hashing all files takes, by a program that imports what podlint does for it.
_HASH = """
import os, sys
from podlint.startup import collect_rarely, import_sparingly
collect_rarely()
import_sparingly()
from podlint.engine.inputs import find_inputs
from podlint.engine.scan import digest_of
for one in find_inputs(sys.argv[1:]).inputs:
    digest_of(one.read())
os._exit(0)
"""

_WORKLOAD = """\
apiVersion: apps/v1
kind: Deployment
metadata: {{name: web-{0}, labels: {{app: web-{0}}}}}
spec:
  selector: {{matchLabels: {{app: web-{0}}}}}
  template:
    metadata: {{labels: {{app: web-{0}}}}}
    spec:
      containers:
      - name: web
        image: registry.example/web:1
        ports: [{{containerPort: 80}}]
        volumeMounts: [{{name: logs, mountPath: /var/log/web}}]
      - name: reader
        image: busybox:1.36
        command: ["sh", "/scripts/follow-{0}.sh"]
        volumeMounts: [{{name: logs, mountPath: /logs}}, {{name: scripts, mountPath: /scripts}}]
      volumes: [{{name: logs, emptyDir: {{}}}}, {{name: scripts, configMap: {{name: scripts-{0}}}}}]
"""
_SCRIPT = """\
apiVersion: v1
kind: ConfigMap
metadata: {{name: scripts-{0}}}
data:
  follow-{0}.sh: |
    set -eu
    trap 'exit 0' TERM
    for name in access error; do
      while [ ! -e "/logs/$name.log" ]; do sleep 1; done
      tail -F "/logs/$name.log" | grep {1} -v -e '/healthz' -e "probe-{0}" &
    done
    wait
"""
_SERVICE = """\
apiVersion: v1
kind: Service
metadata: {{name: web-{0}}}
spec: {{selector: {{app: web-{0}}}, ports: [{{port: 80, targetPort: 80}}]}}
"""
_ROLE = """\
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: {{name: web-{0}}}
rules: [{{apiGroups: [""], resources: [configmaps], verbs: [get, list, watch]}}]
"""
_DIRECTORY = 50
"""Workloads of one directory, each with its objects in a file of its own and its role in another."""
_MISTAKE = 10
"""One workload of so many has a mistake: grep holds back lines."""


@dataclass(frozen=True, slots=True)
class Cost:
    """What a process took: seconds of the clock and of processors, and its peak memory in MB, that of its
    largest worker where this is more."""

    wall: float
    cpu: float
    memory: float


def generate(directory: Path, documents: int) -> None:
    """Make a directory with so many documents, of which a quarter carry pods and another quarter scripts."""
    for number in range(documents // 4):
        place = directory / f"team-{number // _DIRECTORY}"
        place.mkdir(parents=True, exist_ok=True)
        option = "" if number % _MISTAKE == 0 else "--line-buffered"
        together = "---\n".join(part.format(number, option) for part in (_WORKLOAD, _SCRIPT, _SERVICE))
        (place / f"web-{number}.yaml").write_text(together, encoding="utf-8")
        (place / f"role-{number}.yaml").write_text(_ROLE.format(number), encoding="utf-8")


def measure_audit(directory: Path) -> dict[str, Cost]:
    """The cost of a run with one process (`one`), with two (`two`), of the first that keeps what it finds
    (`cold`) and of the next (`warm`), of finding, reading and hashing all files (`hash`), and of kube-linter
    (`kube-linter`) where it is installed and can read the directory. Of `ROUNDS` rounds the quietest."""
    with tempfile.TemporaryDirectory() as scratch, _environment(scratch):
        kept = str(Path(scratch, "kept"))
        check = [sys.executable, *PODLINT, "check", "--exit-zero", "--format", "concise"]
        commands = {
            "one": [*check, "--no-cache", "--jobs", "1", str(directory)],
            "two": [*check, "--no-cache", "--jobs", "2", str(directory)],
            "cold": [*check, "--cache-dir", kept, "--jobs", "2", str(directory)],
            "warm": [*check, "--cache-dir", kept, "--jobs", "2", str(directory)],
            "hash": [sys.executable, "-c", _HASH, str(directory)],
        }
        other = shutil.which("kube-linter")
        if other is not None:
            commands["kube-linter"] = [other, "lint", "--format", "plain", str(directory)]
        rounds = []
        for _ in range(ROUNDS):
            shutil.rmtree(kept, ignore_errors=True)
            rounds.append({name: _run(command, Path(scratch, name)) for name, command in commands.items()})
        if other is not None and not Path(scratch, "kube-linter").stat().st_size:
            # It ends at the first file that it cannot read.
            for one in rounds:
                del one["kube-linter"]
    # The first also compiles modules.
    return min(rounds, key=lambda taken: sum(cost.cpu for cost in taken.values()))


def audit_rows(directory: Path, many: int = MANY) -> Iterator[Row]:
    """The rows about runs over directories: the one that is given, and generated ones."""
    yield from _rows("the directory", measure_audit(directory), cold_budget=1.5)
    with tempfile.TemporaryDirectory() as scratch:
        generate(Path(scratch, "few"), FEW)
        generate(Path(scratch, "many"), many)
        few, large = measure_audit(Path(scratch, "few")), measure_audit(Path(scratch, "many"))
    yield from _rows(f"{many:,} documents", large, cold_budget=0.6)
    one, other, times = few["one"], large["one"], many / FEW
    yield Row(
        f"{times:g} times the documents, each",
        f"{other.cpu:.2f} s; {FEW:,} documents {one.cpu:.2f} s",
        other.cpu / one.cpu / times,
        1.25,
    )
    yield Row(
        f"{times:g} times the documents, peak memory",
        f"{other.memory:.0f} MB; {FEW:,} documents {one.memory:.0f} MB",
        other.memory / one.memory,
        1.25,
    )


def _rows(where: str, costs: dict[str, Cost], cold_budget: float) -> Iterator[Row]:
    def row(what: str, name: str, beside: str, of: str, budget: float, *, wall: bool) -> Row:
        one, other = (costs[key].wall if wall else costs[key].cpu for key in (name, beside))
        return Row(f"{where}: {what}", f"{one:.2f} s; {of} {other:.2f} s", one / other, budget)

    yield row("two workers", "two", "one", "one", 0.75, wall=True)
    yield row("keeping what is found", "cold", "two", "without", 1.15, wall=False)
    yield row("again", "warm", "hash", "finding, reading and hashing", 2, wall=False)
    if "kube-linter" in costs:
        for wall, how in ((False, ""), (True, ", by the clock")):
            yield row(f"two workers{how}", "two", "kube-linter", "kube-linter", cold_budget, wall=wall)
            yield row(f"again{how}", "warm", "kube-linter", "kube-linter", 0.3, wall=wall)


def _run(command: list[str], output: Path) -> Cost:
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
    actions = [
        (os.POSIX_SPAWN_OPEN, 1, str(output), flags, 0o600),
        (os.POSIX_SPAWN_OPEN, 2, os.devnull, os.O_WRONLY, 0),
    ]
    start = time.perf_counter()
    child = os.posix_spawn(command[0], command, os.environ, file_actions=actions)
    _, _, used = os.wait4(child, 0)
    wall = time.perf_counter() - start
    # Linux counts in units of 1024 bytes, macOS in bytes.
    unit = 1 if sys.platform == "darwin" else 1024
    return Cost(wall, used.ru_utime + used.ru_stime, used.ru_maxrss * unit / 1e6)


@contextmanager
def _environment(scratch: str) -> Iterator[None]:
    """With byte code in a directory of its own: a checkout may be kept free of it."""
    before = dict(os.environ)
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    os.environ["PYTHONPYCACHEPREFIX"] = str(Path(scratch, "byte-code"))
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)
