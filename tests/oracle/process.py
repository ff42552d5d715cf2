"""One container as its supervisor sees it: how it is forked, released, read, signalled and reaped."""

from __future__ import annotations

import os
import signal

from . import kernel, stage, strace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .plan import ContainerPlan, PodPlan

MOST_OUTPUT = 64 << 10
_KILLED = 128


class Process:
    """A container's first process, from the fork to its status.

    `status` is an exit code (128 + signal if a signal ended it) once it has ended by itself. `cut` says that
    the supervisor ended it.
    """

    def __init__(self, plan: ContainerPlan, space: str) -> None:
        self.plan = plan
        self.pid = 0
        self.tracer = 0
        self.status: int | None = None
        self.ended = False
        self.cut = False
        self.trace_path = f"{space}/traces/{plan['name']}"
        self.output: dict[int, bytearray] = {}
        self._ready = -1
        self._gate = -1
        self._streams: tuple[int, int] = (-1, -1)

    def fork(self, pod: PodPlan, space: str, own_namespace: int, shared_namespace: int | None) -> None:
        """Fork the stage process into its PID namespace; it then prepares itself while others are forked."""
        ready, tell_ready = os.pipe()
        gate, open_gate = os.pipe()
        out, out_end = os.pipe()
        err, err_end = os.pipe()
        if shared_namespace is None:
            kernel.unshare(kernel.CLONE_NEWPID)
        else:
            kernel.join(shared_namespace, kernel.CLONE_NEWPID)
        self.pid = os.fork()
        if self.pid == 0:
            signal.set_wakeup_fd(-1)
            volumes = {volume["name"]: volume for volume in pod["volumes"]}
            stage.become(space, self.plan, volumes, (tell_ready, gate), (out_end, err_end))
        # Children go on being born in our own namespace, where the next unshare is allowed again.
        kernel.join(own_namespace, kernel.CLONE_NEWPID)
        for descriptor in (tell_ready, gate, out_end, err_end):
            os.close(descriptor)
        self._ready, self._gate = ready, open_gate
        self._streams = (out, err)
        for descriptor in self._streams:
            os.set_blocking(descriptor, False)
            self.output[descriptor] = bytearray()

    def await_stage(self) -> bool:
        """Wait until the container is built. False if that failed: it ends with the reason on its stderr."""
        return os.read(self._ready, 1) == b"r"

    def trace(self, pod: PodPlan) -> None:
        """Start strace on the waiting process, if this run needs it."""
        if pod["trace"] or pod["clock"] == "skip":
            self.tracer = strace.start(
                pod["strace"],
                self.pid,
                self.trace_path,
                record=pod["trace"],
                skip_sleeps=pod["clock"] == "skip",
            )

    def await_tracer(self) -> None:
        """Wait until strace holds the process."""
        if self.tracer:
            strace.await_attachment(self.pid, self.tracer, self.trace_path)

    def release(self) -> None:
        """Let the program start."""
        os.write(self._gate, b"g")

    def read(self, descriptor: int) -> bool:
        """Take what the container printed, up to a bound; the rest is read and dropped. False at its end."""
        try:
            data = os.read(descriptor, MOST_OUTPUT)
        except BlockingIOError:
            return True
        kept = self.output[descriptor]
        kept += data[: MOST_OUTPUT - len(kept)]
        return bool(data)

    def printed(self) -> tuple[str, str]:
        """What it wrote to its standard output and standard error."""
        out, err = (self.output[stream].decode("utf-8", "backslashreplace") for stream in self._streams)
        return out, err

    def signal(self, number: int) -> None:
        """Signal the container's first process, as kubelet has the runtime do."""
        if not self.ended:
            os.kill(self.pid, number)

    def end(self, wait_status: int) -> None:
        """Book the status that waitpid gave."""
        code = os.waitstatus_to_exitcode(wait_status)
        self.ended = True
        if not self.cut:
            self.status = code if code >= 0 else _KILLED - code

    def recorded(self) -> str:
        """What strace wrote."""
        if not os.path.exists(self.trace_path):
            return ""
        with open(self.trace_path, encoding="utf-8", errors="backslashreplace") as file:
            return file.read()
