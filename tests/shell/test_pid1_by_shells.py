"""Whether a shell makes way for the last command of its script, with the real shells as judges."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from podlint.shell.process import Process
from tests.shell.running import pod_of, process_of

SHELLS = {
    "dash": ("debian", ["dash"]),
    "bash": ("debian", ["bash"]),
    "busybox": ("busybox", ["busybox", "ash"]),
}
"""By the program that must be there: an image with that shell, and what runs it."""
LAST = "sh -c 'echo $$'"
"""Prints the process id of the shell before it, where that has made way for it."""
ALIKE = [
    LAST,
    f"cd /; {LAST}",
    f"cd /\n{LAST}",
    f"cd / && {LAST}",
    f"cd / && cd / && {LAST}",
    f"cd /; cd / && {LAST}",
    f"cd /\ncd / && {LAST}",
    f"A=1 {LAST}",
    f"env A=1 {LAST}",
    f"! {LAST}",
    f"{LAST} 2> /dev/null",
    f"{LAST} <<E\nE",
    f"{{ {LAST}; }}",
    f"( {LAST} )",
    f"cd /; ( cd /; {LAST} )",
    f"{LAST} | cat",
    f"{LAST}; :",
    f"for i in 1; do {LAST}; done",
    f"f() {{ {LAST}; }}; f",
    f"sleep 0 & {LAST}",
    f"sleep 0 &\n{LAST}",
    f"trap : USR1; {LAST}",
    f"trap : USR1\ntrap - USR1\n{LAST}",
    f"trap '' USR1; {LAST}",
    f"exec {LAST}",
    f"cd / && exec {LAST}",
    f"true || :; exec {LAST}",
    f"{{ exec {LAST}; }}",
    f"f() {{ exec {LAST}; }}; f",
    f"f() {{ {LAST}; }}; F=f; $F",
    f'f() {{ {LAST}; }}\n"${{1:-f}}"',
    f'f() {{ exec {LAST}; }}; F=f\n"$F"',
    f"f() {{ exec {LAST}; }}\nf; :",
    f"f() {{ g; }}; g() {{ exec {LAST}; }}; f",
    f"if [ -z '' ]; then exec {LAST}; else exec true; fi",
    f"if [ -d /nowhere ]; then exec true; else exec {LAST}; fi",
    f"if [ -d /nowhere ]; then exec true; fi; exec {LAST}",
    f"case a in b) exec true;; *) exec {LAST};; esac",
    f"case a in a) exec {LAST};; esac; :",
    f"for i in 1 2; do exec {LAST}; done",
    f"while :; do exec {LAST}; done",
    f'set -- {LAST}; exec "$@"',
    "COMMAND='env A=1 sh'; exec $COMMAND -c 'echo $$'",
    f"exec env A=1 {LAST}",
    f"exec nice {LAST}",
    f'exec sh -c "exec {LAST.replace("$", chr(92) + "$")}"',
    f'eval "exec {LAST.replace("$", chr(92) + "$")}"',
    f"exec < /dev/null; {LAST} | cat",
    f"exec {LAST} | cat",
    f"(exec {LAST}); :",
    f"(exec {LAST})",
    f"exec {LAST} &\nwait",
    f"echo $(exec {LAST})",
    f"f() {{ exec {LAST}; }}; (f); :",
]
ENDS = ["", " ", ";", "\n", "\n\n", " # end", " # end\n", "\n# end"]
SCRIPTS = [*ALIKE, *(LAST + end for end in ENDS[1:]), *(one + "\n" for one in ALIKE[1:])]


def makes_way(process: Process) -> bool:
    """What podlint says of a script that ends in `LAST`."""
    assert process.first is not None and process.first.script is not None
    assert process.first.is_shell is True
    return process.first.script.value == "echo $$"


def has_made_way(argv: list[str]) -> bool:
    """Whether what a script ends in has the process id of its shell."""
    with subprocess.Popen(argv, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE) as shell:
        printed, _ = shell.communicate(timeout=20)
    return int(printed) == shell.pid


def required(shell: str) -> tuple[str, list[str]]:
    """An image with a shell and the shell itself, which must be there."""
    if shutil.which(shell) is None:
        pytest.skip(f"no {shell}")
    return SHELLS[shell]


@pytest.mark.parametrize("shell", SHELLS)
@pytest.mark.parametrize("script", SCRIPTS)
def test_a_script_on_the_command_line(script: str, shell: str) -> None:
    image, argv = required(shell)
    predicted = makes_way(process_of([argv[-1], "-c", script.replace("$$", "$$$$")], image))
    assert has_made_way([*argv, "-c", script]) == predicted


@pytest.mark.parametrize("shell", SHELLS)
@pytest.mark.parametrize("script", SCRIPTS)
def test_a_script_in_a_file(script: str, shell: str, tmp_path: Path) -> None:
    image, argv = required(shell)
    (tmp_path / "run").write_text(script, encoding="utf-8")
    predicted = makes_way(_process_of_file(argv[-1], image, script))
    assert has_made_way([*argv, str(tmp_path / "run")]) == predicted


def _process_of_file(shell: str, image: str, script: str) -> Process:
    """The main process of a container that runs `SHELL FILE`, with the file in a ConfigMap."""
    container = {
        "name": "a", "image": image, "command": [shell, "/scripts/run"],
        "volumeMounts": [{"name": "v", "mountPath": "/scripts"}],
    }  # fmt: skip
    spec = {"containers": [container], "volumes": [{"name": "v", "configMap": {"name": "scripts"}}]}
    documents = [
        {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "scripts"}, "data": {"run": script}},
        {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "p"}, "spec": spec},
    ]
    (view,) = pod_of("\n---\n".join(map(json.dumps, documents))).containers
    return view.processes[0]
