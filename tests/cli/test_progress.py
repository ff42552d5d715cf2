"""Progress: a line for somebody who waits at a terminal, and what an interrupt leaves."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FIXTURES = "fixtures/rotator-race"

pty = pytest.importorskip("pty", reason="needs pseudo terminals")

_IMPATIENT = """
from podlint.cli import progress
progress._PATIENCE = progress._BETWEEN = 0
from podlint.__main__ import run
run()
"""


def _at_a_terminal(**environment: str) -> str:
    """What is written to standard error when that is a terminal."""
    master, slave = pty.openpty()
    clean = {name: value for name, value in os.environ.items() if name != "CI"}
    process = subprocess.Popen(
        [sys.executable, "-c", _IMPATIENT, "check", FIXTURES],
        stdout=subprocess.DEVNULL,
        stderr=slave,
        cwd=ROOT,
        env=clean | {"TERM": "xterm", "COLUMNS": "100"} | environment,
    )
    os.close(slave)
    written = b""
    while True:
        try:
            data = os.read(master, 4096)
        except OSError:
            # This is how Linux says that nobody has the other end any more.
            break
        if not data:
            break
        written += data
    os.close(master)
    assert process.wait() == 1
    return written.decode()


def test_a_terminal_shows_files_pods_and_findings() -> None:
    written = _at_a_terminal()
    assert "files with pods," in written
    assert "findings" in written
    # The line is erased in the end.
    assert written.rstrip().endswith("\x1b[2K")


def test_a_ci_runner_has_no_line() -> None:
    assert _at_a_terminal(CI="true") == ""


def test_a_pipe_has_no_line() -> None:
    done = subprocess.run(
        [sys.executable, "-c", _IMPATIENT, "check", FIXTURES], capture_output=True, cwd=ROOT, check=False
    )
    assert done.stderr == b""


_SLOW = """
import signal, sys, time
signal.signal(signal.SIGINT, signal.default_int_handler)
from podlint.cli import runs

def watch(done, of, report):
    if done == 10:
        print("ten", file=sys.stderr, flush=True)
        time.sleep(60)

runs.unwatched = watch
from podlint.__main__ import run
run()
"""


@pytest.mark.parametrize("options", [(), ("--jobs", "1"), ("--jobs", "3")], ids=" ".join)
def test_an_interrupt_leaves_what_was_found(options: tuple[str, ...]) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", _SLOW, "check", *options, FIXTURES, "fixtures/unshared-path"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=ROOT,
        text=True,
    )
    assert process.stderr is not None
    assert process.stderr.readline() == "ten\n"
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert err == "podlint: interrupted\n"
    assert "rotator-race" in out
    assert "interrupted: " in out
    assert "files with pods were not checked" in out
