"""`podlint graph` as people run it."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.cli.conftest import CLEAN_POD, ROOT, Podlint

SEED = str(ROOT / "fixtures" / "seed" / "stage-2.yaml")


def test_text_draws_every_pod_with_the_findings_that_check_shows(podlint: Podlint) -> None:
    ended = podlint("graph", str(ROOT / "fixtures" / "seed"))
    assert (ended.code, ended.err) == (0, "")
    assert ended.out.count("Pod/multi-container-demo\n") == 4
    assert "error[quoted-substitution]" in ended.out
    assert "info[" not in ended.out
    assert "info[" in podlint("graph", SEED, "--min-severity", "info").out


def test_rules_are_chosen_as_for_check(podlint: Podlint) -> None:
    drawn = podlint("graph", SEED, "--select", "rotator-race").out
    assert "[1] warning[rotator-race]" in drawn
    assert "[2]" not in drawn.splitlines()[-5]
    assert "rotator-race" not in podlint("graph", SEED, "--ignore", "rotator-race").out


def test_what_a_configuration_ignores_is_not_drawn(podlint: Podlint, tmp_path: Path) -> None:
    (tmp_path / ".podlint.yaml").write_text("ignore: [rotator-race]\n")
    (tmp_path / "pod.yaml").write_text(Path(SEED).read_text())
    assert "rotator-race" not in podlint("graph", "pod.yaml").out
    assert "rotator-race" in podlint("graph", "pod.yaml", "--no-config").out


@pytest.mark.parametrize("format_", ["svg", "mermaid"])
def test_one_of_several_pods_has_to_be_chosen(podlint: Podlint, tmp_path: Path, format_: str) -> None:
    other = CLEAN_POD.replace("name: clean", "name: other\n  namespace: shop")
    (tmp_path / "pods.yaml").write_text(f"{CLEAN_POD}---\n{other}")
    ended = podlint("graph", "pods.yaml", "--format", format_)
    assert (ended.code, ended.out) == (2, "")
    assert ended.err == (
        f"podlint: {format_} draws one pod; choose it with --pod; "
        "there are Pod/clean (pods.yaml:4:9), shop/Pod/other (pods.yaml:13:9)\n"
    )
    for name in ("other", "Pod/other", "shop/Pod/other"):
        ended = podlint("graph", "pods.yaml", "--format", format_, "--pod", name)
        assert (ended.code, ended.err) == (0, "")
        assert "other" in ended.out
    ended = podlint("graph", "pods.yaml", "--pod", "third")
    assert (ended.code, ended.out) == (2, "")
    assert ended.err.startswith("podlint: there is no pod 'third'; there are Pod/clean")


def test_svg_goes_to_a_file(podlint: Podlint, tmp_path: Path) -> None:
    ended = podlint("graph", SEED, "--format", "svg", "--output", "seed.svg")
    assert (ended.code, ended.out, ended.err) == (0, "", "")
    root = ElementTree.fromstring((tmp_path / "seed.svg").read_text())
    assert root.tag == "{http://www.w3.org/2000/svg}svg"


def test_no_manifest_is_written_over(podlint: Podlint, tmp_path: Path) -> None:
    (tmp_path / "pod.yaml").write_text(CLEAN_POD)
    ended = podlint("graph", "pod.yaml", "--format", "svg", "--output", "pod.yaml")
    assert ended.code == 2
    assert "it is one of the files that are read" in ended.err
    assert (tmp_path / "pod.yaml").read_text() == CLEAN_POD


def test_pods_come_from_standard_input(podlint: Podlint) -> None:
    ended = podlint("graph", "-", "--format", "mermaid", stdin=CLEAN_POD)
    assert (ended.code, ended.err) == (0, "")
    assert ended.out.startswith("flowchart LR\n")


def test_what_cannot_be_drawn_is_named(podlint: Podlint, tmp_path: Path) -> None:
    assert podlint("graph", "missing.yaml").code == 3
    (tmp_path / "map.yaml").write_text("kind: ConfigMap\n")
    ended = podlint("graph", "map.yaml")
    assert (ended.code, ended.out, ended.err) == (3, "", "podlint: map.yaml: no pod was found\n")


def test_values_of_secrets_are_not_drawn(podlint: Podlint, tmp_path: Path) -> None:
    (tmp_path / "pod.yaml").write_text(SECRET_SCRIPT)
    for format_ in ("text", "svg", "mermaid", "html"):
        drawn = podlint("graph", "pod.yaml", "--format", format_, "--min-severity", "info").out
        assert "main" in drawn
        assert "hunter2" not in drawn.lower()


SECRET_SCRIPT = """\
apiVersion: v1
kind: Secret
metadata: {name: s}
stringData:
  run.sh: |
    echo x > /data/hunter2.log
    mv /data/hunter2.log /data/hunter2.old
    nc hunter2.example 99
    pkill -HUP hunter2
    pkill -s hunter2 x; kill -hunter2 1
    touch /data/f; chown hunter2 /data/f; chmod hunter2 /data/f
---
apiVersion: v1
kind: Pod
metadata: {name: p}
spec:
  containers:
  - name: main
    image: busybox
    command: [sh, /s/run.sh]
    volumeMounts: [{name: s, mountPath: /s}, {name: data, mountPath: /data}]
  volumes:
  - {name: s, secret: {secretName: s}}
  - {name: data, emptyDir: {}}
"""
