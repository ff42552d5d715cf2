"""`podlint check --render`: findings in charts, told at their templates."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import CLEAN_POD, MALFORMED_POD, Ended, Podlint
from tests.render.helm import require_helm, write_chart
from tests.report.sarif_validation import schema_validator

DEPLOYMENT = """\
{{- $name := .Release.Name }}
apiVersion: v1
kind: Pod
metadata:
  name: {{ $name }}
spec:
  containers:
    - name: web
      image: nginx:1.27
      volumeMounts:
        - name: {{ .Values.log.volume }}
          mountPath: /var/log
        {{- if .Values.cache }}
        - name: cache
          mountPath: /cache
        {{- end }}
"""
VALUES = "cache: false\nlog:\n  volume: logs\n"


@pytest.fixture(autouse=True)
def _helm() -> None:
    require_helm()


@pytest.fixture
def chart(tmp_path: Path) -> Path:
    return write_chart(tmp_path / "charts/web", {"templates/pod.yaml": DEPLOYMENT, "values.yaml": VALUES})


def findings(ended: Ended) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(ended.out)["findings"]
    return found


def places(ended: Ended) -> list[str]:
    return [f"{one['primary']['path']}:{one['primary']['startLine']}" for one in findings(ended)]


@pytest.mark.parametrize(
    "path", [".", "charts/web", "charts/web/templates", "charts/web/values.yaml", "charts/web/Chart.yaml"]
)
def test_whatever_leads_to_a_chart_stands_for_it(podlint: Podlint, chart: Path, path: str) -> None:
    ended = podlint("check", "--render", path, "--format", "json")
    assert (ended.code, places(ended)) == (1, ["charts/web/templates/pod.yaml:11"])
    assert findings(ended)[0]["primary"]["also"] == {
        "path": "charts/web/values.yaml",
        "line": 3,
        "column": 3,
        "key": "log.volume",
    }


def test_sarif_says_what_the_template_has_become(podlint: Podlint, chart: Path) -> None:
    log = json.loads(podlint("check", "--render", "--format", "sarif").out)
    schema_validator().validate(log)
    ((location,),) = (one["locations"] for one in log["runs"][0]["results"])
    assert location["physicalLocation"]["region"]["startLine"] == 11
    assert location["properties"] == {
        "rendered": ["        - name: logs"],
        "also": {"uri": "charts/web/values.yaml", "line": 3, "column": 3, "key": "log.volume"},
    }


def test_the_chart_of_the_current_directory(podlint: Podlint, chart: Path, tmp_path: Path) -> None:
    for entry in chart.iterdir():
        shutil.move(entry, tmp_path)
    assert places(podlint("check", "--render", "--format", "json")) == ["templates/pod.yaml:11"]


def test_without_it_the_account_says_what_was_seen(podlint: Podlint, chart: Path) -> None:
    ended = podlint("check")
    assert ended.code == 0
    assert ended.out.endswith(
        "         podlint check --render has helm render them\n\n"
        "no findings in 3 files · 0 pods · 1 skipped: template · 1 chart not rendered (--render)\n"
    )


def test_the_configuration_can_ask_for_it(podlint: Podlint, chart: Path, tmp_path: Path) -> None:
    (tmp_path / ".podlint.yaml").write_text("render: true\n")
    assert places(podlint("check", "--format", "json")) == ["charts/web/templates/pod.yaml:11"]


def test_other_manifests_are_read_as_ever(podlint: Podlint, chart: Path, tmp_path: Path) -> None:
    (tmp_path / "pod.yaml").write_text(MALFORMED_POD)
    (chart / "deploy").mkdir()
    (chart / "deploy/pod.yaml").write_text(MALFORMED_POD)
    assert places(podlint("check", "--render", "--format", "json")) == [
        "charts/web/deploy/pod.yaml:11",
        "charts/web/templates/pod.yaml:11",
        "pod.yaml:11",
    ]


def test_what_several_values_show_is_told_once(podlint: Podlint, chart: Path) -> None:
    (chart / "ci").mkdir()
    (chart / "ci/cache-values.yaml").write_text("cache: true\n")
    told = [
        (one["message"], one["variants"])
        for one in findings(podlint("check", "--render", "--format", "json"))
    ]
    assert told == [
        ('"web" mounts undeclared volume "logs" at "/var/log"', ["values.yaml", "ci/cache-values.yaml"]),
        ('"web" mounts undeclared volume "cache" at "/cache"', ["ci/cache-values.yaml"]),
    ]
    assert "seen: with values.yaml, ci/cache-values.yaml\n" in podlint("check", "--render").out


def test_what_cannot_be_rendered_is_named_and_the_rest_goes_on(
    podlint: Podlint, chart: Path, tmp_path: Path
) -> None:
    (tmp_path / "pod.yaml").write_text(CLEAN_POD)
    with (chart / "Chart.yaml").open("a") as file:
        file.write("dependencies: [{name: x, version: 1.0.0, repository: 'https://charts.invalid'}]\n")
    ended = podlint("check", "--render")
    assert ended.code == 3
    assert ended.out == (
        "not read: charts/web/Chart.yaml: not rendered: run helm dependency build\n\n"
        "no findings in 1 file · 1 pod · 1 not read\n"
    )


def test_without_helm_that_is_said(podlint: Podlint, chart: Path) -> None:
    ended = podlint("check", "--render", env={"PATH": os.devnull})
    assert ended.code == 3
    assert "charts/web/Chart.yaml: not rendered: helm was not found: install it\n" in ended.out


def test_values_from_the_command_line(podlint: Podlint, chart: Path, tmp_path: Path) -> None:
    (tmp_path / "more.yaml").write_text("log: {volume: more}\n")
    ended = podlint("check", "--render", "--values", "more.yaml", "--set", "cache=true", "--format", "json")
    assert [one["message"] for one in findings(ended)] == [
        '"web" mounts undeclared volume "more" at "/var/log"',
        '"web" mounts undeclared volume "cache" at "/cache"',
    ]
    assert findings(ended)[0]["primary"]["also"]["path"].endswith("more.yaml")
    assert podlint("check", "--render", "--values", "https://x.invalid/v.yaml").code == 2


@pytest.mark.parametrize(
    ("file", "line"),
    [("templates/pod.yaml", "        - name: {{ .Values.log.volume }}"), ("values.yaml", "  volume: logs")],
)
def test_a_comment_in_a_template_or_in_its_values_ignores(
    podlint: Podlint, chart: Path, file: str, line: str
) -> None:
    path = chart / file
    path.write_text(path.read_text().replace(line, f"{line} # podlint: ignore[undeclared-volume] patched in"))
    ended = podlint("check", "--render")
    assert ended.code == 0
    assert ended.out.endswith(" · 1 ignored: 1 by comment\n")


def test_the_baseline_knows_a_finding_whatever_the_values(podlint: Podlint, chart: Path) -> None:
    assert podlint("baseline", "--render").code == 0
    path = chart / "templates/pod.yaml"
    path.write_text("# A line before it.\n" + path.read_text())
    ended = podlint("check", "--render", "--baseline", ".podlint-baseline.json", "--set", "other=1")
    assert ended.code == 0
    assert ended.out.endswith(" · 1 in the baseline\n")


@pytest.mark.parametrize("changed", ["templates/pod.yaml", "values.yaml", "Chart.yaml"])
def test_lines_that_have_changed_are_those_of_templates_and_values(
    podlint: Podlint, chart: Path, tmp_path: Path, changed: str
) -> None:
    git = ["git", "-C", tmp_path, "-c", "user.name=a", "-c", "user.email=a@b.c"]
    subprocess.run([*git, "init", "-q"], check=True)
    subprocess.run([*git, "add", "-A"], check=True)
    subprocess.run([*git, "commit", "-qm", "first"], check=True)
    path = chart / changed
    path.write_text(path.read_text().replace("volume", "volume ").replace("volume :", "volume:  "))
    if changed == "Chart.yaml":
        path.write_text(path.read_text() + "description: changed\n")
    if changed == "templates/pod.yaml":
        path.write_text(DEPLOYMENT.replace(".volume }}", ".volume  }}"))
    ended = podlint("check", "--render", "--since", "HEAD", "--format", "json")
    assert len(places(ended)) == (changed != "Chart.yaml")


def test_what_helm_prints_names_the_template(podlint: Podlint, chart: Path) -> None:
    printed = subprocess.run(["helm", "template", "app", chart], check=True, capture_output=True).stdout
    ended = podlint("check", "-", stdin=printed)
    assert ended.code == 1
    assert "\n   = template: web/templates/pod.yaml\n" in ended.out
    (found,) = json.loads(podlint("check", "-", "--format", "json", stdin=printed).out)["findings"]
    assert found["primary"]["template"] == "web/templates/pod.yaml"


def test_ignores_are_not_written_into_templates(podlint: Podlint, chart: Path) -> None:
    ended = podlint("check", "--render", "--add-ignores", "--reason", "later")
    assert (ended.code, ended.err) == (2, "podlint: --add-ignores cannot write into what is rendered\n")


def test_names_with_control_characters_reach_no_terminal(podlint: Podlint, tmp_path: Path) -> None:
    name = "a\x1b[31mb"
    chart = write_chart(tmp_path / name, {"templates/p\x07.yaml": DEPLOYMENT, "values.yaml": VALUES})
    ended = podlint("check", "--render", str(chart))
    assert ended.code == 1
    assert "\x1b" not in ended.out + ended.err
    assert "\x07" not in ended.out + ended.err
    app = {"apiVersion": "argoproj.io/v1alpha1", "kind": "Application", "metadata": {"name": "\x1b[31m"}}
    spec = {"source": {"path": name, "helm": {"releaseName": "x", "values": "log: {volume: '\x1b'}"}}}
    (tmp_path / "\x1b.yaml").write_text("---\n".join(json.dumps(app | {"spec": spec}) + "\n" for _ in "12"))
    ended = podlint("check", "--render", ".")
    assert ended.code == 1
    assert "seen: with" in ended.out
    assert "\x1b" not in ended.out + ended.err
    (chart / "Chart.yaml").write_text('apiVersion: v2\nname: "x\\e[31m"\nversion: 1.0.0\n')
    ended = podlint("check", "--render", str(chart))
    assert ended.code == 1
    assert "\x1b" not in ended.out + ended.err


def test_what_is_piped_in_is_told_at_the_templates_of_its_chart(podlint: Podlint, chart: Path) -> None:
    arguments = ["helm", "template", "mine", str(chart), "--set", "cache=true"]
    stream = subprocess.run(arguments, check=True, capture_output=True).stdout
    ended = podlint("check", "-", "--chart", "charts/web", "--format", "json", stdin=stream)
    assert (ended.code, places(ended)) == (
        1,
        ["charts/web/templates/pod.yaml:11", "charts/web/templates/pod.yaml:14"],
    )
    assert "stdin" not in ended.out
    ended = podlint("check", "-", "--chart", "charts/web", "--format", "json", stdin=MALFORMED_POD)
    assert places(ended) == ["<stdin>:11"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["charts/web", "--chart", "charts/web"], "add - to the paths"),
        (["-", "--chart", "charts"], "'charts' is no chart: it has no Chart.yaml"),
    ],
)
def test_a_chart_that_nothing_was_rendered_from(
    podlint: Podlint, chart: Path, arguments: list[str], words: str
) -> None:
    ended = podlint("check", *arguments)
    assert (ended.code, words in ended.err) == (2, True)
