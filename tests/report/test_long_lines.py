"""A manifest of five megabytes on one line: findings cost little, and every format stays readable."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from podlint.findings import Report
from podlint.report import RENDERERS, RenderOptions
from podlint.source.span import Source
from tests.conftest import ROOT
from tests.report.building import at, finding

# Findings of about 300 containers, with several labels each; every copy of the line would take 5 MB.
HARNESS = """
import json, resource
resource.setrlimit(resource.RLIMIT_AS, (700 * 2**20,) * 2)
from podlint import lint_text
from podlint.findings import Severity
from podlint.report import RENDERERS, RenderOptions

def container(number):
    return {
        "name": f"c{number}", "image": "busybox:1.36", "env": [{"name": "X", "value": "y" * 16_000}],
        "command": ["sh", "-c", "while :; do echo x > /data/f; sleep 1; done"],
        "volumeMounts": [{"name": "v", "mountPath": "/data", "readOnly": True}],
    }

def pod(number):
    return {
        "apiVersion": "v1", "kind": "Pod", "metadata": {"name": f"p{number}"},
        "spec": {"containers": [container(number)], "volumes": [{"name": "v", "emptyDir": {}}]},
    }

pods = [pod(number) for number in range(300)]
text = json.dumps({"apiVersion": "v1", "kind": "List", "items": pods}) + "\\n"
report = lint_text(text)
print(len(text) > 4_800_000, text.count("\\n"), sum(report.counts().values()) >= 300)
options = RenderOptions(least=Severity.INFO)
print(max(len(line) for line in RENDERERS["text"](report, options).splitlines()) < 300)
print(*(len(RENDERERS[name](report, options)) < 4_000_000 for name in ("sarif", "json")))
"""


def test_findings_cost_little_beside_the_line_that_they_are_on() -> None:
    pytest.importorskip("resource", reason="needs POSIX resource limits")
    command = [sys.executable, "-c", HARNESS]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines() == ["True 1 True", "True", "True True"]


PADDING = "x" * 2_000_000
LINE = Source(
    "pod.json", f'{{"a": "{PADDING}", "name": "web", "image": "nginx", "b": "{PADDING}", "z": "end"}}\n'
)
ONE = finding(at(LINE, '"web"', "this one"), at(LINE, '"nginx"', "by this"), at(LINE, '"end"', "and there"))


def test_text_shows_a_window_for_labels_that_are_near() -> None:
    shown = RENDERERS["text"](Report([ONE]), RenderOptions())
    assert (
        shown.partition("\n\n")[0]
        == f"""\
error[quoted-substitution]: something is wrong
 --> pod.json:1:2000019  in Pod/logs, container sidecar-container
  |
1 | …{"x" * 21}", "name": "web", "image": "nginx", "b": "{"x" * 24}…
  |  {" " * 21}           ^^^^^           ------- by this
  |  {" " * 21}           |
  |  {" " * 21}           this one
1 | …{"x" * 24}", "z": "end"}}
  |  {" " * 24}        ----- and there"""
    )


def test_sarif_shows_what_stands_around_the_label() -> None:
    log = json.loads(RENDERERS["sarif"](Report([ONE]), RenderOptions()))
    (result,) = log["runs"][0]["results"]
    place = result["locations"][0]["physicalLocation"]
    assert place["region"] == {
        "startLine": 1, "startColumn": 2_000_019, "endLine": 1, "endColumn": 2_000_024,
        "snippet": {"text": '"web"'},
    }  # fmt: skip
    context = place["contextRegion"]
    assert context == {
        "startLine": 1, "startColumn": 1_999_919, "endLine": 1, "endColumn": 2_000_124,
        "snippet": {"text": LINE.text[1_999_918:2_000_123]},
    }  # fmt: skip
