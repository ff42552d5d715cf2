"""The rule that CONTRIBUTING shows is one: it reports what it says, and nothing else."""

from __future__ import annotations

import json
import re
from pathlib import Path
from textwrap import dedent

import pytest

from podlint.engine.options import Options
from podlint.engine.settle import Claimed, settle
from tests.views import pods_of

CONTRIBUTING = Path(__file__).resolve().parents[2] / "CONTRIBUTING.md"
POD = {
    "kind": "Pod",
    "metadata": {"name": "p"},
    "spec": {"containers": [{"name": "a", "image": "busybox", "command": ["sh", "-c", "SCRIPT"]}]},
}


@pytest.mark.parametrize(
    ("script", "messages"),
    [
        ("echo 10.0.0.1 db >> /etc/hosts; sleep 9", ['"a" changes "/etc/hosts"']),
        ("grep db /etc/hosts; echo db > /tmp/hosts; sleep 9", []),
    ],
)
def test_the_first_rule_reports_what_it_says(script: str, messages: list[str]) -> None:
    block = re.search(r"```python\n(.*?)```", CONTRIBUTING.read_text(encoding="utf-8"), re.DOTALL)
    assert block
    names: dict[str, object] = {}
    exec(dedent(block[1]), names)
    (pod,) = pods_of(["-"], json.dumps(POD).replace("SCRIPT", script).encode())
    check = names["check"]
    assert callable(check)
    # Any page will do for the severity.
    findings = settle([Claimed("no-process", problem) for problem in check(pod)], Options()).findings
    assert [finding.message for finding in findings] == messages
