"""An audit lists what is new, changed or gone since its snapshot, whatever moves in the files."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.audit.__main__ import main
from tests.audit.judged import SNAPSHOT, UNJUDGED, audit, read_snapshot, write_snapshot

POD = """\
kind: Pod
metadata: {name: demo}
spec:
  containers:
    - name: main
      image: debian:12
      args: ["echo $HOME > /tmp/home"]
"""
SILENT = POD.replace("debian:12", "nginx:1.27").replace('      args: ["echo $HOME > /tmp/home"]\n', "")


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    """A directory of two repositories, one of them with a mistake."""
    for name, text in (("owner+mistaken", POD), ("owner+silent", SILENT)):
        (tmp_path / name).mkdir()
        (tmp_path / name / "pod.yaml").write_text(text, encoding="utf-8")
    return tmp_path


def test_without_a_snapshot_everything_is_new(directory: Path) -> None:
    seen = audit(directory)
    assert seen.repositories == seen.pods == 2
    assert seen.new == seen.found
    assert {one.verdict for one in seen.found} == {UNJUDGED}
    assert {one.repository for one in seen.found} == {"owner+mistaken"}


def test_a_verdict_stays_with_its_finding_when_the_file_moves_on(directory: Path) -> None:
    _judge(directory)
    pod = directory / "owner+mistaken" / "pod.yaml"
    pod.write_text("# A remark.\n" + POD, encoding="utf-8")
    seen = audit(directory)
    assert (seen.new, seen.changed, seen.gone) == ([], [], [])
    assert {(one.verdict, one.words) for one in seen.found} == {("debatable", "as a reader said")}
    assert [one.line for one in seen.found] == [one.line + 1 for one in read_snapshot(directory / SNAPSHOT)]


def test_what_comes_and_goes_is_listed(directory: Path) -> None:
    _judge(directory)
    judged = read_snapshot(directory / SNAPSHOT)
    (directory / "owner+mistaken" / "pod.yaml").write_text(POD.replace("demo", "second"), encoding="utf-8")
    seen = audit(directory)
    assert seen.gone == judged
    assert [one.rule for one in seen.new] == [one.rule for one in judged]


def test_another_severity_is_a_change(directory: Path) -> None:
    found = audit(directory).found
    write_snapshot(directory / SNAPSHOT, [replace(one, severity="info", verdict="right") for one in found])
    seen = audit(directory)
    assert seen.changed == seen.found != []
    assert (seen.new, seen.gone) == ([], [])


def test_the_command_fails_until_all_is_judged(directory: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(directory), "--write"]) == 1
    assert "new: owner+mistaken/pod.yaml:" in capsys.readouterr().out
    assert main([str(directory)]) == 1
    _judge(directory)
    capsys.readouterr()
    assert main([str(directory)]) == 0
    assert capsys.readouterr().out.startswith("2 repositories, 2 pods, 0 files not read\n| severity |")
    assert main([]) == main([str(directory / "none")]) == 2


def test_a_verdict_is_one_of_three(directory: Path) -> None:
    write_snapshot(directory / SNAPSHOT, [replace(one, verdict="rihgt") for one in audit(directory).found])
    with pytest.raises(ValueError, match="'rihgt' is no verdict"):
        audit(directory)


def _judge(directory: Path) -> None:
    found = audit(directory).found
    judged = [replace(one, verdict="debatable", words="as a reader said") for one in found]
    write_snapshot(directory / SNAPSHOT, judged)
