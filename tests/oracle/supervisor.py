"""The process that runs one pod: it leaves the machine, starts the containers, stops them, and reports."""

from __future__ import annotations

import json
import os
import select
import signal
import sys
import time
import traceback

from . import isolation, kernel, listing, roots, stage, volumes
from .process import Process

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from .plan import ContainerResult, PodPlan, PodResult

SPACE = isolation.SPACE
_KILL_SECONDS = 10.0


def main() -> None:
    """Read a plan from standard input, run it, write the result to standard output.

    `sys.argv[1]` is a descriptor that reaches its end when the caller dies: then everything here dies too.
    """
    alive = int(sys.argv[1])
    os.set_inheritable(alive, False)
    kernel.prctl(kernel.PR_SET_PDEATHSIG, signal.SIGKILL)
    plan: PodPlan = json.loads(sys.stdin.buffer.read())
    try:
        isolation.enter_user_namespace(plan["identity"])
        isolation.enter_pod_namespaces()
    except OSError as problem:
        _report({"error": f"no namespaces: {problem}", "containers": {}, "volumes": {}})
        return
    # A change of credentials has forgotten the first one.
    kernel.prctl(kernel.PR_SET_PDEATHSIG, signal.SIGKILL)
    first = os.fork()
    if first == 0:
        status = 1
        try:
            kernel.prctl(kernel.PR_SET_PDEATHSIG, signal.SIGKILL)
            _report(_run(plan, alive))
            status = 0
        finally:
            os._exit(status)
    os.waitpid(first, 0)


def _report(result: PodResult) -> None:
    data = json.dumps(result).encode()
    while data:
        data = data[os.write(1, data) :]


def _run(plan: PodPlan, alive: int) -> PodResult:
    try:
        isolation.furnish_pod(plan["name"])
        pod = _Pod(plan, alive)
        pod.furnish()
        try:
            pod.run()
        finally:
            pod.stop()
        return pod.result()
    except Exception:
        return {"error": traceback.format_exc(), "containers": {}, "volumes": {}}


class _Pod:
    """The running pod. It is the first process of the outer PID namespace, so nothing in it outlives it."""

    def __init__(self, plan: PodPlan, alive: int) -> None:
        self._plan = plan
        self._processes = [Process(container, SPACE) for container in plan["containers"]]
        self._started: list[Process] = []
        self._before: dict[str, dict[str, listing.Fingerprint]] = {}
        self._own_namespace = os.open("/proc/self/ns/pid", os.O_RDONLY)
        self._shared_namespace: int | None = None
        self._pause = 0
        self._tracers: set[int] = set()
        self._poll = select.poll()
        self._poll.register(alive, select.POLLIN)
        self._alive = alive
        self._wake = _wake_on_child()
        self._poll.register(self._wake, select.POLLIN)

    def furnish(self) -> None:
        """Lay out volumes and roots, all on the pod's own file system."""
        for name in ("volumes", "roots", "managed", "traces"):
            os.mkdir(f"{SPACE}/{name}")
        roots.copy_busybox(self._plan["busybox"], f"{SPACE}/busybox")
        for volume in self._plan["volumes"]:
            volumes.lay_out(f"{SPACE}/volumes", volume)
        for container in self._plan["containers"]:
            home = f"{SPACE}/roots/{container['name']}"
            os.mkdir(home)
            roots.build_root(container["root"], home, f"{SPACE}/busybox", self._plan["applets"])
            stage.prepare(SPACE, container, self._plan["name"])
        if self._plan["share_pid"]:
            self._start_pause()

    def run(self) -> None:
        """Init containers and sidecars in order, then the app containers together, until all end."""
        for process in self._processes:
            role = process.plan["role"]
            if role == "app":
                continue
            self._start([process])
            if role == "init":
                self._wait(self._plan["seconds"], lambda process=process: process.ended)  # type: ignore[misc]
                if process.status != 0:
                    return
        apps = [process for process in self._processes if process.plan["role"] == "app"]
        self._start(apps)
        begun = time.monotonic()
        if self._plan["term_after"] is not None:
            self._wait(self._plan["term_after"], self._all_ended)
            self._terminate(apps, begun)
        self._wait(begun + self._plan["seconds"] - time.monotonic(), self._all_ended)

    def _terminate(self, apps: list[Process], begun: float) -> None:
        """SIGTERM to the app containers; when they have ended, to the sidecars in reverse order."""
        for process in apps:
            process.signal(signal.SIGTERM)
        left = begun + self._plan["seconds"] - time.monotonic()
        self._wait(left, lambda: all(process.ended for process in apps))
        for process in reversed([process for process in self._started if process.plan["role"] == "sidecar"]):
            process.signal(signal.SIGTERM)

    def stop(self) -> None:
        """Kill what still runs, and let strace finish its records."""
        for process in self._started:
            process.cut = not process.ended
            process.signal(signal.SIGKILL)
        if self._pause:
            os.kill(self._pause, signal.SIGKILL)
        self._wait(_KILL_SECONDS, lambda: self._all_ended() and not self._tracers)

    def result(self) -> PodResult:
        """Everything there is to know afterwards."""
        return {
            "error": "",
            "containers": {
                process.plan["name"]: self._container_result(process) for process in self._started
            },
            "volumes": {
                volume["name"]: listing.list_entries(f"{SPACE}/volumes/{volume['storage']}")
                for volume in self._plan["volumes"]
            },
        }

    def _container_result(self, process: Process) -> ContainerResult:
        name = process.plan["name"]
        root = listing.list_entries(f"{SPACE}/roots/{name}", self._before[f"roots/{name}"])
        managed = listing.list_entries(f"{SPACE}/managed/{name}", self._before[f"managed/{name}"])
        for path, entry in managed.items():
            root[path if path.startswith("dev/") else f"etc/{path}"] = entry
        out, err = process.printed()
        return {
            "status": process.status,
            "pid": process.pid,
            "stdout": out,
            "stderr": err,
            "trace": process.recorded(),
            "root": root,
            "links": listing.links(f"{SPACE}/roots/{name}"),
        }

    def _start_pause(self) -> None:
        kernel.unshare(kernel.CLONE_NEWPID)
        self._pause = os.fork()
        if self._pause == 0:
            signal.signal(signal.SIGCHLD, signal.SIG_IGN)
            while True:
                signal.pause()
        kernel.join(self._own_namespace, kernel.CLONE_NEWPID)
        self._shared_namespace = os.open(f"/proc/{self._pause}/ns/pid", os.O_RDONLY)

    def _start(self, processes: list[Process]) -> None:
        """Start these containers at one moment, in their order."""
        for process in processes:
            process.fork(self._plan, SPACE, self._own_namespace, self._shared_namespace)
            self._started.append(process)
            for stream in process.output:
                self._poll.register(stream, select.POLLIN)
        built = [process for process in processes if process.await_stage()]
        for process in processes:
            for place in ("roots", "managed"):
                key = f"{place}/{process.plan['name']}"
                self._before[key] = listing.fingerprints(f"{SPACE}/{key}")
        for process in built:
            process.trace(self._plan)
        for process in built:
            process.await_tracer()
            if process.tracer:
                self._tracers.add(process.tracer)
        for process in built:
            process.release()

    def _all_ended(self) -> bool:
        return all(process.ended for process in self._started)

    def _wait(self, seconds: float, done: Callable[[], bool]) -> None:
        """Serve output and children until `done` or until the time is up."""
        end = time.monotonic() + seconds
        self._reap()
        while not done():
            left = end - time.monotonic()
            if left <= 0:
                break
            for descriptor, event in self._poll.poll(left * 1000):
                self._serve(descriptor, event)
            self._reap()
        for process in self._started:
            for stream in process.output:
                process.read(stream)

    def _serve(self, descriptor: int, event: int) -> None:
        if descriptor == self._alive:
            os._exit(1)
        if descriptor == self._wake:
            os.read(self._wake, 4096)
            return
        owner = next(process for process in self._started if descriptor in process.output)
        if not owner.read(descriptor) or not event & select.POLLIN:
            self._poll.unregister(descriptor)

    def _reap(self) -> None:
        while True:
            try:
                pid, status = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                return
            if pid == 0:
                return
            self._tracers.discard(pid)
            for process in self._started:
                if process.pid == pid:
                    process.end(status)


def _wake_on_child() -> int:
    """A descriptor that becomes readable when a child ends."""
    read, write = os.pipe()
    os.set_blocking(read, False)
    os.set_blocking(write, False)
    signal.signal(signal.SIGCHLD, lambda _number, _frame: None)
    signal.set_wakeup_fd(write, warn_on_full_buffer=False)
    return read
