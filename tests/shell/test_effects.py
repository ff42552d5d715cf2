"""What brings an effect about, what a process is, and which extract lies in which."""

from __future__ import annotations

import json

import pytest

from podlint.manifest.model import Exec
from podlint.shell.effects import Call, Configuration, ImageDefault, Invocation, Maker, Redirection
from podlint.shell.process import ConfigScript
from tests.shell.running import container_of, pod_of, process_of, process_of_script

MADE: dict[str, list[Maker]] = {
    "echo a > /f": [Redirection(">")],
    "echo a >> /f 2>&1": [Redirection(">>")],
    "exec >> /f; echo a": [Redirection(">>", held_by_shell=True)],
    "exec cat < /f": [Redirection("<"), ],
    "rm /f": [Invocation("rm")],
    "egrep a /f": [Invocation("grep")],
}  # fmt: skip


@pytest.mark.parametrize(("script", "expected"), MADE.items(), ids=MADE)
def test_what_makes_an_effect(script: str, expected: list[Maker]) -> None:
    assert [effect.made_by for effect in process_of_script(script).effects] == expected


def test_what_an_image_does_by_itself() -> None:
    (effect, *_) = process_of(image="nginx").effects
    assert effect.made_by == ImageDefault("nginx")
    assert effect.is_image_default
    assert (effect.by, effect.command, effect.operator) == ("nginx", "", "")


CONFIG = """\
/logs/*.log {
    daily
    postrotate
        kill -USR1 $(cat /logs/app.pid)
    endscript
}
"""


def test_what_a_process_is_started_by() -> None:
    probe = {"exec": {"command": ["test", "-f", "/logs/x"]}}
    container = {
        "name": "a", "image": "debian", "command": ["logrotate", "/etc/logrotate.conf"],
        "livenessProbe": probe, "lifecycle": {"preStop": probe},
        "volumeMounts": [{"name": "logs", "mountPath": "/logs"},
                         {"name": "c", "mountPath": "/etc/logrotate.conf", "subPath": "logrotate.conf"}],
    }  # fmt: skip
    volumes = [{"name": "logs", "emptyDir": {}}, {"name": "c", "configMap": {"name": "c"}}]
    documents = [
        {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "c"},
         "data": {"logrotate.conf": CONFIG}},
        {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "p"},
         "spec": {"containers": [container], "volumes": volumes}},
    ]  # fmt: skip
    (view,) = pod_of("\n---\n".join(map(json.dumps, documents))).containers
    main, *others = view.processes
    assert main.started_by is None
    by = [process.started_by for process in others]
    assert [(type(one), process.kind) for one, process in zip(by, others, strict=True)] == [
        (Exec, "livenessProbe"),
        (Exec, "preStop"),
        (ConfigScript, "postrotate"),
    ]
    script = by[-1]
    assert isinstance(script, ConfigScript) and "kill -USR1" in script.text.value
    assert {effect.made_by for effect in main.effects} == {Configuration("logrotate")} | {
        Invocation(effect.command) for effect in main.effects if effect.command
    }


def test_an_extract_holds_what_lies_in_it() -> None:
    view = container_of(["sh", "-c", "echo a > /f; rm /f"])
    echo, rm = (call for call in view.processes[0].calls if call.name in ("echo", "rm"))
    written, removed = (effect for effect in view.processes[0].effects)
    assert rm.holds(removed)
    assert not echo.holds(removed)
    assert not rm.holds(written)
    assert isinstance(rm, Call) and rm.holds(rm)


PATHS = {
    "prog /v/a": ["/v/a"],
    "prog conf/a.yaml --log=/v/l key=./k": ["/conf/a.yaml", "/v/l", "/k"],
    "prog '/v/two words'": ["/v/two words"],
    "prog 127.0.0.1 10.0.0.0/8 db.svc:5432": [],
    "prog 'select a/b from c' '.a/b | c' '{.items[0].a/b}'": [],
    "prog -subj /CN=a/O=b": [],
    "prog https://example.org/a s3://bucket/a": [],
}


@pytest.mark.parametrize(("script", "expected"), PATHS.items(), ids=PATHS)
def test_what_an_unknown_program_may_be_handed_as_a_path(script: str, expected: list[str]) -> None:
    paths = [str(effect.path) for effect in process_of_script(script).effects]
    assert list(dict.fromkeys(paths)) == expected
