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


def test_what_was_not_read_is_named(podlint: Podlint, tmp_path: Path) -> None:
    (tmp_path / "invalid.yaml").write_text(TEMPLATE + "---\n" + INVALID_YAML)
    ended = podlint("facts", "invalid.yaml")
    assert ended.code == 0
    assert ended.out == ""
    assert ended.err == (
        "podlint: invalid.yaml:4: skipped: it is no YAML until it is rendered\n"
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
        "livenessProbe: runs for an unknown time, nothing is known to happen to files",
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
    assert [trap["signal"] for trap in main["handling"]["traps"]] == ["TERM"]
    assert [one["port"] for one in container["probes"]] == ["web"]
