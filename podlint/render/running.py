"""Running a program that renders what strangers wrote: bounded in time, memory and output, and on its own."""

from __future__ import annotations

import os
import selectors
import subprocess
import sys
from collections.abc import Mapping, Sequence
from shutil import which
from time import monotonic

from podlint.source.decode import MAX_FILE_BYTES, reason_of

MAX_SECONDS = 120
"""A program that has not ended by then is stopped: large charts take some seconds, …"""
MAX_MEMORY = 2 * 1024 * 1024 * 1024
"""… and some hundred megabytes."""
_MAX_COMPLAINT = 64 * 1024
_AT_ONCE = 1 << 16
# Nothing listens there. Go's HTTP client, as most others, goes where these tell it to.
_NOWHERE = "http://127.0.0.1:9"


class RenderError(Exception):
    """Why something is not rendered; `str()` has the words, in lower case."""


class Failed(RenderError):
    """A program that has ended with an error; `said` is what it wrote about it."""

    def __init__(self, program: str, said: str) -> None:
        lines = said.strip().splitlines()
        super().__init__(f"{program}: {lines[-1].strip()}" if lines else f"{program} has failed")
        self.said = said


def program(*names: str) -> str:
    """The path of the first of some programs that is there. Raises `RenderError`."""
    for name in names:
        found = which(name)
        if found is not None:
            return found
    raise RenderError(f"{' or '.join(names)} was not found: install it")


def run(command: Sequence[str], home: str, cwd: str) -> bytes:
    """What a program writes to standard output, run in `cwd` with the scratch directory `home` for all that
    is its user's.

    It has no cluster, no configuration, and no way to the network that goes by proxies. Raises `RenderError`
    where it cannot be run, is not done in time, writes too much, or fails (`Failed`).
    """
    name = os.path.basename(command[0])
    try:
        process = subprocess.Popen(
            command,
            cwd=cwd,
            env=_environment(home),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )
    except OSError as error:
        raise RenderError(f"cannot run {name}: {reason_of(error)}") from None
    except ValueError:
        raise RenderError(f"cannot run {name}: an option holds a NUL character") from None
    with process:
        try:
            _bound_memory(process.pid)
            written, said = _outputs(process, name)
            code = process.wait()
        finally:
            process.kill()
    if code != 0:
        raise Failed(name, said.decode("utf-8", "replace"))
    return written


def _environment(home: str) -> Mapping[str, str]:
    """Nothing of the caller's environment, not even where programs are: those that render need no others."""
    return {
        "PATH": "",
        "HOME": home,
        "TMPDIR": home,
        "LC_ALL": "C.UTF-8",
        "XDG_CACHE_HOME": os.path.join(home, "cache"),
        "XDG_CONFIG_HOME": os.path.join(home, "config"),
        "XDG_DATA_HOME": os.path.join(home, "data"),
        "HELM_NO_PLUGINS": "1",
        "HELM_PLUGINS": os.path.join(home, "plugins"),
        "KUBECONFIG": os.devnull,
        "HTTP_PROXY": _NOWHERE,
        "HTTPS_PROXY": _NOWHERE,
        "ALL_PROXY": _NOWHERE,
        "GOMAXPROCS": "2",
    }


def _bound_memory(pid: int) -> None:
    if sys.platform == "linux":
        import resource

        try:
            resource.prlimit(pid, resource.RLIMIT_DATA, (MAX_MEMORY, MAX_MEMORY))
        except OSError:
            # It has ended already, or a container allows nobody to set limits.
            return


def _outputs(process: subprocess.Popen[bytes], name: str) -> tuple[bytes, bytes]:
    """All of standard output, and the beginning and the end of standard error."""
    assert process.stdout is not None
    assert process.stderr is not None
    until = monotonic() + MAX_SECONDS
    written, said = bytearray(), bytearray()
    with selectors.DefaultSelector() as selector:
        selector.register(process.stdout, selectors.EVENT_READ, written)
        selector.register(process.stderr, selectors.EVENT_READ, said)
        while selector.get_map():
            for key, _ in selector.select(max(until - monotonic(), 0)):
                part = os.read(key.fd, _AT_ONCE)
                if part:
                    key.data.extend(part)
                else:
                    selector.unregister(key.fileobj)
            if monotonic() >= until:
                raise RenderError(f"{name} was stopped after {MAX_SECONDS} seconds")
            if len(written) > MAX_FILE_BYTES:
                raise RenderError(f"{name} writes more than {MAX_FILE_BYTES // (1024 * 1024)} MiB")
            del said[_MAX_COMPLAINT // 2 : -_MAX_COMPLAINT // 2]
    return bytes(written), bytes(said)
