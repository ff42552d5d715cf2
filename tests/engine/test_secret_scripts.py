"""A Secret of the run is read like a ConfigMap, and nothing that it holds is in a report, picture or fact."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from msgspec import to_builtins

from podlint import Report, lint_text
from podlint.facts.build import facts_of
from podlint.facts.model import VERSION, Facts
from podlint.facts.tree import lines_of
from podlint.findings import Severity
from podlint.picture.build import picture_of
from podlint.report import RENDERERS, RenderOptions
from tests.views import pods_of

ROOT = Path(__file__).resolve().parents[2]
SHORTEST = 6
"""Shorter lines are words that a report may say of itself, and so are those that are one word of letters:
keywords (`done`, `postrotate`)."""
OF_FACTS = "include /etc/rotate.d"
"""A line that the facts happen to make: a kind of setting, and a path that the pod itself mounts."""


def shown(manifest: str) -> Iterator[str]:
    """All that podlint says about a manifest, in every format."""
    report = lint_text(manifest, "m.yaml")
    for name, render in RENDERERS.items():
        text = render(report, RenderOptions(least=Severity.INFO))
        # These two bring the pages of the rules, with their examples.
        if name == "sarif":
            text = json.dumps(json.loads(text)["runs"][0] | {"tool": ""})
        elif name == "html":
            text = text.partition('<section class="rules"')[0]
        yield text
    views = pods_of(["-"], manifest.encode(), anything_else=True)
    yield from (json.dumps(to_builtins(picture_of(pod)), ensure_ascii=False) for pod in views)
    pods = tuple(map(facts_of, views))
    yield json.dumps(to_builtins(Facts(VERSION, pods)), ensure_ascii=False)
    yield "\n".join(line for pod in pods for line in lines_of(pod))


def moved(root: Any, texts: list[str], encoded: bool) -> Any:
    """A manifest in which each ConfigMap that is mounted has become a Secret; `texts` gets what it holds."""
    if isinstance(root, list):
        return [moved(one, texts, encoded) for one in root]
    if not isinstance(root, dict):
        return root
    if root.get("kind") == "ConfigMap":
        data = {key: str(value) for key, value in (root.get("data") or {}).items() if value is not None}
        texts += data.values()
        if encoded:
            data = {key: base64.b64encode(value.encode()).decode() for key, value in data.items()}
        return {**root, "kind": "Secret", "data" if encoded else "stringData": data} | (
            {} if encoded else {"data": {}}
        )
    changed = {key: moved(one, texts, encoded) for key, one in root.items()}
    if "mountPath" not in root and isinstance(root.get("configMap"), dict):
        del changed["configMap"]
        source = dict(root["configMap"])
        projected = "name" not in root
        changed["secret"] = source if projected else source | {"secretName": source.pop("name", "")}
    return changed


def fixtures() -> list[object]:
    """The fixtures that mount a ConfigMap."""
    paths = sorted((ROOT / "fixtures").glob("*/*.yaml"))
    return [
        pytest.param(path, id=f"{path.parent.name}/{path.name}")
        for path in paths
        if "configMap:" in (text := path.read_text(encoding="utf-8")) and "kind: ConfigMap" in text
    ]


@pytest.mark.parametrize("encoded", [False, True], ids=["stringData", "data"])
@pytest.mark.parametrize("path", fixtures())
def test_no_line_of_a_secret_is_shown(path: Path, encoded: bool) -> None:
    texts: list[str] = []
    documents = list(yaml.safe_load_all(path.read_text(encoding="utf-8")))
    changed = [moved(one, texts, encoded) for one in documents]
    manifest = yaml.safe_dump_all(changed, sort_keys=False, width=1000)
    lines = {line.strip() for text in texts for line in text.splitlines()}
    lines = {line for line in lines if len(line) >= SHORTEST and not line.isalpha()}
    elsewhere = json.dumps([one for one in changed if not isinstance(one, dict) or one["kind"] != "Secret"])
    hidden = {line for line in lines if line not in elsewhere and line != OF_FACTS}
    for text in shown(manifest):
        assert [line for line in hidden if line in text] == []


SCRIPT = "while true; do date >> /data/hunter2/app.log; sleep 5; done"
WORKLOAD = """---
kind: Pod
metadata: {name: p}
spec:
  containers:
  - name: app
    image: debian
    command: [sh, /scripts/run.sh]
    volumeMounts: [{name: scripts, mountPath: /scripts}, {name: data, mountPath: /data}]
  volumes:
  - {name: data, emptyDir: {}}
  - {name: scripts, secret: {secretName: s}}
"""
PLAIN = f"kind: Secret\nmetadata: {{name: s}}\nstringData:\n  run.sh: |\n    {SCRIPT}\n"
ENCODED = (
    f"kind: Secret\nmetadata: {{name: s}}\ndata:\n  run.sh: {base64.b64encode(SCRIPT.encode()).decode()}\n"
)


def rules_of(report: Report) -> set[str]:
    return {finding.rule for finding in report.findings}


@pytest.mark.parametrize("secret", [PLAIN, ENCODED], ids=["stringData", "data"])
def test_a_script_in_a_secret_is_followed(secret: str) -> None:
    report = lint_text(secret + WORKLOAD, "m.yaml")
    assert report.scripts == 1
    assert report.not_understood == []
    (finding,) = (one for one in report.findings if one.rule == "unbounded-growth")
    assert finding.message == '"app" appends to "/data/***/***.***" forever, and nothing rotates it'
    assert finding.object == "Secret/s"
    assert finding.statement == "***"
    for text in shown(secret + WORKLOAD):
        assert "hunter2" not in text
        assert "app.log" not in text


def test_what_data_holds_is_placed_at_its_value() -> None:
    report = lint_text(ENCODED + WORKLOAD, "m.yaml")
    (finding,) = (one for one in report.findings if one.rule == "unbounded-growth")
    (line,) = finding.primary.region.lines
    assert line.strip("*") == "  run.sh: "


@pytest.mark.parametrize(
    "data", ["data: {run.sh: '%%%'}", "data: {run.sh: gICA}", "data: {}", "stringData: {other: x}"]
)
def test_what_is_no_text_is_not_known(data: str) -> None:
    report = lint_text(f"kind: Secret\nmetadata: {{name: s}}\n{data}\n{WORKLOAD}", "m.yaml")
    assert [one.reason for one in report.not_understood] == ["runs /scripts/run.sh, which is not in the run"]


def test_string_data_counts_before_data() -> None:
    both = PLAIN + ENCODED.partition("metadata: {name: s}\n")[2].replace("run.sh: ", "run.sh: ZXhpdCA=#")
    assert "unbounded-growth" in rules_of(lint_text(both + WORKLOAD, "m.yaml"))


def test_a_config_map_of_that_name_is_another_object() -> None:
    config_map = PLAIN.replace("kind: Secret", "kind: ConfigMap").replace("stringData", "data")
    assert lint_text(config_map + WORKLOAD, "m.yaml").scripts == 0


def test_values_that_are_made_of_what_a_secret_holds_are_hidden() -> None:
    script = "A=hun; B=ter; while true; do date >> /data/$A$B; sleep 5; done"
    for text in shown(PLAIN.replace(SCRIPT, script) + WORKLOAD):
        assert "hunter" not in text


def test_a_doubt_about_a_secret_says_nothing_of_it() -> None:
    for text in shown(PLAIN.replace(SCRIPT, "sh /hunter2/x.sh") + WORKLOAD):
        assert "hunter2" not in text


def test_comments_in_a_secret_direct_nothing() -> None:
    comment = "# podlint: ignore unbounded-growth -- hunter2 says so\n    "
    secret = PLAIN.replace(SCRIPT, comment + SCRIPT)
    assert "unbounded-growth" in rules_of(lint_text(secret + WORKLOAD, "m.yaml"))
    for text in shown(secret + WORKLOAD):
        assert "hunter2" not in text
