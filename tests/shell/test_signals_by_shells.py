"""Whether a signal goes to the process whose number stands in a file, with the real shells as judges."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from podlint.shell.endpoints import Recipient
from tests.shell.real_shells import SHELLS, require, run
from tests.shell.running import process_of_script

SCRIPTS = [
    "kill -KILL $(cat FILE)",
    "pid=$(cat FILE); kill -KILL $pid",
    "pid=`cat FILE`; kill -KILL $pid",
    "pid=$(cat FILE 2>/dev/null); kill -KILL $pid",
    "pid=$(cat FILE | head -1); kill -KILL $pid",
    "pid=$(cat FILE 2>/dev/null | head -n 1 | tr -d ' '); kill -KILL $pid",
    "pid=$(head -1 FILE); kill -KILL $pid",
    "pid=$(head -1 < FILE); kill -KILL $pid",
    "pid=$(sed -n 1p FILE); kill -KILL $pid",
    "first() { head -1; }; pid=$(cat FILE | first); kill -KILL $pid",
    "cd $(dirname FILE); kill -KILL $(cat app.pid)",
    "if [ -f FILE ]; then pid=$(cat FILE); kill -KILL $pid; fi",
]
IN_BASH = ["pid=$(<FILE); kill -KILL $pid", 'kill -KILL "$(<FILE)"']
CASES = [*((shell, one) for shell in SHELLS for one in SCRIPTS), *(("bash", one) for one in IN_BASH)]


@pytest.mark.parametrize(("shell", "script"), CASES)
def test_the_process_in_the_file_is_meant(shell: str, script: str, tmp_path: Path) -> None:
    require(shell)
    file = tmp_path / ("a" * 60) / "app.pid"
    file.parent.mkdir()
    script = script.replace("FILE", str(file))
    with subprocess.Popen(["sleep", "60"]) as app:
        file.write_text(f"{app.pid}\n")
        run(shell, script)
        try:
            assert app.wait(timeout=5) == -9
        finally:
            app.kill()
    (signal,) = process_of_script(script, "debian", shell).signals
    assert (signal.signal, signal.recipient, str(signal.target)) == ("KILL", Recipient.FILE, str(file))
