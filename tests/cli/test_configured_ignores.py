"""Entries of `ignores` in a configuration, and whether an ignore needs a reason, as the program sees them."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from tests.cli.conftest import Podlint

JOB = """\
apiVersion: batch/v1
kind: Job
metadata:
  name: report
spec:
  template:
    spec:
      restartPolicy: Never
      containers:
      - name: echo
        image: busybox:1.36
        command: ["sh", "-c", "echo 'run $(date) by hand'"]
"""
WHY = "a person reads it"


def entry(**more: object) -> str:
    """A configuration with one entry."""
    fields = {"rules": "[quoted-substitution]", "reason": WHY} | more
    return "ignores:\n- " + "\n  ".join(f"{key}: {value}" for key, value in fields.items()) + "\n"


ENTRIES = {
    "everywhere": (entry(), True),
    "a group": (entry(rules="[shell]"), True),
    "the workload and the container": (entry(workload="Job/report", container="echo"), True),
    "another workload": (entry(workload="Job/other"), False),
    "the path, from the directory of the configuration": (entry(paths="[jobs/]"), True),
    "another path": (entry(paths="[pods/]"), False),
    "until tomorrow": (entry(until=date.today() + timedelta(days=1)), True),
    "until yesterday": (entry(until=date.today() - timedelta(days=1)), False),
}


@pytest.mark.parametrize(("config", "ignored"), ENTRIES.values(), ids=ENTRIES)
def test_an_entry(podlint: Podlint, tmp_path: Path, config: str, ignored: bool) -> None:
    (tmp_path / "jobs").mkdir()
    (tmp_path / "jobs/report.yaml").write_text(JOB, encoding="utf-8")
    (tmp_path / ".podlint.yaml").write_text(config, encoding="utf-8")
    ended = podlint("check", "jobs")
    assert (ended.code, "quoted-substitution" in ended.out) == ((0, False) if ignored else (1, True))
    assert ended.err == ""


REFUSED = {
    "an unknown rule": (entry(rules="[quoted-substitutio]"), ".podlint.yaml:2:11: ignores[0].rules[0]: "
        "no rule or group is called 'quoted-substitutio'; did you mean 'quoted-substitution'?"),
    "no rule": (entry(rules="[]"), ".podlint.yaml:2:3: ignores[0].rules: names no rule"),
    "no reason": (entry(reason='""'), ".podlint.yaml:2:3: ignores[0]: 'reason' is missing, which "
        "'require-reason: false' would allow"),
    "no day": (entry(until="2027-02-30"), ".podlint.yaml:4:3: ignores[0].until: '2027-02-30' is not a date "
        "such as 2027-01-31"),
}  # fmt: skip


@pytest.mark.parametrize(("config", "message"), REFUSED.values(), ids=REFUSED)
def test_an_entry_that_never_counts(podlint: Podlint, tmp_path: Path, config: str, message: str) -> None:
    (tmp_path / ".podlint.yaml").write_text(config, encoding="utf-8")
    ended = podlint("check", "-", stdin=JOB)
    assert (ended.code, ended.out, ended.err) == (2, "", f"podlint: {message}\n")


def test_a_reason_may_be_left_out_where_the_configuration_says_so(podlint: Podlint, tmp_path: Path) -> None:
    comment = JOB.rstrip("\n") + " # podlint: ignore[quoted-substitution]\n"
    assert podlint("check", "-", stdin=comment).code == 1
    (tmp_path / ".podlint.yaml").write_text("require-reason: false\n" + entry(rules="[storage]", reason='""'))
    ended = podlint("check", "-", stdin=comment)
    assert (ended.code, ended.err) == (0, "")
