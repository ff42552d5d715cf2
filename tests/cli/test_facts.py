"""`podlint facts`: what podlint believes, for people and for programs, and what stood in its way."""

from __future__ import annotations

import json
from pathlib import Path

from tests.cli.conftest import CLEAN_POD, INVALID_YAML, TEMPLATE, Podlint


def test_the_tree_names_every_pod(podlint: Podlint, tmp_path: Path) -> None:
    (tmp_path / "pods.yaml").write_text(CLEAN_POD + "---\n" + CLEAN_POD.replace("clean", "other"))
    ended = podlint("facts", "pods.yaml")
    assert (ended.code, ended.err) == (0, "")
    titles = [line for line in ended.out.splitlines() if line and not line.startswith(" ")]
    assert titles == ["Pod/clean  pods.yaml:4", "Pod/other  pods.yaml:13"]


def test_the_json_has_a_version_and_the_same_pods(podlint: Podlint) -> None:
    ended = podlint("facts", "-", "--format", "json", stdin=CLEAN_POD)
    told = json.loads(ended.out)
    assert told["version"] == "podlint-facts/1"
    assert [(pod["kind"], pod["name"]) for pod in told["pods"]] == [("Pod", "clean")]
    assert [(one["name"], one["role"]) for one in told["pods"][0]["containers"]] == [("web", "app")]


def test_what_a_team_knows_counts(podlint: Podlint, tmp_path: Path) -> None:
    pod = f'{CLEAN_POD}    command: [sh, -c, "acmelog /var/log/app.log; sleep infinity"]\n'
    (tmp_path / "pod.yaml").write_text(pod)
    assert "append" not in podlint("facts", "pod.yaml").out
    (tmp_path / ".podlint.yaml").write_text("commands:\n  acmelog: {operands: ['append*']}\n")
    assert "append /var/log/app.log" in podlint("facts", "pod.yaml").out
    (tmp_path / ".podlint.yaml").write_text("comands: {}\n")
    ended = podlint("facts", "pod.yaml")
    assert (ended.code, ended.out) == (2, "")
    assert ended.err.startswith("podlint: .podlint.yaml:1:1: comands: there is no such key")


def test_what_was_not_read_is_named(podlint: Podlint, tmp_path: Path) -> None:
    (tmp_path / "invalid.yaml").write_text(TEMPLATE + "---\n" + INVALID_YAML)
    ended = podlint("facts", "invalid.yaml")
    assert ended.code == 0
    assert ended.out == ""
    assert ended.err == (
        "podlint: invalid.yaml:4: skipped: it is not valid YAML until it is rendered\n"
        "podlint: invalid.yaml:10:15: this document cannot be read as YAML: "
        "the quote that opens here is never closed\n"
    )


def test_a_missing_file_could_not_be_read(podlint: Podlint) -> None:
    ended = podlint("facts", "missing.yaml")
    assert (ended.code, ended.out) == (3, "")
    assert ended.err == "podlint: missing.yaml: no such file or directory\n"


def test_a_file_without_pods_is_not_silently_empty(podlint: Podlint) -> None:
    ended = podlint("facts", "-", stdin="kind: Service\n")
    assert (ended.code, ended.out, ended.err) == (0, "", "podlint: -: no pod was found\n")


def test_no_line_is_a_command_to_github_actions(podlint: Podlint) -> None:
    manifest = 'kind: "::error::x"\nmetadata: {name: a}\nspec: {containers: [{name: a, image: nginx}]}\n'
    for options in ([], ["--unknown"]):
        lines = podlint("facts", "-", *options, stdin=manifest).out.splitlines()
        assert not any(line.lstrip().startswith("::") for line in lines)
    assert podlint("facts", "-", stdin=manifest).out.startswith("\\x3a:error::x/a  ")


def test_a_variable_from_a_file_is_told_with_its_volume(podlint: Podlint) -> None:
    entry = "    env: [{name: A, valueFrom: {fileKeyRef: {volumeName: run, path: app.env, key: A} } }]\n"
    ended = podlint("facts", "-", stdin=CLEAN_POD + entry)
    assert "    variable A <- volume run:/app.env  <stdin>:9:18" in ended.out


TALKING = """\
apiVersion: v1
kind: Pod
metadata: {name: talking}
spec:
  containers:
  - name: web
    image: busybox
    command: [sh, -c, "trap 'exit 0' TERM; nc -lkp 8080 & while sleep 5; do kill -HUP 7; done"]
    ports: [{name: web, containerPort: 8080}]
    readinessProbe: {httpGet: {port: web}}
    livenessProbe: {exec: {command: [nc, -z, localhost, "8080"]}}
"""


def test_ports_and_signals_are_told(podlint: Podlint) -> None:
    told = podlint("facts", "-", stdin=TALKING).out.splitlines()
    assert [line.strip() for line in told[2:] if "unknown program" not in line] == [
        "port 8080/TCP web",
        "readinessProbe httpGet :web  <stdin>:10:38",
        "main: never ends, 2 scripts, nothing is known to happen to files, process 1 is sh, a shell, "
        "traps TERM",
        "listens on tcp :8080  <stdin>:8:52",
        "sends HUP to pid 7  [in an endless loop]  <stdin>:8:77",
        "livenessProbe: ends by itself, nothing is known to happen to files",
        "connects to tcp localhost:8080  <stdin>:11:46",
    ]
    (pod,) = json.loads(podlint("facts", "-", "--format", "json", stdin=TALKING).out)["pods"]
    (container,) = pod["containers"]
    main, probe = container["processes"]
    assert [(one["direction"], one["port"]) for one in main["endpoints"] + probe["endpoints"]] == [
        ("listen", 8080),
        ("connect", 8080),
    ]
    assert [(one["signal"], one["recipient"], one["target"]["text"]) for one in main["signals"]] == [
        ("HUP", "pid", "7")
    ]
    assert [trap["signal"] for trap in main["pid1"][0]["traps"]] == ["TERM"]
    assert [one["port"] for one in container["probes"]] == ["web"]


MYSTERIES = """\
apiVersion: v1
kind: Pod
metadata: {name: mysteries}
spec:
  containers:
  - {name: clear, image: busybox, command: [sh, -c, "unheard-of /x"]}
  - {name: elsewhere, image: busybox, command: [sh, /run.sh]}
  - {name: eval, image: busybox, command: [sh, -c, 'eval "$X"']}
  - {name: program, image: busybox, command: [unheard-of]}
"""


def test_what_is_unknown_is_listed_with_its_reason_and_counted(podlint: Podlint) -> None:
    ended = podlint("facts", "--unknown", "-", stdin=MYSTERIES)
    assert (ended.code, ended.err) == (0, "")
    assert ended.out.splitlines() == [
        '<stdin>:7:53: Pod/mysteries, container "elsewhere": runs /run.sh, which is not in the run',
        '<stdin>:8:58: Pod/mysteries, container "eval": evaluates text that is not known',
        "understood: 1 of 3 shell containers (33.3 %)",
        "but for scripts that are not in the run: 2 of 3 (66.6 %)",
    ]


def test_what_is_unknown_for_programs(podlint: Podlint) -> None:
    told = json.loads(podlint("facts", "--unknown", "--format", "json", "-", stdin=MYSTERIES).out)
    assert told["version"] == "podlint-facts/1"
    counts = (told["shellContainers"], told["interpreted"], told["onlyScriptsElsewhere"])
    assert counts == (3, 1, 1)
    assert [(one["container"], one["elsewhere"]) for one in told["unknown"]] == [
        ("elsewhere", True),
        ("eval", False),
    ]


def test_a_directory_without_shells_has_nothing_unknown(podlint: Podlint, tmp_path: Path) -> None:
    (tmp_path / "pod.yaml").write_text(CLEAN_POD)
    assert podlint("facts", "--unknown", ".").out == "no shell container was found\n"


def test_nearly_every_shell_container_of_the_corpus_is_interpreted(podlint: Podlint, corpus: Path) -> None:
    told = json.loads(podlint("facts", "--unknown", "--format", "json", str(corpus)).out)
    known = told["interpreted"] + told["onlyScriptsElsewhere"]
    assert known / told["shellContainers"] >= 0.97, told["unknown"]


CONFIGURED = """\
apiVersion: v1
kind: Pod
metadata: {name: web}
spec:
  containers:
  - name: web
    image: nginx
    volumeMounts: [{name: conf, mountPath: /etc/nginx/conf.d}]
  volumes: [{name: conf, configMap: {name: conf}}]
---
apiVersion: v1
kind: ConfigMap
metadata: {name: conf}
data:
  web.conf: |
    server {
      listen 127.0.0.1:8080;
    }
"""


def test_what_a_configuration_says_is_told_with_its_place(podlint: Podlint) -> None:
    told = podlint("facts", "-", stdin=CONFIGURED).out.splitlines()
    assert "    configured nginx listen 127.0.0.1:8080  <stdin>:17:14" in told
    assert "      listens on tcp 127.0.0.1:8080  <stdin>:17:14" in told
    (pod,) = json.loads(podlint("facts", "-", "--format", "json", stdin=CONFIGURED).out)["pods"]
    assert [(one["kind"], one["port"]) for one in pod["containers"][0]["settings"]] == [("listen", 8080)]
