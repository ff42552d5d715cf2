"""The oracle's front door: run one pod, or many, and get back what was seen."""

from __future__ import annotations

import functools
import json
import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from .intents import Intent, Owner, Reader, owners
from .objects import UnsupportedPod
from .places import Places
from .plan import Clock, EntryResult, Identity, PodPlan, PodResult
from .podspec import Manifest, Seeds
from .trace import Call, parse

__all__ = [
    "File",
    "Intent",
    "Observation",
    "OracleError",
    "UnsupportedPod",
    "available",
    "required",
    "run",
    "run_many",
]

BUSYBOX = "/bin/busybox"
# An instrument that hangs must not hang the tests: this is what set-up and clean-up may take.
_SPARE_SECONDS = 60.0
_FIRST_ID, _LAST_ID = 100_000, 165_535
_START = (
    "import sys; sys.path[:1] = []; sys.path.append(sys.argv.pop(1)); "
    "from oracle import supervisor; supervisor.main()"
)
_PROBE = """
kind: Pod
metadata: {name: probe}
spec:
  containers:
    - {name: probe, image: busybox, command: [sh, -c, "echo x > /tmp/probe; sleep 60"]}
"""


class OracleError(Exception):
    """The instrument itself failed; this says nothing about the pod."""


@dataclass(frozen=True, slots=True)
class File:
    """Something found after the run.

    `size` and `disk` are bytes, apparent and allocated; `text` holds the first 64 KiB of a file, `target`
    the text of a link.
    """

    kind: str
    size: int
    disk: int
    mode: int
    text: str
    target: str


@dataclass(frozen=True, slots=True)
class Observation:
    """What a pod did.

    `intents`: each distinct one once, in the order they were first seen; empty without trace.
    `timeline`: all of them, with repetitions.
    `exits`: the exit status of every container that was started, 128 + N for one that died of signal N, None
    for one that the oracle had to kill.
    `files`: volume -> path in it -> what is there at the end. `root_files`: container -> absolute path ->
    what is new or changed in its private root.
    """

    intents: list[Intent]
    timeline: list[Intent]
    exits: dict[str, int | None]
    files: dict[str, dict[str, File]]
    root_files: dict[str, dict[str, File]]
    stdout: dict[str, str]
    stderr: dict[str, str]


def required() -> bool:
    """Whether a missing tool must fail the tests instead of skipping them."""
    return os.environ.get("PODLINT_ORACLE") == "require"


def available() -> str | None:
    """None if pods can be run here, else the reason why not. `PODLINT_ORACLE=off` is a reason as well."""
    if os.environ.get("PODLINT_ORACLE") == "off":
        return "PODLINT_ORACLE=off"
    return _find_obstacle()


@functools.cache
def _find_obstacle() -> str | None:
    if sys.platform != "linux":
        return "the oracle needs Linux"
    if platform.machine() not in ("x86_64", "aarch64"):
        return f"the oracle does not know the system calls of {platform.machine()}"
    if not os.access(BUSYBOX, os.X_OK):
        return f"no {BUSYBOX} (Debian: busybox-static)"
    if shutil.which("strace") is None:
        return "no strace"
    try:
        seen = run(_PROBE, seconds=5, clock="skip")
    except (OracleError, OSError) as problem:
        return f"cannot run a pod: {problem}"
    if not any(intent.path == "/tmp/probe" for intent in seen.intents):
        return f"ran a pod, but saw nothing: {seen.stderr}"
    return None


def run(
    pod_yaml: str | Path,
    *,
    seconds: float,
    clock: Clock,
    trace: bool = True,
    term_after: float | None = None,
    seeds: Seeds | None = None,
    identity: Identity | None = None,
) -> Observation:
    """Run the one pod of a manifest (its text, or the path of a file) and return what it did.

    `seconds`: how long the app containers may run (and each init container). The run ends early when all
    have ended.
    `clock`: "skip" makes every sleep last 10 ms, "real" leaves time alone.
    `trace`: without it there are no intents, and nothing slows the pod down.
    `term_after`: seconds after which the app containers get SIGTERM; SIGKILL follows at `seconds`.
    `seeds`: volume -> path -> content of files that are there before the pod starts (a name ending in "/": a
    directory).
    `identity`: how to leave the machine; by default the best that the caller's rights allow.

    Raises UnsupportedPod if the pod needs what the oracle does not have, OracleError if the oracle fails.
    """
    text = pod_yaml.read_text(encoding="utf-8") if isinstance(pod_yaml, Path) else pod_yaml
    manifest = Manifest(text)
    containers = manifest.containers()
    plan: PodPlan = {
        "name": manifest.name,
        "share_pid": manifest.share_pid,
        "volumes": manifest.volumes(seeds or {}),
        "containers": containers,
        "identity": identity or _best_identity(),
        "clock": clock,
        "trace": trace,
        "seconds": seconds,
        "term_after": term_after,
        "busybox": BUSYBOX,
        "strace": shutil.which("strace") or "strace",
        "applets": list(_applets()),
    }
    if plan["identity"] != "mapped" and any(container["uid"] or container["gid"] for container in containers):
        raise UnsupportedPod("runAsUser needs a user namespace of many ids, which only root can make")
    phases = 1 + sum(container["role"] == "init" for container in containers)
    return _observe(plan, _supervise(plan, seconds * phases + _SPARE_SECONDS))


def run_many(
    pods: Iterable[str | Path],
    *,
    workers: int = 2,
    seconds: float = 0.5,
    clock: Clock = "skip",
    trace: bool = True,
) -> list[Observation]:
    """`run` for many pods at a time; the observations come in the order of the pods."""
    with ThreadPoolExecutor(workers) as pool:
        futures = [pool.submit(run, pod, seconds=seconds, clock=clock, trace=trace) for pod in pods]
        try:
            return [future.result() for future in futures]
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def _supervise(plan: PodPlan, timeout: float) -> PodResult:
    """Start the supervisor, in a process of its own, and see to it that it does not outlive this call."""
    alive, hold = os.pipe()
    command = [sys.executable, "-S", "-E", "-s", "-c", _START, str(Path(__file__).parents[1]), str(alive)]
    try:
        process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            pass_fds=[alive],
            start_new_session=True,
        )
    finally:
        os.close(alive)
    try:
        out, err = process.communicate(json.dumps(plan).encode(), timeout)
    except subprocess.TimeoutExpired as problem:
        raise OracleError(f"the supervisor did not come back in {timeout} s") from problem
    finally:
        os.close(hold)
        if process.poll() is None:
            process.kill()
            process.communicate()
    if not out:
        raise OracleError(f"no answer from the supervisor: {err.decode(errors='replace').strip()}")
    result: PodResult = json.loads(out)
    if result["error"]:
        raise OracleError(result["error"])
    return result


def _observe(plan: PodPlan, result: PodResult) -> Observation:
    containers = result["containers"]
    calls = {name: parse(own["trace"]) for name, own in containers.items()}
    processes: dict[int, Owner] = {}
    for name, own in containers.items():
        processes |= owners(name, own["pid"], calls[name])
    timeline = _timeline(plan, result, calls, processes)
    return Observation(
        intents=list(dict.fromkeys(timeline)),
        timeline=timeline,
        exits={name: own["status"] for name, own in containers.items()},
        files={volume: _files(entries) for volume, entries in result["volumes"].items()},
        root_files={name: _files(own["root"], "/") for name, own in containers.items()},
        stdout={name: own["stdout"] for name, own in containers.items()},
        stderr={name: own["stderr"] for name, own in containers.items()},
    )


def _timeline(
    plan: PodPlan, result: PodResult, calls: Mapping[str, list[Call]], processes: Mapping[int, Owner]
) -> list[Intent]:
    timed: list[tuple[float, Intent]] = []
    for container in plan["containers"]:
        name = container["name"]
        if name in calls:
            places = Places(container, plan["volumes"], result)
            timed += Reader(name, container["cwd"], places, processes).read(calls[name])
    return [intent for _, intent in sorted(timed, key=lambda pair: pair[0])]


def _files(entries: Mapping[str, EntryResult], prefix: str = "") -> dict[str, File]:
    return {prefix + path: File(**entry) for path, entry in entries.items()}


@functools.cache
def _applets() -> tuple[str, ...]:
    """The programs that this busybox has."""
    listed = subprocess.run([BUSYBOX, "--list"], capture_output=True, text=True, check=True)
    return tuple(listed.stdout.split())


def _best_identity() -> Identity:
    """Root maps many ids, or becomes nobody if they are not there to be mapped; anybody else maps its own."""
    if os.geteuid() != 0:
        return "single"
    for line in Path("/proc/self/uid_map").read_text(encoding="ascii").splitlines():
        first, _, count = map(int, line.split())
        if first <= _FIRST_ID and first + count > _LAST_ID:
            return "mapped"
    return "nobody"
