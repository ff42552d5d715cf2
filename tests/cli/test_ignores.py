"""Ignores as the program sees them: what is shown, what is counted, and which day it is."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path

import pytest

from tests.cli.conftest import Podlint

POD = """\
apiVersion: v1
kind: Pod
metadata:
  name: report
spec:
  restartPolicy: Never
  containers:
  - name: report
    image: busybox:1.36
    # podlint: ignore[quoted-substitution] {}
    command: ["sh", "-c", "echo 'run $(date) by hand'"]
"""


def test_what_is_ignored_does_not_fail_and_is_counted(podlint: Podlint, tmp_path: Path) -> None:
    (tmp_path / "pod.yaml").write_text(POD.format("a person reads it"), encoding="utf-8")
    ended = podlint("check", ".")
    assert (ended.code, ended.out) == (0, "no findings in 1 file · 1 pod · 1 ignored: 1 by comment\n")
    assert podlint("check", "--strict", "--min-severity", "info", ".").code == 0


@pytest.mark.parametrize(("days", "rules"), [(1, []), (-1, ["expired-ignore", "quoted-substitution"])])
def test_the_day_is_that_of_the_run(podlint: Podlint, tmp_path: Path, days: int, rules: list[str]) -> None:
    day = date.today() + timedelta(days=days)
    (tmp_path / "pod.yaml").write_text(POD.format(f"until {day}: a person reads it"), encoding="utf-8")
    ended = podlint("check", "--format", "json", ".")
    assert [one["rule"] for one in json.loads(ended.out)["findings"]] == rules
    assert ended.code == bool(rules)


def test_an_ignore_of_a_rule_that_is_not_run_is_left_alone(podlint: Podlint, tmp_path: Path) -> None:
    (tmp_path / "pod.yaml").write_text(POD.format("x").replace("$(date)", "it"), encoding="utf-8")
    assert podlint("check", ".").code == 1
    assert podlint("check", "--select", "unused-ignore,unshared-path", ".").code == 0
    assert podlint("check", "--ignore", "unused-ignore", ".").code == 0


def test_comments_in_standard_input_count(podlint: Podlint) -> None:
    ended = podlint("check", "-", stdin=POD.format("a person reads it"))
    assert (ended.code, ended.out) == (0, "no findings in 1 file · 1 pod · 1 ignored: 1 by comment\n")
