"""What process 1 of a container turns into, and which signals it handles."""

from __future__ import annotations

import json

import pytest

from podlint.shell.endpoints import Pid1
from tests.shell.running import pod_of, process_of, process_of_script


def told(handling: Pid1 | None) -> str:
    """What process 1 is, in one line."""
    assert handling is not None
    kind = {True: "shell", False: "program", None: "perhaps a shell"}[handling.is_shell]
    words = [kind, handling.program or "?", handling.dialect and f"({handling.dialect})"]
    words += [handling.child and f"before {handling.child}", handling.init and f"under {handling.init}"]
    words += ["waits" if handling.waits else ""]
    words += [f"{trap.signal}:{trap.action}" for trap in handling.traps]
    return " ".join(word for word in words if word)


# What each shell does with the last command of its script was measured (dash 0.5.12, bash 5.2, busybox 1.35).
SCRIPTS = {
    "sleep 9": ("shell sh (dash) before sleep", "program sleep", "program sleep"),
    "cd /; sleep 9": ("shell sh (dash) before sleep", "program sleep", "program sleep"),
    "cd / && sleep 9": ("shell sh (dash)", "program sleep", "program sleep"),
    "cd / || sleep 9": ("shell sh (dash)", "shell bash (bash)", "shell sh (ash)"),
    "sleep 9 > /x": ("shell sh (dash) before sleep", "shell bash (bash) before sleep", "program sleep"),
    "{ sleep 9; }": ("shell sh (dash)", "shell bash (bash)", "program sleep"),
    "tail -F /x | cat": ("shell sh (dash)", "shell bash (bash)", "shell sh (ash)"),
    "exec sleep 9": ("program sleep", "program sleep", "program sleep"),
    "cd /; exec nginx -g 'daemon off;'": ("program nginx", "program nginx", "program nginx"),
    "exec su-exec app env A=b sleep 9": ("program sleep", "program sleep", "program sleep"),
    "while :; do sleep 1; done": ("shell sh (dash)", "shell bash (bash)", "shell sh (ash)"),
    "trap 'exit 0' TERM; sleep 9": (
        "shell sh (dash) before sleep TERM:exit 0",
        "shell bash (bash) before sleep TERM:exit 0",
        "shell sh (ash) before sleep TERM:exit 0",
    ),
    "trap 'exit 0' SIGTERM; sleep 9 & wait": (
        "shell sh (dash) before wait waits",
        "shell bash (bash) before wait waits TERM:exit 0",
        "shell sh (ash) before wait waits TERM:exit 0",
    ),
    "trap '' HUP; trap 'x' TERM; exec sleep 9": (
        "program sleep HUP:",
        "program sleep HUP:",
        "program sleep HUP:",
    ),
    "(trap 'x' TERM); trap 'y' 0 INT; wait": (
        "shell sh (dash) before wait waits EXIT:y INT:y",
        "shell bash (bash) before wait waits EXIT:y INT:y",
        "shell sh (ash) before wait waits EXIT:y INT:y",
    ),
    "f() { sleep 9; }; f": (
        "shell sh (dash) before f",
        "shell bash (bash) before f",
        "shell sh (ash) before f",
    ),
    "": ("shell sh (dash)", "shell bash (bash)", "shell sh (ash)"),
}


@pytest.mark.parametrize(("script", "expected"), SCRIPTS.items(), ids=SCRIPTS)
def test_what_a_shell_turns_into(script: str, expected: tuple[str, str, str]) -> None:
    assert (
        told(process_of_script(script, "debian").first),
        told(process_of_script(script, "debian", "bash").first),
        told(process_of_script(script, "busybox").first),
    ) == expected


def test_an_unknown_image_leaves_the_dialect_open() -> None:
    assert told(process_of_script("sleep 9", "mycorp/x").first) == "perhaps a shell sh before sleep"
    assert told(process_of_script("sleep 9 | cat", "mycorp/x").first) == "shell sh"
    assert told(process_of_script("exec sleep 9", "mycorp/x").first) == "program sleep"


ARGVS = {
    "a program": (["nginx", "-g", "daemon off;"], "program nginx"),
    "a program by its path": (["/usr/sbin/nginx"], "program nginx"),
    "tini": (["/sbin/tini", "--", "sh", "-c", "sleep 9; true"], "shell sh (ash) before true under tini"),
    "tini with options": (["tini", "-g", "-e", "143", "--", "app"], "program app under tini"),
    "tini as Docker has it": (["/sbin/docker-init", "--", "app"], "program app under docker-init"),
    "dumb-init": (["dumb-init", "app"], "program app under dumb-init"),
    "a user": (["su-exec", "app:app", "redis-server"], "program redis-server"),
    "an environment": (["env", "A=b", "app"], "program app"),
    "busybox sh": (["busybox", "sh", "-c", "exec app"], "program app"),
    "a shell inside": (["sh", "-c", "exec sh -c 'trap x TERM; sleep 9'"],
                       "shell sh (ash) before sleep TERM:x"),
    "a script that is elsewhere": (["sh", "/run.sh"], "shell sh (ash)"),
    "bash from elsewhere": (["/bin/bash", "-ec", "exec app"], "program app"),
}  # fmt: skip


@pytest.mark.parametrize(("argv", "expected"), ARGVS.values(), ids=ARGVS)
def test_what_an_argument_vector_turns_into(argv: list[str], expected: str) -> None:
    assert told(process_of(argv).first) == expected


FILES = {
    # Of a script in a file no shell makes way for the last command (dash 0.5.12, bash 5.2, busybox 1.35).
    "dash": (["sh", "/run"], "debian", "sleep 9", "shell sh (dash) before sleep"),
    "bash": (["bash", "-ex", "/run"], "debian", "sleep 9", "shell bash (bash) before sleep"),
    "ash": (["sh", "/run", "a"], "busybox", "cd /; sleep 9", "shell sh (ash) before sleep"),
    "exec": (["sh", "/run"], "busybox", "cd /; exec sleep 9", "program sleep"),
    "by its path": (["/run"], "debian", "#!/usr/bin/env bash\nsleep 9", "shell bash (bash) before sleep"),
    "by its path, with options": (["/run"], "busybox", "#!/bin/sh -e\nsleep 9",
                                  "shell sh (ash) before sleep"),
    "for another program": (["/run"], "debian", "#!/usr/bin/python3\npass", "program run"),
    "instead of the shell": (["sh", "-c", "exec bash -e /run"], "busybox", "sleep 9",
                             "shell bash (bash) before sleep"),
    "instead of ash": (["sh", "-c", "/run"], "busybox", "#!/bin/sh\ntrap x TERM; sleep 9",
                       "shell sh (ash) before sleep TERM:x"),
    "instead of bash": (["bash", "-c", "cd / && /run"], "debian", "#!/bin/sh\nexec sleep 9", "program sleep"),
    "behind dash": (["sh", "-c", "/run"], "debian", "#!/bin/sh\nexec sleep 9", "shell sh (dash) before run"),
    "by a name that is not written out": (["sh", "-c", 'exec sh "$0"', "/run"], "busybox", "sleep 9",
                                          "shell sh (ash) before sleep"),
}  # fmt: skip


@pytest.mark.parametrize(("argv", "image", "script", "expected"), FILES.values(), ids=FILES)
def test_a_shell_stays_for_a_script_in_a_file(
    argv: list[str], image: str, script: str, expected: str
) -> None:
    container = {"name": "a", "image": image, "command": argv,
                 "volumeMounts": [{"name": "v", "mountPath": "/run", "subPath": "run"}]}  # fmt: skip
    volume = {"name": "v", "configMap": {"name": "scripts", "defaultMode": 0o755}}
    documents = [
        {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "scripts"}, "data": {"run": script}},
        {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "p"},
         "spec": {"containers": [container], "volumes": [volume]}},
    ]  # fmt: skip
    (view,) = pod_of("\n---\n".join(map(json.dumps, documents))).containers
    assert told(view.processes[0].first) == expected


IMAGES = {
    "nginx": "program nginx",
    "jenkins/jenkins": "program jenkins.sh under tini",
    "busybox": "shell ? (ash)",
    "mycorp/x": "perhaps a shell ?",
}


@pytest.mark.parametrize(("image", "expected"), IMAGES.items(), ids=IMAGES)
def test_an_images_own_command(image: str, expected: str) -> None:
    assert told(process_of(None, image).first) == expected


def test_arguments_for_an_entrypoint_that_only_the_image_knows() -> None:
    assert told(process_of(None, "mycorp/x", args=["--verbose"]).first) == "perhaps a shell ?"


MAY_BECOME = {
    "if [ -f /a ]; then exec a; else exec b; fi": ["program a", "program b"],
    "if [ -f /a ]; then exec a; fi; exec b": ["program a", "program b"],
    "if [ -f /a ]; then exec a; else exit 1; fi": ["program a"],
    "if [ -f /a ]; then exec a; fi; b --serve": ["program a", "program b"],
    'case "$MODE" in a) exec a;; b) exec b;; *) echo usage; exit 1;; esac': ["program a", "program b"],
    'case "$MODE" in a) exec a;; *) b | cat;; esac': ["program a", "perhaps a shell sh (ash)"],
    '[ -n "$DEBUG" ] && exec a; exec b': ["program a", "program b"],
    '[ -n "$DEBUG" ] && exec a; b | cat': ["program a", "shell sh (ash)"],
    "cd /tmp && exec a; exit 1": ["program a"],
    "cd /tmp && exec a; echo failed": ["program a"],
    "cd /tmp || exec a; b | cat": ["program a", "shell sh (ash)"],
    "until nc -z db 1; do sleep 1; done; exec a": ["program a"],
    "while :; do [ -f /a ] && exec a; sleep 1; done": ["program a"],
    "while :; do date; sleep 1; done": ["shell sh (ash)"],
    "run() { exec a; }; run": ["program a"],
    "run() { exec a; }; (run); run": ["program a"],
    "run() { exec a; }; (run); b | cat": ["shell sh (ash)"],
    "{ exec a; }": ["program a"],
    'exec "$@"; b | cat': ["shell sh (ash)"],
    'set -- env X=1 a; exec "$@"': ["program a"],
    "exec $COMMAND": ["program ?"],
    "COMMAND='nice -n 5 a -b'; exec $COMMAND": ["program a"],
    "exec tini -- a": ["program a under tini"],
    "exec timeout 5 a": ["program timeout"],
    "exec a &\nwait": ["shell sh (ash) before wait waits"],
    "exec a | cat": ["shell sh (ash)"],
    "x=$(exec a); b | cat": ["shell sh (ash)"],
    "trap 'exec a' TERM; sleep 9 & wait": ["shell sh (ash) before wait waits TERM:exec a"],
    "setup() { trap 'x' INT; }; setup; b | cat": ["shell sh (ash) INT:x"],
    "eval 'exec a'": ["program a"],
}


@pytest.mark.parametrize(("script", "expected"), MAY_BECOME.items(), ids=MAY_BECOME)
def test_all_that_process_1_may_become(script: str, expected: list[str]) -> None:
    assert [told(one) for one in process_of_script(script).pid1] == expected


def test_whether_it_surely_becomes_that() -> None:
    script = "if [ -f /a ]; then exec a; fi; exec b"
    assert [one.certain for one in process_of_script(script).pid1] == [False, False]
    assert [one.certain for one in process_of_script("cd /; exec b").pid1] == [True]


def test_arguments_of_the_manifest_become_process_1() -> None:
    argv = ["sh", "-c", 'exec "$@"', "--", "nginx", "-g", "daemon off;"]
    assert [told(one) for one in process_of(argv).pid1] == ["program nginx"]


def test_probes_have_none() -> None:
    from tests.shell.running import container_of

    view = container_of(["sleep", "9"], livenessProbe={"exec": {"command": ["true"]}})
    assert [process.first is None for process in view.processes] == [False, True]
