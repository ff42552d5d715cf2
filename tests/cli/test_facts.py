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
