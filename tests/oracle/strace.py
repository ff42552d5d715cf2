"""Starting strace on a container that waits at its gate: which calls it reports and how it skips sleeps."""

from __future__ import annotations

import os
import time

# A leading question mark: not every architecture has the call.
_TRACED = (
    "?open,openat,?openat2,?creat,?rename,?renameat,renameat2,?unlink,unlinkat,?mkdir,mkdirat,?rmdir,?link,linkat,"
    "?symlink,symlinkat,?truncate,ftruncate,?chmod,fchmodat,?fchmodat2,?mknod,mknodat,?utimensat,?utime,?utimes,"
    "?futimesat,socket,bind,listen,connect,kill,tkill,tgkill,chdir,fchdir,?fork,?vfork,clone,?clone3,execve,execveat"
)
_SLEEPS = "nanosleep,clock_nanosleep"
# strace injects only into calls that it also traces.
_SKIPPED = f"inject={_SLEEPS}:retval=0:delay_exit=10000"
ATTACH_SECONDS = 20.0


def start(program: str, pid: int, output: str, *, record: bool, skip_sleeps: bool) -> int:
    """Start strace on `pid` and return strace's own pid; `await_attachment` tells when it has hold.

    `output` gets the record; its messages go to `output` + ".err".
    """
    argv = [program, "-f", "-y", "-ttt", "-s", "128", "--pidns-translation", "-e", "signal=none"]
    argv += ["--quiet=exit,path-resolution,personality,thread-execve"]
    traced = ([_TRACED] if record else []) + ([_SLEEPS] if skip_sleeps else [])
    argv += ["-e", "trace=" + ",".join(traced)]
    if skip_sleeps:
        argv += ["-e", _SKIPPED]
    argv += ["-o", output, "-p", str(pid)]
    tracer = os.fork()
    if tracer == 0:
        try:
            messages = os.open(output + ".err", os.O_WRONLY | os.O_CREAT, 0o600)
            os.dup2(messages, 1)
            os.dup2(messages, 2)
            os.execve(program, argv, {"LC_ALL": "C", "PATH": "/usr/bin:/bin"})
        finally:
            os._exit(127)
    return tracer


def await_attachment(pid: int, tracer: int, output: str) -> None:
    """Wait until strace holds `pid`; raises OSError if it ends or takes too long.

    Only strace's own message is proof: TracerPid is set before the process is interrupted, and in between it
    would run unseen.
    """
    end = time.monotonic() + ATTACH_SECONDS
    messages = ""
    while time.monotonic() < end:
        ended = os.waitpid(tracer, os.WNOHANG)[0] != 0
        if os.path.exists(output + ".err"):
            with open(output + ".err", encoding="utf-8", errors="replace") as file:
                messages = file.read()
        if f"Process {pid} attached" in messages:
            return
        if ended:
            break
        time.sleep(0.002)
    raise OSError(f"strace does not attach: {messages[:500]}")
